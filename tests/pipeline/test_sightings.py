"""Things and codes of a recording: known from the first frame on, in their places, the same every time; no models."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np
import pytest
import zxingcpp

from devices import Frame, Gray, Rgb, Stamp
from devices.video_in import DecodedFrame, VideoSource
from language.memory import Memory
from language.translation import Translation
from overlay.tags import PlacedTag
from pipeline.live.looking import Senses
from pipeline.sightings import LOOK_MS, Sightings
from pipeline.tags import Tagger
from pipeline.video import Choices, Summary, translate_video
from tests.pipeline.films import FPS, WIDTH, Board, pan, shoot, wall, write_clip
from vision.codes import CodeReader
from vision.objects import Detection
from vision.text import TextReader

if TYPE_CHECKING:
    from tests.pipeline.conftest import Door

FRAMES = 18
DOG = (300.0, 120.0, 380.0, 240.0)
"""In pixels of the wall."""
WALL = wall(900, 460)


def place(index: int) -> tuple[float, float]:
    """Where the picture's corner is on the wall: a pan with a sway."""
    return 20 + 5.0 * index, 30 + 6 * float(np.sin(index))


@dataclass
class Made:
    """A decoded frame that nobody decoded."""

    stamp: Stamp
    picture: Rgb

    def luma(self) -> Gray:
        return np.asarray(cv2.cvtColor(self.picture, cv2.COLOR_RGB2GRAY), np.uint8)

    def rgb(self) -> Rgb:
        return self.picture


def film(pictures: Sequence[Rgb]) -> list[DecodedFrame]:
    times_ms = [index * 1000 / FPS for index in range(len(pictures))]
    return [
        cast(DecodedFrame, Made(Stamp("made", seq, round(ms * 1e6), ms), picture))
        for seq, (ms, picture) in enumerate(zip(times_ms, pictures, strict=True))
    ]


def shots(count: int = FRAMES) -> list[Rgb]:
    return [shoot(WALL, pan(*place(index))) for index in range(count)]


@dataclass
class Eye:
    """Knows where the dog is, trembles, and says what it is told to say."""

    name = "eye"
    labels = ("dog", "cat")
    least_score = 0.1
    sure_score = 0.5
    says: dict[int, tuple[str, float] | None] = field(default_factory=dict)
    tremble_px: float = 2.0
    asked: list[int] = field(default_factory=list)

    def detect(self, frame: Frame) -> list[Detection]:
        seq = frame.stamp.seq
        self.asked.append(seq)
        told = self.says.get(seq, ("dog", 0.8))
        if told is None:
            return []
        left, top = place(seq)
        off = self.tremble_px * (-1) ** len(self.asked)
        box = (DOG[0] - left + off, DOG[1] - top + off, DOG[2] - left + off, DOG[3] - top + off)
        return [Detection(frame.stamp, *told, box)]


def sightings(eye: Eye, frames: Sequence[DecodedFrame]) -> Sightings:
    seen = Sightings(Senses(eye))
    assert [frame.stamp.seq for frame in seen.watch(frames)] == [frame.stamp.seq for frame in frames]
    seen.settle()
    return seen


def test_a_thing_is_known_on_every_frame_though_few_are_searched() -> None:
    eye = Eye()
    seen = sightings(eye, film(shots()))
    assert len(eye.asked) == pytest.approx(FRAMES * 1000 / FPS / LOOK_MS, abs=3)
    for index in range(FRAMES):
        ((thing,), codes) = seen.on(index)
        assert (thing.track, thing.label, thing.stamp.seq, codes) == (1, "dog", index, [])
        left, top = place(index)
        assert np.allclose(thing.box, np.array(DOG) - np.array([left, top] * 2), atol=2.0)


def test_the_way_is_steadier_than_what_was_found() -> None:
    eye = Eye(tremble_px=4.0)
    seen = sightings(eye, film(shots()))
    off = [seen.on(index)[0][0].box[0] + place(index)[0] - DOG[0] for index in range(2, FRAMES - 2)]
    assert max(map(abs, off)) < 2.0


