"""What doctor says of live translation: cameras, screens, the tune; found, missing, out of date."""

from pathlib import Path

import pytest

from devices import MissingError
from pipeline import doctor_live
from pipeline.doctor_live import live_lines
from pipeline.live.costs import Cost
from pipeline.live.session import EFFORTS
from pipeline.live.tuning import Choice, Tuned, save
from pipeline.live.tuning.store import tuned_file
from pipeline.live.tuning.trials import DETECTOR, Measured, Setup

SETUP = Setup("openvino", "float32", 1)
TUNED = Tuned(
    (Measured(DETECTOR, SETUP, 736, Cost(100, 120), 7),),
    {},
    (Choice(SETUP, {tier: Cost(100, 200) for tier in EFFORTS}),),
)


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Linux with no camera, no screen and nothing measured."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(doctor_live, "devices", lambda: [])
    monkeypatch.setattr(doctor_live, "video_drivers", lambda: {"x11": "x11 not available", "kmsdrm": "no device"})
    monkeypatch.setattr(doctor_live, "version", lambda package: "2.5")


def said() -> dict[str, bool]:
    return {line: good for good, line in live_lines()}


def test_what_is_missing_is_marked_and_names_what_to_do() -> None:
    lines = said()
    assert not any(lines.values())
    told = "\n".join(lines)
    assert "glossa tune" in told
    assert "glossa live --source FILE|URL" in told
    assert "no screen (x11 not available; kmsdrm: no device)" in told


def test_what_is_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    save(TUNED)
    monkeypatch.setattr(doctor_live, "devices", lambda: [Path("/dev/video2")])
    monkeypatch.setattr(doctor_live, "model_of", lambda path: "Integrated Camera")
    monkeypatch.setattr(doctor_live, "video_drivers", lambda: {"wayland": "not here", "x11": "", "kmsdrm": ""})
    lines = said()
    assert all(lines.values())
    told = "\n".join(lines)
    assert "live reads with openvino, float32, 1 thread: full 100/200 ms" in told
    assert "photo and video read with openvino, float32, 1 thread" in told
    assert "camera 2: /dev/video2 Integrated Camera" in told
    assert "screens through SDL: x11, kmsdrm" in told


def test_a_stale_tune_is_marked_with_what_changed() -> None:
    save(TUNED)
    text = tuned_file().read_text(encoding="utf-8")
    tuned_file().write_text(text.replace('"rapidocr": "', '"rapidocr": "0.'), encoding="utf-8")
    (line,) = (line for line in said() if line.startswith("tuned.json"))
    assert "before something changed: rapidocr" in line
    assert "glossa tune" in line


def test_without_pygame_the_command_that_brings_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> dict[str, str]:
        raise MissingError("A window needs pygame-ce: pip install 'glossa[live]'")

    monkeypatch.setattr(doctor_live, "video_drivers", missing)
    assert said()["A window needs pygame-ce: pip install 'glossa[live]'"] is False
