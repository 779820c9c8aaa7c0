"""The console script before the command line is there."""

import builtins
from typing import Any

import pytest

from pipeline import door


def test_ctrl_c_while_the_command_line_is_loaded(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    load = builtins.__import__

    def stopped(name: str, *rest: Any) -> Any:
        if name == "pipeline.cli":
            raise KeyboardInterrupt
        return load(name, *rest)

    monkeypatch.setattr(builtins, "__import__", stopped)
    assert door.main() == door.STOPPED
    assert capsys.readouterr().err == "glossa: stopped; nothing was written.\n"


def test_it_is_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.cli.main", lambda: 7)
    assert door.main() == 7
