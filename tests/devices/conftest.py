"""Media that the tests make themselves: small clips with a known picture at every known time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from devices.frame import Rgb

VFR_MS = (0.0, 40.0, 50.0, 133.5, 400.0, 401.0, 433.0, 900.0)


def bars(number: int, width: int = 64, height: int = 48) -> Rgb:
    """Four colour bars, a bright mark in the top left corner, and a grey field in the lower half that counts."""
    picture = np.zeros((height, width, 3), np.uint8)
    colours = ((200, 40, 40), (40, 190, 60), (40, 50, 200), (220, 210, 180))
    for index, colour in enumerate(colours):
        picture[:, index * width // 4 : (index + 1) * width // 4] = colour
    picture[height // 2 :, :] = 20 + (number * 25) % 220
    picture[: height // 4, : width // 4] = 255
    return picture


def count_of(rgb: Rgb) -> int:
    """Read the number back from `bars`."""
    level = float(np.median(rgb[rgb.shape[0] * 3 // 4]))
    return round((level - 20) / 25)


@dataclass
class Recipe:
    """How to make a clip."""

    times_ms: Sequence[float] = tuple(n * 1000 / 25 for n in range(8))
    size: tuple[int, int] = (64, 48)
    codec: str = "libx264"
    layout: str = "yuv420p"
    container: str | None = None
    sound: str | None = None
    sound_rate_hz: int = 48_000
    sound_from_ms: float = 0.0
    turn_deg: float | None = None  # counter-clockwise, as av.VideoStream.set_display_rotation counts
    mirrored: bool = False
    colour: tuple[int, int, int, int] = (1, 1, 1, 1)  # range, matrix, primaries, transfer
    gop: int = 12
    options: dict[str, str] = field(default_factory=dict)
    draw: Callable[[int, int, int], Rgb] = bars


def make_clip(path: Path, **wanted: Any) -> Path:
    recipe = Recipe(**wanted)
    width, height = recipe.size
    with av.open(str(path), "w", format=recipe.container) as out:
        stream: Any = out.add_stream(recipe.codec, rate=25, options=recipe.options)
        stream.width, stream.height, stream.pix_fmt = width, height, recipe.layout
        clock = {"libx264": 90_000, "gif": 100}.get(recipe.codec, 1000)
        stream.codec_context.time_base = Fraction(1, clock)
        if recipe.codec != "gif":
            stream.codec_context.color_range, stream.codec_context.colorspace = recipe.colour[:2]
            stream.codec_context.color_primaries, stream.codec_context.color_trc = recipe.colour[2:]
            stream.codec_context.gop_size = recipe.gop
        if recipe.turn_deg is not None:
            stream.set_display_rotation(recipe.turn_deg, hflip=recipe.mirrored)
        tone: Any = out.add_stream(recipe.sound, rate=recipe.sound_rate_hz) if recipe.sound else None
        for number, at_ms in enumerate(recipe.times_ms):
            rgb = av.VideoFrame.from_ndarray(recipe.draw(number, width, height), format="rgb24")
            frame = rgb.reformat(
                format=recipe.layout,
                dst_colorspace=None if recipe.codec == "gif" else {1: 1, 5: 5, 6: 5, 9: 9}[recipe.colour[1]],
                dst_color_range=recipe.colour[0],
            )
            frame.pts, frame.time_base = round(at_ms * 90), Fraction(1, 90_000)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
        if tone is not None:
            out.mux(list(_tone(tone, recipe)))
    return path


def _tone(stream: Any, recipe: Recipe) -> Any:
    rate_hz = recipe.sound_rate_hz
    seconds = recipe.times_ms[-1] / 1000 + 0.2
    wave = (np.sin(np.arange(int(seconds * rate_hz)) * 2 * np.pi * 440 / rate_hz) * 8000).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(np.stack([wave, wave]).T.reshape(1, -1), format="s16", layout="stereo")
    frame.sample_rate = rate_hz
    frame.time_base = Fraction(1, rate_hz)
    frame.pts = round(recipe.sound_from_ms * rate_hz / 1000)
    context = stream.codec_context
    context.open(strict=False)
    resampler = av.AudioResampler(context.format, context.layout, rate_hz, frame_size=context.frame_size or 1024)
    for part in [*resampler.resample(frame), *resampler.resample(None)]:
        yield from stream.encode(part)
    yield from stream.encode(None)


def packets_of(path: Path, kind: str) -> list[tuple[float, bytes]]:
    """Time in ms and bytes of every packet of the first stream of a kind."""
    with av.open(str(path)) as media:
        stream = getattr(media.streams, kind)[0]
        return [
            (float(packet.pts * packet.time_base * 1000), bytes(packet))
            for packet in media.demux(stream)
            if packet.pts is not None and packet.size
        ]


class ClipMaker:
    """Makes clips in one folder: `clip("name.mp4", times_ms=..., sound="aac", ...)`, see Recipe."""

    VFR_MS = VFR_MS

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, name: str = "clip.mp4", **wanted: Any) -> Path:
        return make_clip(self.folder / name, **wanted)

    def bars(self, number: int, width: int = 64, height: int = 48) -> Rgb:
        return bars(number, width, height)

    def count_of(self, rgb: Rgb) -> int:
        return count_of(rgb)

    def packets_of(self, path: Path, kind: str) -> list[tuple[float, bytes]]:
        return packets_of(path, kind)


@pytest.fixture
def clip(tmp_path: Path) -> ClipMaker:
    """Return a maker of clips in this test's own folder."""
    return ClipMaker(tmp_path)


@pytest.fixture
def shared_video() -> Path:
    """The folder of recorded clips that lies beside a development checkout."""
    folder = Path(__file__).parents[2].parent / "shared" / "media" / "video"
    if not folder.is_dir():
        pytest.skip(f"no recorded clips: {folder} does not exist")
    return folder
