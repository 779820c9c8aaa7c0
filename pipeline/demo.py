"""`glossa demo`: makes its own clip, signs on a wall seen by a moving camera, and translates it.

Everything in the clip is drawn here, so that the first minute needs no file and no rights of others.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from devices import OutputError, Rgb
from devices.video_out import VideoSink
from overlay.typeset import Wishes, coverage, fit
from pipeline.engines import open_reader, open_translator
from pipeline.progress import Progress
from pipeline.video import Choices, Summary, translate_video
from vision.quad import Matrix

WIDTH, HEIGHT, FPS, SECONDS = 1280, 720, 30, 8

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Board:
    """A sign on the wall, in wall pixels: its lines, its box, the colours of letters and ground."""

    text: str
    lines: int
    box: tuple[int, int, int, int]
    """Left, top, width, height."""
    ink: Colour
    ground: Colour
    weight: int = 600


WALL = (3000, 1040)
BOARDS = (
    Board("非常口", 1, (170, 170, 470, 170), (245, 250, 245), (10, 122, 70)),
    Board("お手洗い", 1, (190, 420, 340, 110), (30, 40, 90), (236, 238, 240)),
    Board("立入禁止", 1, (760, 210, 420, 140), (250, 250, 250), (190, 30, 38)),
    Board("营业时间 9:00-21:30", 1, (730, 470, 560, 96), (250, 236, 190), (74, 44, 36)),
    Board("입구", 1, (1440, 190, 300, 150), (20, 24, 28), (244, 200, 44)),
    Board("AUSGANG", 1, (1420, 450, 430, 110), (255, 255, 255), (28, 74, 150), 700),
    Board("Sortie de secours", 1, (2010, 200, 520, 110), (250, 252, 250), (20, 128, 84), 500),
    Board("PROHIBIDO FUMAR", 2, (2060, 420, 400, 190), (180, 24, 30), (250, 248, 240), 700),
    Board("本日のおすすめ", 1, (1420, 680, 520, 110), (252, 246, 228), (36, 64, 48)),
    Board("小心地滑", 1, (800, 690, 380, 120), (30, 28, 20), (250, 214, 40)),
)


def run_demo(folder: Path, to: str, progress: Progress) -> Summary:
    """Writes `signs.mp4` and its translation into `folder` and says where they lie. Raises `OutputError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as why:
        raise OutputError(f"{folder}: cannot be made ({why.strerror}); choose another folder with -o") from why
    clip = folder / "signs.mp4"
    with VideoSink(clip, width=WIDTH, height=HEIGHT, fps=FPS, copy_sound_from=None, crf=18) as sink:
        frames = enumerate(film(wall()))
        for index, picture in progress.track("filming", frames, FPS * SECONDS):
            sink.write(picture, index * 1000 / FPS)
    choices = Choices(to, findings=folder / "signs.jsonl", subtitles=folder / "signs.srt")
    return translate_video(
        clip,
        folder / f"signs.{to}.mp4",
        choices,
        reader=open_reader(),
        translator=open_translator(),
        progress=progress,
    )


def wall() -> Rgb:
    """A rendered wall with all boards, `(1040, 3000, 3)`."""
    width, height = WALL
    noise = np.random.default_rng(7)
    coarse = cv2.resize(noise.normal(0, 1, (26, 75)).astype(np.float32), WALL, interpolation=cv2.INTER_CUBIC)
    fine = cv2.GaussianBlur(noise.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 1.2)
    shade = 1.0 - 0.28 * np.linspace(0, 1, height, dtype=np.float32)[:, None] + 0.03 * coarse + 0.05 * fine
    picture = np.array([184, 172, 158], np.float32) * shade[:, :, None]
    for y in range(80, height, 80):  # courses of stone, each shifted by half a block
        picture[y : y + 3] *= 0.86
        for x in range((y // 80 % 2) * 120, width, 240):
            picture[y - 80 : y, x : x + 3] *= 0.88
    for board in BOARDS:
        _hang(picture, board)
    result: Rgb = np.clip(picture, 0, 255).astype(np.uint8)
    return result


def _hang(picture: NDArray[np.float32], board: Board) -> None:
    """Draws a board with a soft shadow, a rim and its text."""
    left, top, wide, high = board.box
    shadow = np.zeros(picture.shape[:2], np.float32)
    cv2.rectangle(shadow, (left + 8, top + 10), (left + wide + 8, top + high + 10), 0.45, -1)
    picture *= 1 - cv2.GaussianBlur(shadow, (0, 0), 9)[:, :, None]
    panel = picture[top : top + high, left : left + wide]
    panel[:] = board.ground
    rim = max(3, high // 28)
    cv2.rectangle(panel, (2 * rim, 2 * rim), (wide - 1 - 2 * rim, high - 1 - 2 * rim), board.ink, rim)
    inner = (wide - round(0.34 * high), high - round(0.34 * high))
    setting = fit(board.text, *inner, Wishes(size_px=high * 0.62 / board.lines, weight=board.weight, lines=board.lines))
    ink = coverage(setting, *inner).astype(np.float32)[:, :, None] / 255
    x, y = (wide - inner[0]) // 2, (high - inner[1]) // 2
    area = panel[y : y + inner[1], x : x + inner[0]]
    area[:] = area * (1 - ink) + np.array(board.ink, np.float32) * ink


def film(scene: Rgb) -> Iterator[Rgb]:
    """A walk along the wall, `(720, 1280, 3)` a frame: pan, a slow approach, the sway of a hand, sensor noise."""
    noise = np.random.default_rng(11)
    for index in range(FPS * SECONDS):
        share = index / (FPS * SECONDS - 1)
        eased = share * share * (3 - 2 * share)
        matrix = _camera(eased, index / FPS)
        picture = cv2.warpPerspective(
            scene, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT
        )
        grain = noise.normal(0, 2.0, (HEIGHT // 2, WIDTH // 2, 1)).astype(np.float32)
        spread = cv2.resize(grain, (WIDTH, HEIGHT))[:, :, None]
        yield np.clip(picture + spread, 0, 255).astype(np.uint8)


def _camera(along: float, seconds: float) -> Matrix:
    """Wall pixels to picture pixels at a moment of the walk."""
    wide = WALL[0]
    centre_x = 640 + along * (wide - 1240) + 9 * np.sin(2 * np.pi * 1.3 * seconds)
    centre_y = 470 + 34 * np.sin(1.1 * seconds) + 6 * np.sin(2 * np.pi * 2.1 * seconds + 1)
    zoom = 0.98 + 0.16 * np.sin(np.pi * along)
    roll = np.radians(1.6 * np.sin(0.9 * seconds + 0.5))
    yaw = 0.00012 * np.sin(2.2 * np.pi * along)
    to_centre = np.array([[1, 0, -centre_x], [0, 1, -centre_y], [0, 0, 1]], np.float64)
    turn = zoom * np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [yaw, 0, 1 / zoom]])
    to_picture = np.array([[1, 0, WIDTH / 2], [0, 1, HEIGHT / 2], [0, 0, 1]], np.float64)
    result: Matrix = to_picture @ turn @ to_centre
    return result
