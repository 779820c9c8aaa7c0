"""The record of a session: whole lines, in order, whatever happens to the disk."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from devices import OutputError, Stamp
from devices.clock import NS_PER_MS, VirtualClock
from language.translation import Translation
from pipeline.live.board import Board, PlacedLine, PlacedSign, Seen
from pipeline.live.notices import Notices
from pipeline.live.outcome import Outcome, Work
from pipeline.live.recorder import Recorder, run_line
from pipeline.live.shelf import Shown
from pipeline.live.showing import Placed, View
from tests.pipeline.live.stand_ins import PATIENCE_S
from vision.carry import Pose
from vision.motion import KeyView
from vision.text import TextRegion
from vision.text.track import TextTrack

QUAD = np.array([[10, 10], [50, 10], [50, 20], [10, 20]], np.float32)
MOVED = np.array([[1, 0, 2.5], [0, 1, 0], [0, 0, 1]], np.float64)  # in small pixels, half as large
TOLD = Translation("出口", "Exit", "zh-Hans", "en", "memory", 0.99, True)


def view(seq: int, size: tuple[int, int] = (64, 48)) -> View:
    """A sign that the camera has moved away from by 5 pixels since it was read."""
    track = TextTrack(3, whole=True)
    track.vote(TextRegion(Stamp("camera", 0, 0, 0.0), QUAD, "出口", "han", 0.97), cut=False)
    sign = PlacedSign((PlacedLine(track, QUAD, "出口"),), QUAD, "出口")
    gray = np.zeros((24, 32), np.uint8)
    key = KeyView(gray, np.zeros((0, 2), np.float32), np.zeros(0, np.int64), (QUAD,))
    stamp = Stamp("camera", seq, seq * 33 * NS_PER_MS, seq * 100 / 3)
    pose = Pose(seq, 0, 1, MOVED, (MOVED,), (0.9,), False)
    rgb = np.zeros((size[1], size[0], 3), np.uint8)
    seen = Seen(stamp, rgb, gray, 2.0, pose, Board(stamp, 1, 2.0, (sign,), key))
    placed = Placed(sign, Shown("出口", TOLD, None, 400.0), QUAD + np.array([5, 0], np.float32))
    return View(stamp, rgb, (placed,), seen)


def work(seq: int, ms: float = 4.0, outcome: Outcome = Outcome.DONE) -> Work:
    start = seq * 33 * NS_PER_MS
    return Work("render", "render", Stamp("camera", seq, 0, 0.0), "", start, start + round(ms * NS_PER_MS), outcome)


class Desk:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.told: list[str] = []
        clock = VirtualClock()
        notices = Notices(clock, self.told.append)
        self.recorder = Recorder(path, run_line("camera 0", (64, 48), 30.0, to="en", live=True), notices, clock=clock)

    def draw(self, seq: int, **wanted: Any) -> None:
        self.recorder.view(view(seq, wanted.pop("size", (64, 48))))
        self.recorder(work(seq, **wanted))

    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "out.jsonl")


def test_a_record_from_the_first_line_to_the_last(desk: Desk) -> None:
    desk.recorder.start()
    desk.draw(0)
    desk.draw(1, ms=40, outcome=Outcome.DEGRADED)
    assert desk.recorder.stop(PATIENCE_S)
    desk.recorder.finish({"frames": 2, "late": 1, "dropped": 0})
    run, first, second, summary = desk.records()
    shape = {"width": 64, "height": 48, "fps": 30.0}
    assert run == {"type": "run", "version": 1, "source": "camera 0", **shape, "to": "en", "live": True}
    assert summary == {"type": "summary", "frames": 2, "late": 1, "dropped": 0}
    assert (first["seq"], first["pts_ms"], first["render_ms"], first["late"]) == (0, 0.0, 4.0, False)
    assert (second["seq"], second["pts_ms"], second["render_ms"], second["late"]) == (1, 33.333, 40.0, True)
    assert first["objects"] == []
    (label,) = first["labels"]
    assert label["quad"] == [[15, 10], [55, 10], [55, 20], [15, 20]]
    assert label["lines"] == [{"track": 3, "quad": label["quad"], "text": "出口"}]
    assert (label["track"], label["source"], label["target"], label["engine"]) == (3, "出口", "Exit", "memory")
    assert (label["score"], label["sure"]) == (0.97, True)


def test_every_line_is_on_the_disk_as_soon_as_it_is_written(desk: Desk) -> None:
    assert [one["type"] for one in desk.records()] == ["run"]
    desk.draw(0)
    desk.recorder._lane.step()
    assert [one["type"] for one in desk.records()] == ["run", "frame"]


def test_only_what_was_drawn_is_recorded(desk: Desk) -> None:
    desk.recorder(work(0, outcome=Outcome.STALE))
    desk.recorder.view(view(1))
    desk.recorder(work(0))
    desk.recorder(Work("read", "read", Stamp("camera", 1, 0, 0.0), "", 0, 1, Outcome.DONE))
    desk.recorder(work(1))
    desk.recorder(work(1))
    while desk.recorder._lane.step():
        pass
    assert [one.get("seq") for one in desk.records()] == [None, 1]


def test_another_size_is_written_down(desk: Desk) -> None:
    desk.draw(0)
    desk.draw(1, size=(32, 24))
    desk.draw(2, size=(32, 24))
    while desk.recorder._lane.step():
        pass
    assert [one["type"] for one in desk.records()] == ["run", "frame", "size", "frame", "frame"]
    assert desk.records()[2] == {"type": "size", "seq": 1, "width": 32, "height": 24}


def test_what_waits_to_be_written_holds_no_pictures(desk: Desk) -> None:
    desk.draw(0)
    entry = desk.recorder._lane.mailbox.take()
    assert entry is not None
    assert entry.seen.rgb.size == entry.seen.gray.size == 0


def test_a_disk_that_is_too_slow_loses_frames_and_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for seq in range(603):
        desk.draw(seq)
    while desk.recorder._lane.step():
        pass
    desk.recorder.finish({"frames": 603})
    assert len(desk.told) == 1
    assert "too slow" in desk.told[0]
    assert desk.records()[-1] == {"type": "summary", "frames": 603, "missing": 3}
    assert len(desk.records()) == 602


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="does not exist"):
        Desk(tmp_path / "nowhere" / "out.jsonl")
    with pytest.raises(OutputError, match="is a folder"):
        Desk(tmp_path)


_FULL_DISK = """
import resource, sys
from pathlib import Path
from tests.pipeline.live.test_recorder import Desk
desk = Desk(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
for seq in range(20):
    desk.draw(seq)
    desk.recorder._lane.step()
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
desk.recorder.finish({"frames": 20})
print(*desk.told, sep="\\n")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_when_the_disk_is_full_whole_lines_stay_and_the_session_goes_on(tmp_path: Path) -> None:
    """For real, in a process whose files may not grow beyond 2000 bytes."""
    path = tmp_path / "out.jsonl"
    root = Path(__file__).parents[3]
    ran = subprocess.run(
        [sys.executable, "-c", _FULL_DISK, str(path)], capture_output=True, text=True, check=False, cwd=root
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("Recording has stopped. ")
    assert len(ran.stdout.splitlines()) == 1
    kinds = [json.loads(line)["type"] for line in path.read_text(encoding="utf-8").splitlines()]
    assert kinds[0] == "run"
    assert set(kinds[1:]) == {"frame"}
    assert path.stat().st_size <= 2000
