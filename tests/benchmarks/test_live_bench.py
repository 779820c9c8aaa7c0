"""The command: what it refuses, and how the long run is kept."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from benchmarks.live import Bench, _add_long, main
from benchmarks.live_report import LONG_ROW
from benchmarks.truth import find_media
from devices.errors import InputError


def test_an_unknown_photograph_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        find_media()
    except InputError as why:
        pytest.skip(str(why))
    with pytest.raises(SystemExit):
        main(["--photographs", "zh_moon"])
    assert "unknown photograph zh_moon" in capsys.readouterr().err


def test_a_long_run_is_kept_until_the_next_one_on_the_same_machine(tmp_path: Path) -> None:
    machine, other = {"cpu": "Abacus"}, {"cpu": "Quipu"}
    out = tmp_path / "live.json"
    first = {"machine": machine, "date": "2025-01-01", "rows": {}, "long": {"rss_growth_mb": 2.5}}
    _add_long(first, out)
    out.write_text(json.dumps(first), encoding="utf-8")
    later: dict[str, object] = {"machine": machine, "date": "2025-02-01", "rows": {}}
    _add_long(later, out)
    assert later["long"] == {"rss_growth_mb": 2.5, "date": "2025-01-01"}
    assert later["rows"] == {LONG_ROW: {"value": 2.5, "unit": "MB", "better": "lower", "samples": []}}
    elsewhere: dict[str, object] = {"machine": other, "date": "2025-02-01", "rows": {}}
    _add_long(elsewhere, out)
    assert elsewhere["rows"] == {}


def test_of_disturbed_plays_the_least_disturbed_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stolen, turns = iter([0.0, 3.0, 3.0, 4.0]), iter([{"late": 9}, {"late": 8}])
    monkeypatch.setattr("benchmarks.live.stolen_s", lambda: next(stolen))
    monkeypatch.setattr("benchmarks.live.measure", lambda *given, **named: (next(turns), None))
    bench = Bench.__new__(Bench)
    bench._work, bench._console = tmp_path, Console(quiet=True)
    clip: Any = SimpleNamespace(path=tmp_path / "sign.i420", seconds=1.0, to="en")
    taken: Any = bench._play(clip, "glossa")
    assert taken == {"late": 8, "stolen": taken["stolen"], "record": str(tmp_path / "sign.glossa.1.jsonl")}
