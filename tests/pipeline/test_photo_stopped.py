"""Ctrl-C between two photographs: what was said must be true of those that are written already."""

import pytest

from pipeline.cli import main


def test_ctrl_c_does_not_deny_the_pictures_that_are_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.engines.open_reader", lambda engine: None)
    monkeypatch.setattr("pipeline.engines.open_translator", lambda engine: None)
    monkeypatch.setattr("pipeline.photo.translate_photos", stopped)
    assert main(["photo", "a.png", "b.png", "--to", "en"]) == 130
    said = capsys.readouterr()
    assert said.err == "glossa: stopped; the pictures that were complete by then are kept.\n"
    assert said.out == ""
