"""The command: what it refuses, and how the long run is kept."""

import itertools
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from benchmarks.cost import GivenUpError
from benchmarks.live import Bench, Extent, _add_long, main
from benchmarks.live_report import LONG_ROW
from benchmarks.quiet import PAUSE_S, PROBE_S, Patience, stolen_share, undisturbed
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


class Plays:
    """One play after another; the host says before and after each what it has taken so far, in seconds."""

    def __init__(self, work: Path, stolen: list[float], patience_s: float = 0, *, resume: bool = False) -> None:
        self.bench = Bench.__new__(Bench)
        self.bench._work, self.bench._console = work, Console(quiet=True)
        self.bench._patience = Patience(patience_s, probe=lambda: 0.0)
        self.bench._extent = Extent((), 1.0, resume=resume)
        self.clip: Any = SimpleNamespace(path=work / "sign.i420", seconds=1.0, to="en")
        self.stolen, self.turns = iter(stolen), itertools.count()

    def measured(self, spoilt: Callable[[], bool], function: str, **given: Any) -> tuple[Any, None]:
        turn = next(self.turns)
        if turn in self.hopeless:
            raise GivenUpError if spoilt() else AssertionError("it was worth its time")
        return {"turn": turn}, None

    def __call__(self, monkeypatch: pytest.MonkeyPatch, hopeless: Sequence[int] = ()) -> Any:
        self.hopeless = hopeless
        monkeypatch.setattr("benchmarks.live.stolen_s", lambda: next(self.stolen))
        monkeypatch.setattr("benchmarks.live.measure_unless", self.measured)
        return self.bench._play(self.clip, "glossa")


def test_of_disturbed_plays_the_least_disturbed_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    taken = Plays(tmp_path, [0, 3, 3, 4])(monkeypatch)
    assert taken["turn"] == 1
    assert taken["record"] == str(tmp_path / "sign.glossa.1.jsonl")


def test_with_patience_a_play_is_repeated_until_it_is_quiet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert Plays(tmp_path, [0, 3, 3, 4, 4, 5, 5, 5], patience_s=60)(monkeypatch)["turn"] == 3


def test_with_patience_a_play_that_is_spoilt_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert Plays(tmp_path, [0, 2, 2, 2], patience_s=60)(monkeypatch, hopeless=[0])["turn"] == 1


def test_an_interrupted_run_goes_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = Plays(tmp_path, [0, 0])(monkeypatch)
    assert Plays(tmp_path, [], resume=True)(monkeypatch) == first


def test_patience_ends() -> None:
    waited: list[float] = []
    patience = Patience(60, probe=lambda: 0.5)
    patience.wait(0.01, waited.append)
    assert patience.over
    assert 60 - PROBE_S - PAUSE_S <= sum(waited) + len(waited) * PROBE_S <= 60 + PROBE_S + PAUSE_S
    patience.wait(0.01, lambda _: pytest.fail("patience was over"))


def test_a_quiet_machine_is_not_waited_for() -> None:
    shares = iter([0.2, 0.0])
    patience, waited = Patience(60, probe=lambda: next(shares)), list[float]()
    patience.wait(0.01, waited.append)
    assert waited == [PAUSE_S]


@pytest.mark.parametrize(("patience_s", "answer"), [(0, 0), (1e-9, 1), (60, 2)])
def test_a_measurement_is_repeated_while_it_is_disturbed(
    monkeypatch: pytest.MonkeyPatch, patience_s: float, answer: int
) -> None:
    stolen = iter([0.0, 3e3, 3e3, 4e3, 4e3, 4e3])
    monkeypatch.setattr("benchmarks.quiet.stolen_s", lambda: next(stolen))
    numbers = itertools.count()
    told = undisturbed(lambda: {"number": next(numbers)}, Patience(patience_s, probe=lambda: 0.0))
    assert told["number"] == answer
    assert (told["stolen"] == 0) == (answer == 2)


def test_the_share_is_a_share() -> None:
    assert 0 <= stolen_share(0.2) <= 1
