"""`glossa tune` through its own door, where nothing has to be measured; what is said of a busy machine."""

from pathlib import Path

import pytest

from devices.profile import profile_names
from pipeline.cli import main
from pipeline.cli_tune import load_note


@pytest.mark.parametrize("name", profile_names())
def test_a_device_is_shown(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tune", "--as", name]) == 0
    said = capsys.readouterr().out
    assert all(word in said for word in ("reading", "least", "translate", "detect in int8"))


def test_what_is_wrong_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["tune", "--as", "hololens"]) == 1
    assert main(["tune", "--quick", "--pictures", str(tmp_path / "absent")]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("glossa: Unknown device profile 'hololens'. Known profiles: ar1-gen1, ")
    assert "expected a folder with pictures" in second


def test_a_busy_machine_is_told_to_measure_again() -> None:
    assert load_note(0.9, 2) == ()
    assert load_note(5.25, 2) == ("The machine was busy (load 5.2 on 2 cores): measure again when it is idle.",)