def test_one_name_and_one_score_for_all_of_its_time() -> None:
    eye = Eye(says={4: ("cat", 0.6), 10: ("cat", 0.9)})
    seen = sightings(eye, film(shots()))
    told = {(thing.label, thing.score) for index in range(FRAMES) for thing in seen.on(index)[0]}
    assert len(told) == 1
    assert next(iter(told))[0] == "dog"


def test_what_is_found_too_seldom_or_never_surely_is_not_told() -> None:
    once = Eye(says={seq: None for seq in range(FRAMES) if seq > 2})
    assert all(seen == ([], []) for seen in map(sightings(once, film(shots())).on, range(FRAMES)))
    doubtful = Eye(says=dict.fromkeys(range(FRAMES), ("dog", 0.3)))
    assert sightings(doubtful, film(shots())).things == 0


def test_it_comes_and_goes_when_it_is_found() -> None:
    eye = Eye(says={seq: None for seq in range(FRAMES) if not 6 <= seq <= 12})
    seen = sightings(eye, film(shots()))
    there = [seq for seq in range(FRAMES) if seen.on(seq)[0]]
    assert there == list(range(there[0], there[-1] + 1))
    assert 4 <= there[0] <= 6
    assert 12 <= there[-1] <= 14


def test_a_cut_ends_it_and_begins_another() -> None:
    other = [np.asarray(255 - picture[::-1], np.uint8) for picture in shots()]
    seen = sightings(Eye(), film(shots() + other))
    assert {seen.on(seq)[0][0].track for seq in range(FRAMES)} == {1}
    assert {seen.on(seq)[0][0].track for seq in range(FRAMES, 2 * FRAMES)} == {2}
    assert seen.things == 2


def test_a_recording_of_one_frame() -> None:
    seen = sightings(Eye(), film(shots(1)))
    assert [thing.label for thing in seen.on(0)[0]] == ["dog"]
    assert Sightings(Senses(Eye())).on(0) == ([], [])


def test_where_nothing_can_be_followed_it_is_told_where_it_is_found() -> None:
    plain = [np.full((360, 640, 3), 120, np.uint8)] * FRAMES
    seen = sightings(Eye(), film(plain))
    left, _ = place(9)
    assert abs(seen.on(9)[0][0].box[0] - (DOG[0] - left)) < 8


# Through the whole of it


