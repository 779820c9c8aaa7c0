"""A recording from end to end: what is drawn, where, from when on, and that it can be said again byte for byte."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import cv2
import numpy as np
import pytest

from devices import Rgb
from devices.video_in import VideoSource
from language.memory import Memory
from language.translation import Translation
from overlay.layouts import output_size
from pipeline.video import Choices, translate_video
from tests.pipeline.films import FPS, HEIGHT, WIDTH, Board, ink_quad, pan, shoot, true_quad, wall, write_clip
from vision.quad import Matrix, Quad, move, share_inside
from vision.text import TextReader

if TYPE_CHECKING:
    from tests.pipeline.conftest import Door

pytestmark = pytest.mark.e2e

EXIT = Board("出口", (120, 110, 220, 110))
AUSGANG = Board("AUSGANG", (440, 140, 300, 90), ground=(30, 60, 150))  # on the first frame the edge cuts it off
PUSH = Board("PUSH", (850, 120, 200, 90), ink=(20, 20, 20), ground=(235, 235, 230))
UNKNOWN = Board("QUELVANTI", (1110, 150, 320, 90), ground=(120, 40, 40))
BOARDS = {board.text: board for board in (EXIT, AUSGANG, PUSH, UNKNOWN)}
FRAMES = 6 * FPS
BLURRED = 3
FAR = 850


def camera(index: int) -> Matrix:
    """There and back again along the wall, with the sway of a hand: the first sign leaves and returns."""
    share = index / (FRAMES - 1)
    left = FAR * (1 - np.cos(2 * np.pi * share)) / 2
    return pan(left, 30 + 8 * np.sin(9 * share), 1 + 0.06 * np.sin(5 * share), 1.5 * np.sin(7 * share))


def film() -> list[Rgb]:
    scene = wall(1500, 420, BOARDS.values())
    pictures = [shoot(scene, camera(index)) for index in range(FRAMES)]
    for index in range(BLURRED):  # nobody can read the first frames
        pictures[index] = np.asarray(cv2.GaussianBlur(pictures[index], (0, 0), 2.5), np.uint8)
    return pictures


class Counting:
    """The translation memory, remembering what it was asked."""

    name = "counting"

    def __init__(self) -> None:
        self._memory = Memory()
        self.asked: list[str] = []

    def translate(self, texts: Any, *, source: str, to: str, neighbours: Any = ()) -> list[Translation]:
        self.asked += texts
        return self._memory.translate(texts, source=source, to=to, neighbours=neighbours)


@dataclass(frozen=True)
class Walk:
    """One translated recording and all that was written beside it."""

    folder: Path
    asked: list[str]

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / "out.jsonl").read_text("utf-8").splitlines()]

    @cached_property
    def frames(self) -> list[dict[str, Any]]:
        return [record for record in self.records if record["type"] == "frame"]

    def labels(self, text: str) -> dict[int, dict[str, Any]]:
        """Frame number to the label of the sign with this source text."""
        return {f["seq"]: label for f in self.frames for label in f["labels"] if label["source"] == text}

    def picture(self, seq: int, name: str = "out.mp4") -> Rgb:
        with VideoSource(self.folder / name) as video:
            return next(frame.rgb() for frame in video.frames() if frame.stamp.seq == seq)


def translate(folder: Path, clip: Path, reader: TextReader) -> Walk:
    folder.mkdir()
    translator = Counting()
    choices = Choices("en", findings=folder / "out.jsonl", subtitles=folder / "out.srt")
    translate_video(clip, folder / "out.mp4", choices, reader=reader, translator=translator)
    return Walk(folder, translator.asked)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(tmp_path_factory.mktemp("film") / "walk.mp4", film())


@pytest.fixture(scope="module")
def walk(source: Path, reader: TextReader) -> Walk:
    return translate(source.parent / "first", source, reader)


def seen_whole(board: Board) -> list[int]:
    return [seq for seq in range(FRAMES) if share_inside(true_quad(board, camera(seq)), WIDTH, HEIGHT) > 0.98]


def test_every_sign_is_read_and_told_apart(walk: Walk) -> None:
    told = {(label["source"], label["target"]) for frame in walk.frames for label in frame["labels"]}
    assert told == {("出口", "Exit"), ("AUSGANG", "EXIT"), ("PUSH", "PUSH"), ("QUELVANTI", "QUELVANTI")}
    engines = {text: {label["engine"] for label in walk.labels(text).values()} for text in BOARDS}
    assert engines == {"出口": {"memory"}, "AUSGANG": {"memory"}, "PUSH": {"same"}, "QUELVANTI": {"none"}}
    sure = {text: {label["sure"] for label in walk.labels(text).values()} for text in BOARDS}
    assert sure == {"出口": {True}, "AUSGANG": {True}, "PUSH": {True}, "QUELVANTI": {False}}


def test_a_track_never_changes_its_text(walk: Walk) -> None:
    texts = defaultdict(set)
    for frame in walk.frames:
        for label in frame["labels"]:
            texts[label["track"]].add((label["source"], label["target"]))
    assert len(texts) >= len(BOARDS)
    assert all(len(told) == 1 for told in texts.values())
    for text in BOARDS:  # once for each of its signs, however many frames show it
        assert walk.asked.count(text) == sum(text in {source for source, _ in told} for told in texts.values())


@pytest.mark.parametrize("text", BOARDS)
def test_quads_stay_on_the_wall(walk: Walk, text: str) -> None:
    """Taken back to the wall by the known camera, the quad of a sign stands still and holds the strokes."""
    by_track: dict[int, dict[int, Quad]] = defaultdict(dict)
    for seq, label in walk.labels(text).items():
        quad = np.array(label["quad"], np.float32)
        by_track[label["track"]][seq] = move(np.linalg.inv(camera(seq)).astype(np.float64), quad)
    strokes = ink_quad(BOARDS[text])
    for on_wall in by_track.values():
        middle = np.median(np.array(list(on_wall.values())), axis=0)
        off = [float(np.linalg.norm(quad - middle, axis=1).max()) for quad in on_wall.values()]
        assert np.median(off) < 0.5
        assert max(off) < 2
        assert np.abs(middle.mean(axis=0) - strokes.mean(axis=0)).max() < 4
        assert np.abs(middle - strokes).max() < 16  # the network's boxes have a margin


@pytest.mark.parametrize("text", BOARDS)
def test_shown_on_every_frame_that_shows_the_sign(walk: Walk, text: str) -> None:
    shown = walk.labels(text)
    missing = [seq for seq in seen_whole(BOARDS[text]) if seq not in shown]
    assert missing == []
    gone = [seq for seq in range(FRAMES) if share_inside(true_quad(BOARDS[text], camera(seq)), WIDTH, HEIGHT) == 0]
    assert [seq for seq in gone if seq in shown] == []


def test_shown_from_the_first_frame_though_it_is_blurred(walk: Walk) -> None:
    assert 0 in walk.labels("出口")


def test_a_sign_that_leaves_and_returns_is_known_again(walk: Walk) -> None:
    seen = sorted(walk.labels("出口"))
    away = [seq for seq in range(FRAMES) if seq not in seen]
    assert 0 in seen
    assert FRAMES - 1 in seen
    assert len(away) > 15


def test_a_sign_cut_off_by_the_edge_has_its_whole_text(walk: Walk) -> None:
    assert 0.2 < share_inside(true_quad(AUSGANG, camera(0)), WIDTH, HEIGHT) < 0.9
    label = walk.labels("AUSGANG")[0]
    assert label["target"] == "EXIT"
    right = max(x for x, _ in label["quad"])
    assert right == pytest.approx(true_quad(AUSGANG, camera(0))[:, 0].max(), abs=16)
    assert right > WIDTH


def test_the_picture_says_it(walk: Walk, reader: TextReader, source: Path) -> None:
    last = FRAMES - 1
    assert "Exit" in {region.text for region in reader.read(walk.picture(last))}
    assert "出口" not in {region.text for region in reader.read(walk.picture(last))}
    with VideoSource(source) as video:
        before = [frame.rgb() for frame in video.frames()]
    # What is already in the wearer's language is left as it was.
    seq = seen_whole(PUSH)[len(seen_whole(PUSH)) // 2]
    x0, y0 = true_quad(PUSH, camera(seq)).min(axis=0).astype(int)
    x1, y1 = true_quad(PUSH, camera(seq)).max(axis=0).astype(int)
    change = np.abs(walk.picture(seq)[y0:y1, x0:x1].astype(int) - before[seq][y0:y1, x0:x1])
    assert change.mean() < 8


def test_unknown_text_stays_readable(walk: Walk, reader: TextReader) -> None:
    seq = seen_whole(UNKNOWN)[0]
    assert "QUELVANTI" in {region.text for region in reader.read(walk.picture(seq))}


def test_the_same_again_byte_for_byte(walk: Walk, source: Path, reader: TextReader) -> None:
    again = translate(source.parent / "second", source, reader)
    for name in ("out.jsonl", "out.srt"):
        assert (again.folder / name).read_bytes() == (walk.folder / name).read_bytes()
    assert len(walk.records) == FRAMES + 2


def test_findings_file(walk: Walk) -> None:
    assert [record["type"] for record in walk.records] == ["run", *["frame"] * FRAMES, "summary"]
    run = walk.records[0]
    assert (run["version"], run["source"], run["width"], run["height"], run["to"]) == (
        1,
        "walk.mp4",
        WIDTH,
        HEIGHT,
        "en",
    )
    assert [frame["seq"] for frame in walk.frames] == list(range(FRAMES))
    assert [frame["pts_ms"] for frame in walk.frames] == pytest.approx(
        [n * 1000 / FPS for n in range(FRAMES)], abs=0.02
    )
    assert walk.records[-1]["frames"] == FRAMES
    assert walk.records[-1]["damage"] is None
    assert str(walk.folder) not in (walk.folder / "out.jsonl").read_text("utf-8")


def test_subtitles_beside_it_and_inside(walk: Walk) -> None:
    srt = (walk.folder / "out.srt").read_text("utf-8")
    assert srt.startswith("1\n00:00:00,000 --> ")
    assert {"Exit", "EXIT"} <= set(srt.splitlines())
    assert "PUSH" not in srt
    assert "QUELVANTI" not in srt
    with av.open(str(walk.folder / "out.mp4")) as media:
        track = media.streams.subtitles[0]
        assert track.language == "eng"
        texts = b"".join(bytes(packet) for packet in media.demux(track))
    assert b"Exit" in texts


def test_a_scene_cut_ends_and_begins_texts_on_its_own_frame(glossa: Door, tmp_path: Path) -> None:
    first = wall(700, 400, [EXIT], seed=5)
    second = 255 - wall(700, 400, [Board("AUSGANG", (150, 130, 300, 90), (0, 0, 0), (255, 255, 255))], seed=6)
    pictures = [shoot(first, pan(2 * n, 10)) for n in range(10)] + [shoot(second, pan(20 - n, 10)) for n in range(10)]
    clip, findings = write_clip(tmp_path / "cut.mp4", pictures), tmp_path / "f.jsonl"
    assert glossa("video", clip, "--findings", findings, "--to", "en", "-q").status == 0
    frames = [json.loads(line) for line in findings.read_text("utf-8").splitlines()][1:-1]
    shown = [[label["source"] for label in frame["labels"]] for frame in frames]
    assert shown == [["出口"]] * 10 + [["AUSGANG"]] * 10


@pytest.mark.parametrize("layout", ["split", "captions"])
def test_other_layouts_keep_the_original_beside_it(
    glossa: Door, tmp_path: Path, short_clip: Path, reader: TextReader, layout: str
) -> None:
    out = tmp_path / "out.mp4"
    assert glossa("video", short_clip, "-o", out, "--to", "en", "--layout", layout, "-q").status == 0
    with VideoSource(short_clip) as before, VideoSource(out) as after:
        assert (after.info.width, after.info.height) == output_size(layout, WIDTH, HEIGHT)
        original, shown = next(iter(before.frames())).rgb(), next(iter(after.frames())).rgb()
    assert np.abs(shown[:HEIGHT, :WIDTH].astype(int) - original).mean() < 4
    rest = shown[:, WIDTH:] if layout == "split" else shown[HEIGHT:]
    assert any("Exit" in (region.text or "") for region in reader.read(np.ascontiguousarray(rest)))


def test_nothing_to_translate_passes_through(glossa: Door, tmp_path: Path) -> None:
    scene = wall(700, 400)
    clip = write_clip(tmp_path / "wall.mp4", [shoot(scene, pan(3 * n, 10)) for n in range(6)])
    out, srt = tmp_path / "out.mp4", tmp_path / "out.srt"
    outcome = glossa("video", clip, "-o", out, "--subtitles", srt, "--to", "ko")
    assert outcome.status == 0
    assert "6 frames, 0 texts" in outcome.out
    with av.open(str(out)) as media:
        assert len(media.streams.subtitles) == 0
    assert srt.read_text() == ""
