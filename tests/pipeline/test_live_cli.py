"""`glossa live` through the real door with the real models: a clip, a record, Ctrl-C, and words for what is wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.devices.serving import Server

if TYPE_CHECKING:
    from tests.pipeline.conftest import Door

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
CONSOLE_SCRIPT = Path(sys.executable).with_name("glossa")
PATIENCE_S = 180.0


def records(path: Path) -> list[dict[str, Any]]:
    """Every whole line."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]


def check_record(path: Path, source: str) -> list[dict[str, Any]]:
    """The frames of a complete record."""
    run, *frames, summary = records(path)
    assert (run["type"], run["version"], run["source"], run["to"]) == ("run", 1, source, "en")
    assert {one["type"] for one in frames} <= {"frame", "size"}
    frames = [one for one in frames if one["type"] == "frame"]
    assert frames
    assert all(a["seq"] < b["seq"] and a["pts_ms"] <= b["pts_ms"] for a, b in pairwise(frames))
    assert all(one["render_ms"] > 0 for one in frames)
    assert summary["type"] == "summary"
    assert summary["frames"] == len(frames)
    assert summary["late"] == sum(one["late"] for one in frames)
    return frames


def test_a_recorded_clip_of_the_street(glossa: Door, tmp_path: Path) -> None:
    clip = ROOT.parent / "shared" / "media" / "video" / "en_poster_pot210_V25_2.mp4"
    if not clip.is_file():
        pytest.skip(f"no recorded clips: {clip} does not exist")
    out = tmp_path / "x.jsonl"
    ended = glossa("live", "--source", clip, "--to", "en", "--display", "none", "--seconds", 4, "--record", out)
    assert ended.status == 0, ended.err
    assert ended.out.startswith(f"{clip.name}: ")
    assert "glossa: ready in " in ended.err
    check_record(out, clip.name)


def test_every_frame_of_a_short_clip(glossa: Door, short_clip: Path, tmp_path: Path) -> None:
    out, trace = tmp_path / "x.jsonl", tmp_path / "trace.json"
    words = ["--to", "en", "--display", "none", "--no-realtime", "--record", out, "--trace", trace]
    ended = glossa("live", "--source", short_clip, *words)
    assert ended.status == 0, ended.err
    assert [one["seq"] for one in check_record(out, short_clip.name)] == list(range(8))
    assert json.loads(trace.read_text(encoding="utf-8"))
    assert ended.out.startswith(f"{short_clip.name}: 8 frames in ")
    assert ended.err.splitlines()[1] == f"glossa: {short_clip.name} has ended."


