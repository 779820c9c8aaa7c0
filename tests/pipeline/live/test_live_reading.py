"""Reading, carrying and showing, without models: the picture is a texture, the reader knows where the signs are."""

from collections.abc import Sequence

import cv2
import numpy as np

from devices import Frame, Rgb, Stamp
from language.translation import Translation
from pipeline.live.board import Board
from pipeline.live.reading import Effort, Reading
from pipeline.live.shelf import Stock
from pipeline.live.showing import Showing, View
from tests.pipeline.live.scenes import seen_through
from vision.quad import Matrix, Quad, move
from vision.text import TextRegion
from vision.text.windows import Window

WIDTH, HEIGHT = 640, 360
EXIT = np.array([[120, 100], [300, 100], [300, 150], [120, 150]], np.float32)
WATER = np.array([[360, 220], [520, 220], [520, 260], [360, 260]], np.float32)


def world() -> Rgb:
    noise = np.random.default_rng(4).normal(0, 1, (HEIGHT // 10 + 2, WIDTH // 10 + 2)).astype(np.float32)
    gray = np.clip(128 + 45 * cv2.resize(noise, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC), 0, 255)
    return np.repeat(gray.astype(np.uint8)[:, :, None], 3, 2)


WORLD = world()


class KnowingReader:
    """Finds the signs that it was told of, where the camera of the present frame shows them."""

    def __init__(self) -> None:
        self.camera: Matrix = np.eye(3)
        self.signs: list[tuple[Quad, str, float]] = [(EXIT, "出口", 0.97), (WATER, "饮水处", 0.97)]
        self.reads: list[int] = []
        self.parts: list[Window | None] = []

    def find(self, rgb: Rgb, short_side_px: int | None = None, part: Window | None = None) -> list[Quad]:
        self.parts.append(part)
        return seen_through(part, [move(self.camera, quad) for quad, _, _ in self.signs])

    def read_lines(self, rgb: Rgb, quads: Sequence[Quad], stamp: Stamp) -> list[TextRegion]:
        self.reads.append(len(quads))
        regions = []
        for quad in quads:
            for own, text, score in self.signs:
                if np.abs(move(self.camera, own) - quad).max() < 1:
                    regions.append(TextRegion(stamp, quad, text, "han", score))
        return regions


class EchoTranslator:
    name = "echo"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def translate(
        self, texts: Sequence[str], *, source: str, to: str, neighbours: Sequence[str] = ()
    ) -> list[Translation]:
        self.asked += texts
        return [Translation(text, f"<{text}>", "zh-Hans", to, "echo", 0.9, True) for text in texts]


class Film:
    """A camera over the texture, and the three states that the lanes would own."""

    def __init__(self) -> None:
        self.reader = KnowingReader()
        self.reading = Reading(self.reader)  # type: ignore[arg-type]
        self.showing = Showing()
        self.translator = EchoTranslator()
        self.stock = Stock(self.translator, source="auto", to="en")
        self.seq = 0

    def frame(self, shift: tuple[float, float], *, blur: float = 0.0, world: Rgb = WORLD) -> View:
        camera = np.array([[1, 0, shift[0]], [0, 1, shift[1]], [0, 0, 1]], np.float64)
        return self.seen_from(camera, blur=blur, world=world)

    def seen_from(self, camera: Matrix, *, blur: float = 0.0, world: Rgb = WORLD) -> View:
        rgb = cv2.warpPerspective(world, camera, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT)
        if blur:
            rgb = cv2.GaussianBlur(rgb, (0, 0), blur)
        self.reader.camera = camera
        stamp = Stamp("film", self.seq, self.seq * 33_000_000, self.seq * 33.3)
        self.seq += 1
        return self.showing.show(Frame(stamp, np.asarray(rgb, np.uint8)), self.stock.shelf)

    def read(self, view: View, *, glance: bool = False) -> Board:
        board = self.reading.read(view.seen, Effort(), self.reading.where(view.seen) if glance else None)
        self.stock.fill(board, view.seen.rgb)
        return board


def test_a_label_sticks_although_its_reading_took_twelve_frames() -> None:
    film = Film()
    first = film.frame((0, 0))
    assert film.reading.reason(first.seen) == "new scene"
    board = film.read(first)
    for step in range(1, 12):
        assert film.frame((2.0 * step, -step)).placed == ()
    assert film.showing.take(board)
    for step in range(12, 30):
        view = film.frame((2.0 * step, -step))
        places = {one.sign.text: one.quad for one in view.placed}
        assert set(places) == {"出口", "饮水处"}
        true = EXIT + np.array([2.0 * step, -step], np.float32)
        assert np.abs(places["出口"] - true).max() < 0.7
        assert view.picture is not view.seen.rgb
    assert film.translator.asked == ["出口", "饮水处"]


def test_votes_are_collected_until_a_text_is_settled_and_then_nothing_is_read() -> None:
    film = Film()
    view = film.frame((0, 0))
    ids = None
    for _ in range(4):
        if film.reading.reason(view.seen):
            board = film.read(view)
            ids = ids or [sign.id for sign in board.signs]
            assert [sign.id for sign in board.signs] == ids
            film.showing.take(board)
        view = film.frame((0.3, 0.2))
    assert film.reading.reason(view.seen) == ""
    assert film.reader.reads[:2] == [2, 2]
    assert all(sign.lines[0].track.settled() for sign in board.signs)


def test_a_sign_of_two_lines_keeps_its_block_when_it_is_seen_askance() -> None:
    film = Film()
    below = EXIT + np.array([0, 60], np.float32)
    film.reader.signs = [(EXIT, "本日休業", 0.97), (below, "明日営業", 0.97)]
    board = film.read(film.seen_from(np.eye(3)))
    (block,) = [sign.quad for sign in board.signs]
    for step in range(1, 9):
        film.showing.take(board)
        askance = np.array([[1, 0.02 * step, 0], [0, 1, 0], [6e-5 * step, 0, 1]], np.float64)
        view = film.seen_from(askance)
        board = film.read(view)
        (now,) = [sign.quad for sign in board.signs]
        assert np.abs(now - move(askance, block)).max() < 1.5


def test_a_sign_that_leaves_and_returns_keeps_its_number_and_is_not_translated_again() -> None:
    film = Film()
    board = film.read(film.frame((0, 0)))
    film.showing.take(board)
    before = {sign.text: sign.id for sign in board.signs}
    water = film.reader.signs.pop()
    for step in range(4):
        board = film.read(film.frame((step, 0)))
        film.showing.take(board)
    assert [sign.text for sign in board.signs] == ["出口"]
    film.reader.signs.append(water)
    board = film.read(film.frame((5, 0)))
    assert {sign.text: sign.id for sign in board.signs} == before
    assert film.translator.asked == ["出口", "饮水处"]


def test_a_detector_that_blinks_makes_no_label_blink() -> None:
    film = Film()
    film.showing.take(film.read(film.frame((0, 0))))
    signs, film.reader.signs = film.reader.signs, []
    board = film.read(film.frame((1, 0)))
    assert len(board.signs) == 2
    film.showing.take(board)
    assert len(film.frame((2, 0)).placed) == 2
    film.reader.signs = signs


def test_blurred_frames_are_not_read_and_labels_survive_them() -> None:
    film = Film()
    film.showing.take(film.read(film.frame((0, 0))))
    for step in range(1, 4):
        film.frame((step, 0))
    view = film.frame((4, 0), blur=12)
    assert film.reading.reason(view.seen) == ""
    assert len(film.frame((5, 0)).placed) == 2


def test_after_a_cut_nothing_of_the_old_scene_is_shown() -> None:
    film = Film()
    late = film.read(film.frame((0, 0)))
    film.showing.take(late)
    assert len(film.frame((1, 0)).placed) == 2
    other = np.ascontiguousarray(255 - WORLD[::-1, ::-1])
    assert film.frame((0, 0), world=other).placed == ()
    assert not film.showing.take(late)
    assert film.frame((0, 0), world=other).placed == ()


def test_a_result_that_comes_too_late_to_be_carried_does_not_end_reading() -> None:
    film = Film()
    board = film.read(film.frame((0, 0)))
    film.seq = 300
    view = film.frame((1, 0))
    assert film.reading.reason(view.seen) == ""
    film.seq = 301
    view = film.frame((2, 0))
    assert not film.showing.take(board)
    assert film.reading.reason(view.seen) == "changed view"


def test_what_somebody_asks_for_is_read_although_nothing_is_new() -> None:
    film = Film()
    for _ in range(4):
        view = film.frame((0, 0))
        if film.reading.reason(view.seen):
            film.showing.take(film.read(view))
    assert film.reading.reason(view.seen) == ""
    assert film.reading.reason(view.seen, asked=True) == "asked for"
    film.read(view)
    assert film.reading.reason(view.seen, asked=True) == ""  # one at a time


def test_the_same_picture_in_another_size_is_another_scene() -> None:
    """Its small picture is the same: what was read would be drawn at half its size."""
    film = Film()
    board = film.read(film.frame((0, 0)))
    film.showing.take(board)
    assert film.frame((0, 0)).placed
    large = cv2.resize(WORLD, (2 * WIDTH, 2 * HEIGHT), interpolation=cv2.INTER_NEAREST)
    view = film.showing.show(Frame(Stamp("film", film.seq, 0, 0.0), np.asarray(large, np.uint8)), film.stock.shelf)
    assert view.placed == ()
    assert view.seen.pose.scene != board.scene
    assert not film.showing.take(board)
