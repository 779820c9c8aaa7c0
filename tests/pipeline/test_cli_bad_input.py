"""Bad input through the real door: one clear line, a status that is not zero, and nothing half written or lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from PIL import Image

from tests.pipeline.films import Board, names, pan, picture_of_a_sign, shoot, wall, write_clip, write_sound

if TYPE_CHECKING:
    from tests.pipeline.conftest import Door

pytestmark = pytest.mark.e2e

CONSOLE_SCRIPT = Path(sys.executable).with_name("glossa")


# Files that are no video


def test_not_a_media_file(glossa: Door, tmp_path: Path) -> None:
    path = tmp_path / "notes.mp4"
    path.write_text("this is not a film\n" * 50)
    assert str(path) in glossa("video", path, "--to", "en").complaint()
    assert names(tmp_path) == {"notes.mp4"}


def test_missing_empty_and_folder(glossa: Door, tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    assert "no such file" in glossa("video", tmp_path / "none.mp4", "--to", "en").complaint()
    assert "empty" in glossa("video", tmp_path / "empty.mp4", "--to", "en").complaint()
    assert "folder" in glossa("video", tmp_path, "-o", tmp_path / "x.mp4", "--to", "en").complaint()
    assert names(tmp_path) == {"empty.mp4"}


def test_sound_only(glossa: Door, tmp_path: Path) -> None:
    path = write_sound(tmp_path / "song.mp4")
    assert "no video stream" in glossa("video", path, "--to", "en").complaint()
    assert names(tmp_path) == {"song.mp4"}


def test_a_photo_given_as_video(glossa: Door, tmp_path: Path) -> None:
    path = tmp_path / "sign.png"
    Image.fromarray(picture_of_a_sign()).save(path)
    assert "glossa photo" in glossa("video", path, "--to", "en").complaint()


def test_zero_frames(glossa: Door, tmp_path: Path) -> None:
    path = tmp_path / "blank.mkv"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("ffv1", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        out.start_encoding()
    assert glossa("video", path, "--to", "en").complaint().count(str(path)) == 1
    assert names(tmp_path) == {"blank.mkv"}


def test_what_is_no_video_is_said_before_the_models_are_loaded(
    glossa: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def loaded(*_: object) -> None:
        raise AssertionError("the models were loaded for nothing")

    path = tmp_path / "notes.mp4"
    path.write_text("this is not a film")
    monkeypatch.setattr("pipeline.engines.open_reader", loaded)
    assert str(path) in glossa("video", path, "--to", "en").complaint()


# Names that are not known


@pytest.mark.parametrize("words", [["--to", "klingon"], ["--to", "en", "--from", "klingon"]])
@pytest.mark.parametrize("command", ["video", "photo"])
def test_unknown_language_lists_the_known_ones(
    glossa: Door, short_clip: Path, tmp_path: Path, command: str, words: list[str]
) -> None:
    said = glossa(command, short_clip, "-o", tmp_path / "out.mp4", *words).complaint()
    for code in ("klingon", "en", "ko", "ja", "zh-Hans", "zh-Hant", "es", "fr", "de"):
        assert code in said
    assert names(tmp_path) == set()


def test_unknown_layout_and_engine_list_the_known_ones(glossa: Door, short_clip: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    said = glossa("video", short_clip, "-o", out, "--to", "en", "--layout", "sideways").complaint()
    assert all(name in said for name in ("sideways", "inplace", "split", "captions"))
    said = glossa("video", short_clip, "-o", out, "--to", "en", "--reader", "steam").complaint()
    assert all(name in said for name in ("steam", "openvino", "onnxruntime"))
    said = glossa("video", short_clip, "-o", out, "--to", "en", "--engine", "steam").complaint()
    assert all(name in said for name in ("steam", "auto", "memory"))
    assert names(tmp_path) == set()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["video", "--to", "en"], "IN"),
        (["video", "a.mp4"], "--to"),
        (["dance"], "dance"),
        (["video", "a.mp4", "--to", "en", "--crf", "99"], "51"),
        (["video", "a.mp4", "--to", "en", "--quick"], "--quick"),
    ],
)
def test_wrong_use_is_one_line(glossa: Door, words: list[str], expected: str) -> None:
    outcome = glossa(*words)
    assert expected in outcome.complaint()
    assert outcome.status == 2


def test_no_words_at_all_show_the_help(glossa: Door) -> None:
    outcome = glossa()
    assert outcome.status == 2
    assert all(name in outcome.out for name in ("video", "photo", "demo", "doctor"))
    assert outcome.err == ""


# Places that cannot be written


def test_output_is_the_input(glossa: Door, tmp_path: Path, short_clip: Path) -> None:
    path = tmp_path / "in.mp4"
    path.write_bytes(short_clip.read_bytes())
    link = tmp_path / "link.mp4"
    link.symlink_to(path)
    for out in (path, link):
        assert "the input itself" in glossa("video", path, "-o", out, "--to", "en").complaint()
    for option in ("--findings", "--subtitles"):
        assert "input" in glossa("video", path, "-o", tmp_path / "o.mp4", option, path, "--to", "en").complaint()
    same = tmp_path / "same.srt"
    words = ("video", path, "-o", tmp_path / "o.mp4", "--findings", same, "--subtitles", same, "--to", "en")
    assert str(same) in glossa(*words).complaint()
    assert path.read_bytes() == short_clip.read_bytes()
    assert names(tmp_path) == {"in.mp4", "link.mp4"}


def test_output_cannot_be_written(glossa: Door, tmp_path: Path, short_clip: Path) -> None:
    for out, expected in (
        (tmp_path / "missing" / "out.mp4", "mkdir"),
        (tmp_path, "is a folder"),
        (tmp_path / "out.txt", ".mp4"),
        (Path("/proc/out.mp4"), "/proc/out.mp4"),
    ):
        assert expected in glossa("video", short_clip, "-o", out, "--to", "en", "-q").complaint()
    for option, name in (("--findings", "no/f.jsonl"), ("--subtitles", "no/s.srt"), ("--subtitles", "s.doc")):
        said = glossa("video", short_clip, "-o", tmp_path / "o.mp4", option, tmp_path / name, "--to", "en", "-q")
        assert name in said.complaint()
    assert names(tmp_path) == set()


def test_folder_of_the_photos_cannot_be_made(glossa: Door, tmp_path: Path) -> None:
    Image.fromarray(picture_of_a_sign()).save(tmp_path / "sign.png")
    (tmp_path / "taken").write_text("a file")
    said = glossa("photo", tmp_path / "sign.png", "-o", tmp_path / "taken", "--to", "en").complaint()
    assert "taken" in said
    assert names(tmp_path) == {"sign.png", "taken"}


def test_an_older_result_survives_a_failure(glossa: Door, tmp_path: Path) -> None:
    path, out = tmp_path / "in.mp4", tmp_path / "out.mp4"
    path.write_text("no film")
    out.write_text("the result of yesterday")
    glossa("video", path, "-o", out, "--to", "en").complaint()
    assert out.read_text() == "the result of yesterday"


@pytest.mark.parametrize(
    ("words", "option", "command"),
    [
        (["video", "x.mp4", "--detector", "mine.onnx", "--look", "codes"], "--detector", "video"),
        (["video", "x.mp4", "--faces", "yunet"], "--faces", "video"),
        (["photo", "x.png", "--detector", "mine.onnx"], "--detector", "photo"),
        (["photo", "x.png", "--faces", "yunet", "--no-anonymise"], "--faces", "photo"),
        (["live", "--detector", "mine.onnx"], "--detector", "live"),
        (["live", "--faces", "yunet"], "--faces", "live"),
        (["live", "--size", "12"], "--size", "live"),
    ],
)
def test_what_would_not_be_used_is_wrong_use(glossa: Door, words: list[str], option: str, command: str) -> None:
    ended = glossa(*words, "--to", "en")
    assert ended.status == 2
    assert option in ended.complaint()
    assert ended.complaint().endswith(f". See glossa {command} --help.")


_LIMITED = """
import resource, sys
from pipeline.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))
sys.exit(main(sys.argv[1:]))
"""


def test_disk_full(tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk: it stops the write in the same call."""
    noise = np.random.default_rng(1)
    pictures = [noise.integers(0, 255, (240, 320, 3), dtype=np.uint8) for _ in range(12)]
    source, results = write_clip(tmp_path / "in.mp4", pictures), tmp_path / "results"
    results.mkdir()
    words = ["video", source, "-o", results / "o.mp4", "--findings", results / "f.jsonl", "--to", "en", "-q"]
    ended = subprocess.run(
        [sys.executable, "-c", _LIMITED.format(size=90_000), *map(str, words)],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1, ended.stderr
    assert ended.stderr.startswith("glossa: ")
    assert "o.mp4" in ended.stderr
    assert names(results) == set()


@pytest.mark.parametrize("kind", ["video", "photo"])
def test_disk_really_full(glossa: Door, tmp_path: Path, short_clip: Path, kind: str) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk can be mounted by root only")
    try:
        if kind == "video":
            said = glossa("video", short_clip, "-o", disk / "out.mp4", "--to", "en", "-q").complaint()
        else:
            photo = tmp_path / "noise.png"
            grain = np.random.default_rng(1).integers(0, 255, (200, 300, 3), dtype=np.uint8)
            Image.fromarray(grain).save(photo)
            said = glossa("photo", photo, "-o", disk, "--to", "en", "-q").complaint()
        assert "the disk is full" in said
        assert names(disk) == set()
    finally:
        subprocess.run(["umount", str(disk)], check=True)


# The console script itself


@pytest.fixture
def console_script() -> Path:
    if not CONSOLE_SCRIPT.is_file():
        pytest.skip(f"the console script is not installed: {CONSOLE_SCRIPT} does not exist; pip install -e .")
    return CONSOLE_SCRIPT


def test_console_script_refuses_in_one_line(console_script: Path, tmp_path: Path) -> None:
    path = tmp_path / "notes.mp4"
    path.write_text("no film at all")
    ended = subprocess.run([console_script, "video", path, "--to", "en"], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith("glossa: ")
    assert len(ended.stderr.splitlines()) == 1
    assert names(tmp_path) == {"notes.mp4"}


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_stopped_in_the_middle_leaves_nothing(console_script: Path, tmp_path: Path, stop: signal.Signals) -> None:
    scene = wall(900, 420, [Board("出口", (200, 100, 240, 120))])
    pictures = [shoot(scene, pan(2 * index % 200, 20)) for index in range(40)] * 12
    times = [4.0 * index for index in range(len(pictures))]  # little to read, much to draw
    source, results = write_clip(tmp_path / "in.mp4", pictures, times_ms=times, sound=True), tmp_path / "results"
    results.mkdir()
    words = ["video", source, "-o", results / "o.mp4", "--findings", results / "f.jsonl", "--to", "en", "-q"]
    running = subprocess.Popen([str(console_script), *map(str, words)], stderr=subprocess.PIPE, text=True)
    try:
        for _ in range(600):  # the part files appear when the drawing begins
            if len(names(results)) >= 2 or running.poll() is not None:
                break
            time.sleep(0.1)
        assert running.poll() is None
        assert all(name.endswith(".part") for name in names(results))
        os.kill(running.pid, stop)
        _, said = running.communicate(timeout=60)
    finally:
        running.kill()
    assert running.returncode == 130
    assert said == "glossa: stopped; nothing was written.\n"
    assert names(results) == set()