def test_a_sign_is_translated_while_the_clip_runs_and_ctrl_c_ends_it(short_clip: Path, tmp_path: Path) -> None:
    """In a process of its own, whose record is read while it grows."""
    if not CONSOLE_SCRIPT.exists():
        pytest.skip("the console script is not installed: pip install -e .")
    out = tmp_path / "x.jsonl"
    words = ["live", "--source", short_clip, "--to", "en", "--loop", "--display", "none", "--record", out]
    running = subprocess.Popen(
        [CONSOLE_SCRIPT, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    )
    try:
        until = time.monotonic() + PATIENCE_S
        while running.poll() is None and time.monotonic() < until:
            if any("exit" in label["target"].lower() for one in records(out) for label in one.get("labels", ())):
                break
            time.sleep(0.2)
        running.send_signal(signal.SIGINT)
        told, complaints = running.communicate(timeout=PATIENCE_S)
    finally:
        running.kill()
    assert running.returncode == 130, complaints
    assert "Traceback" not in complaints
    assert "first translation after" in told
    assert complaints.startswith("glossa: ready in ")
    labels = [label for one in check_record(out, short_clip.name) for label in one["labels"]]
    assert {label["target_lang"] for label in labels} == {"en"}
    assert {label["target"] for label in labels if label["source"] == "出口"} == {"Exit"}


def test_as_another_device(glossa: Door, short_clip: Path) -> None:
    words = ["--to", "en", "--display", "none", "--loop", "--seconds", 1, "--as", "xr2-gen2"]
    ended = glossa("live", "--source", short_clip, *words)
    assert ended.status == 0, ended.err
    assert ended.err.startswith("glossa: as ")
    assert "reading begins in tier" in ended.err
    assert "energy on xr2-gen2" in ended.out


def test_a_stream_from_this_machine(glossa: Door, short_clip: Path, tmp_path: Path) -> None:
    import av

    ts = tmp_path / "short.ts"
    with av.open(str(short_clip)) as clip, av.open(str(ts), "w") as out:
        stream = out.add_stream_from_template(clip.streams.video[0])
        for packet in clip.demux(clip.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    with Server([ts.read_bytes()]) as server:
        address = server.address
        ended = glossa(
            "live", "--source", address, "--to", "en", "--display", "none", "--seconds", 1, "--record", tmp_path / "x"
        )
    assert ended.status == 0, ended.err
    assert "Traceback" not in ended.err
    assert f"{address}: no more pictures come. Trying again in 0.5 s." in ended.err
    check_record(tmp_path / "x", address)


def test_a_window_on_sdls_driver_without_a_screen(
    glossa: Door, short_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pygame", reason="pygame-ce is not installed: pip install 'glossa[live]'")
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    ended = glossa("live", "--source", short_clip, "--to", "en", "--loop", "--seconds", 1)
    assert ended.status == 0, ended.err
    assert len(ended.out.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["--source", "77"], 1, "camera"),
        (["--source", "nothing.mp4"], 1, "no such file"),
        (["--source", "gopher://x/"], 1, "rtsp://"),
        (["--source", "tcp://127.0.0.1:9/", "--loop"], 1, "only a clip"),
        (["--source", "CLIP", "--display", "hologram"], 1, "Unknown display"),
        (["--source", "CLIP", "--record", "CLIP"], 1, "is the input itself"),
        (
            ["--source", "CLIP", "--record", "same.json", "--trace", "same.json"],
            1,
            "same.json: is the input itself, or named twice",
        ),
        (["--source", "CLIP", "--as", "monocle"], 1, "xr2-gen2"),
        (["--source", "CLIP", "--size", "huge"], 2, "1280x720"),
        (["--source", "CLIP", "--seconds", "-1"], 2, "--seconds"),
        (["--source", "CLIP", "--to", "xx"], 1, "xx"),
    ],
)
def test_what_is_wrong_is_one_line(glossa: Door, short_clip: Path, words: list[str], status: int, said: str) -> None:
    given = [str(short_clip) if word == "CLIP" else word for word in words]
    ended = glossa("live", *(["--to", "en"] if "--to" not in given else []), "--display", "none", *given)
    assert ended.status == status
    assert said in ended.complaint()


def test_a_stream_that_is_not_there(glossa: Door) -> None:
    with Server([]) as server:
        address = server.address
    words = ["--source", address.replace("//", "//me:secret@"), "--to", "en", "--display", "none", "--quiet"]
    complaint = glossa("live", *words).complaint()
    assert "Connection refused" in complaint
    assert "secret" not in complaint


_STUCK = """
import threading, time
from pipeline.cli_live import _leaving
with _leaving() as leave:
    if {stuck}:
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
    leave.status = 7
print("a summary")
"""


@pytest.mark.parametrize(("stuck", "status"), [(True, 7), (False, 0)])
def test_a_thread_that_does_not_come_back_ends_with_the_process(stuck: bool, status: int) -> None:
    """Without Python's own way of ending threads, which aborts a process that is in the middle of C++."""
    program = _STUCK.format(stuck=stuck)
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT)
    assert (ran.returncode, ran.stdout, ran.stderr) == (status, "a summary\n", "")


def test_no_screen_is_said_with_what_to_do(glossa: Door, short_clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pygame", reason="pygame-ce is not installed: pip install 'glossa[live]'")
    monkeypatch.setenv("SDL_VIDEODRIVER", "nonsense")
    assert "--display none" in glossa("live", "--source", short_clip, "--to", "en", "--quiet").complaint()
    assert os.environ["SDL_VIDEODRIVER"] == "nonsense"


@pytest.mark.parametrize("option", ["--record", "--trace"])
def test_a_full_disk_keeps_the_film_and_is_said_at_the_end(glossa: Door, tmp_path: Path, option: str) -> None:
    import av
    import numpy as np

    from tests.pipeline.films import write_clip

    disk = tmp_path / "disk"
    disk.mkdir()
    size = "200k" if option == "--record" else "8k"
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk can be mounted by root only")
    try:
        noise = np.random.default_rng(1)
        pictures = [noise.integers(0, 255, (120, 160, 3), dtype=np.uint8) for _ in range(60)]
        clip, film = write_clip(tmp_path / "noise.mp4", pictures), disk / "film.mp4"
        words = ["--to", "en", "--display", "none", "--no-realtime", "--quiet", option, film]
        ended = glossa("live", "--source", clip, *words)
        assert ended.status == 1
        said = ended.complaint()
        if option == "--trace":
            assert said.startswith("glossa: The trace has stopped: ")
            return
        assert said.startswith("glossa: The film has stopped, its first ")
        assert "the disk is full" in said
        kept_s = float(said.split(" first ")[1].split(" s ")[0])
        with av.open(str(film)) as video:
            assert len(list(video.decode(video=0))) == pytest.approx(kept_s * 16, abs=1.5)
    finally:
        subprocess.run(["umount", str(disk)], check=True)