SIGN = Board("出口", (140, 60, 220, 110))
SECRET = "WIFI:S:Cafe;T:WPA;P:hunter2;;"


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sign, a code on the wall and one that is carried by."""
    scene = wall(900, 460, [SIGN])
    code = np.asarray(
        zxingcpp.create_barcode("https://www.museum.example/x", zxingcpp.BarcodeFormat.QRCode).to_image(scale=4)
    )
    held = np.asarray(zxingcpp.create_barcode(SECRET, zxingcpp.BarcodeFormat.QRCode).to_image(scale=3))
    scene[200 : 200 + code.shape[0], 200 : 200 + code.shape[1]] = code[..., None]
    pictures = []
    for index in range(FRAMES):
        picture = shoot(scene, pan(*place(index))).copy()
        x = 500 - 6 * index
        picture[230 : 230 + held.shape[0], x : x + held.shape[1]] = held[..., None]
        pictures.append(picture)
    return write_clip(tmp_path_factory.mktemp("look") / "street.mp4", pictures)


class Noting(Tagger):
    """Remembers where the tags were placed, and what had to stay free."""

    seen: list[tuple[list[PlacedTag], list[tuple[float, float, float, float]]]]

    def place(self, things, codes, taken, size):  # type: ignore[no-untyped-def]
        placed = super().place(things, codes, taken, size)
        Noting.seen.append((placed, list(taken)))
        return placed


def translate(clip: Path, folder: Path, reader: TextReader, senses: Senses | None) -> Summary:
    folder.mkdir()
    choices = Choices("en", findings=folder / "f.jsonl")
    return translate_video(clip, folder / "out.mp4", choices, reader=reader, translator=Memory(), senses=senses)


def records(path: Path) -> list[dict]:  # type: ignore[type-arg]
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.models
def test_tags_and_findings_are_the_same_every_time(
    clip: Path, tmp_path: Path, reader: TextReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    Noting.seen = []
    monkeypatch.setattr("pipeline.video.Tagger", Noting)
    summary = translate(clip, tmp_path / "a", reader, Senses(Eye(), CodeReader()))
    assert (summary.things, summary.codes, summary.signs) == (1, 2, 1)
    first, *frames, last = records(tmp_path / "a" / "f.jsonl")
    assert first["look"] == "objects,codes"
    assert (last["things"], last["codes"]) == (1, 2)
    for frame in frames:
        assert [(one["track"], one["label"]) for one in frame["objects"]] == [(1, "dog")]
        assert {one["preview"] for one in frame["codes"]} == {"www.museum.example", "Cafe (WPA)"}
    assert "hunter2" not in (tmp_path / "a" / "f.jsonl").read_text(encoding="utf-8")
    middle = np.mean(frames[9]["codes"][[one["kind"] for one in frames[9]["codes"]].index("wifi")]["quad"], axis=0)
    side = 3 * zxingcpp.create_barcode(SECRET, zxingcpp.BarcodeFormat.QRCode).to_image().shape[0]
    assert np.allclose(middle, [500 - 6 * 9 + side / 2, 230 + side / 2], atol=3)

    assert len(Noting.seen) == FRAMES
    for placed, taken in Noting.seen:
        assert {one.tag.key for one in placed} == {("thing", 1), ("code", 1), ("code", 2)}
        for one in placed:
            x0, y0, x1, y1 = one.area
            assert 0 <= x0 < x1 <= WIDTH
            assert not any(x0 < right and left < x1 and y0 < low and top < y1 for left, top, right, low in taken)

    translate(clip, tmp_path / "b", reader, Senses(Eye(), CodeReader()))
    for name in ("f.jsonl", "out.mp4"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


@pytest.mark.models
def test_without_the_wish_nothing_is_looked_for(clip: Path, tmp_path: Path, reader: TextReader) -> None:
    summary = translate(clip, tmp_path / "none", reader, None)
    translate(clip, tmp_path / "empty", reader, Senses())
    assert (summary.things, summary.codes) == (0, 0)
    first, *frames, last = records(tmp_path / "none" / "f.jsonl")
    assert "look" not in first
    assert "things" not in last
    assert all(frame["objects"] == frame["codes"] == [] for frame in frames)
    for name in ("f.jsonl", "out.mp4"):
        assert (tmp_path / "none" / name).read_bytes() == (tmp_path / "empty" / name).read_bytes()


class Silent:
    """Translates nothing."""

    name = "silent"

    def translate(self, texts: Sequence[str], **wishes: object) -> list[Translation]:
        return [Translation(text, text, "de", "en", "same", 1.0, True) for text in texts]


@pytest.mark.models
def test_tags_are_drawn_where_no_text_is_too(clip: Path, tmp_path: Path, reader: TextReader) -> None:
    choices = Choices("en")
    told = {}
    for name, senses in (("bare", None), ("tagged", Senses(Eye(), None))):
        out = tmp_path / f"{name}.mp4"
        translate_video(clip, out, choices, reader=reader, translator=Silent(), senses=senses)
        with VideoSource(out) as video:
            told[name] = [frame.rgb().astype(int) for frame in video.frames()]
    changed = [np.abs(a - b).max(axis=2) > 60 for a, b in zip(told["bare"], told["tagged"], strict=True)]
    assert all(100 < one.sum() < 5000 for one in changed)


@pytest.mark.e2e
@pytest.mark.models
def test_through_the_door(glossa: Door, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLOSSA_MODELS", str(tmp_path / "store"))
    words = ["video", clip, "-o", tmp_path / "out.mp4", "--to", "en", "--findings", tmp_path / "f.jsonl",
             "--engine", "memory"]  # fmt: skip
    assert "expected objects, codes" in glossa(*words, "--look", "faces").complaint()
    assert "absent.onnx" in glossa(*words, "--look", "objects", "--detector", "absent.onnx").complaint()
    ended = glossa(*words, "--look", "objects,codes")
    assert ended.status == 0, ended.err
    assert "unsure; 2 codes" in ended.out  # nothing is there that could find things
    assert "glossa models pull yolox-nano" in ended.err
    assert {one["preview"] for one in records(tmp_path / "f.jsonl")[5]["codes"]} >= {"www.museum.example"}
