"""Comparing results: every shape is read, what became worse is named, and is the status where that is asked for."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import compare
from benchmarks.compare import RESULTS, main
from benchmarks.noise import Verdict
from benchmarks.rows import HIGHER, Result, Row, read_result
from devices.errors import InputError

KEPT = [RESULTS / "translate.json", RESULTS / "video.json"]
CLIPS = [9.0, 10.0, 11.0, 10.5]


def live(*, worse_by: float = 0.0, cpu: str = "Abacus", **others: dict[str, Any]) -> dict[str, Any]:
    px = {"value": 10.0 + worse_by, "unit": "px", "better": "lower", "samples": [one + worse_by for one in CLIPS]}
    machine = {"cpu": cpu, "cores": 2, "date": "2026-01-01"}
    rows = {"registration": px, **others}
    return {"what": "live", "machine": machine, "rows": rows, "baselines": {"still": {"registration": px}}}


def kept(folder: Path, name: str, result: dict[str, Any]) -> str:
    path = folder / name
    path.write_text(json.dumps(result), encoding="utf-8")
    return str(path)


def test_a_live_result_is_read() -> None:
    result = read_result(live(), "live.json")
    assert (result.what, result.machine, result.date) == ("live", "Abacus, 2 cores", "2026-01-01")
    assert result.rows == {"registration": Row(10.0, "lower", "px", tuple(CLIPS))}
    assert result.baselines["still"] == result.rows


def test_a_measure_that_had_nothing_to_measure_is_left_out() -> None:
    nothing: dict[str, Any] = {"value": None, "unit": "ms", "better": "lower", "samples": []}
    assert "first" not in read_result(live(first=nothing), "live.json").rows


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_the_results_that_are_kept_are_read(path: Path) -> None:
    result = read_result(json.loads(path.read_text(encoding="utf-8")), path.name)
    assert result.what == path.stem
    assert len(result.rows) > 10
    assert any(len(row.samples) > 2 for row in result.rows.values())
    assert all(row.value == row.value for row in result.rows.values())


def test_the_better_side_of_a_video_measure_is_known() -> None:
    rows = read_result(json.loads((RESULTS / "video.json").read_text(encoding="utf-8")), "video.json").rows
    higher = {name.partition(": ")[2] for name, row in rows.items() if row.better == HIGHER}
    assert higher == {"reading F1", "placement IoU", "coverage", "frames per second", "line recall", "character F1"}


@pytest.mark.parametrize(
    "stored",
    [
        [],
        {"other": 1},
        {"what": "live", "machine": "x", "rows": {"a": {"value": 1}}},
        {"what": "live", "machine": "x", "rows": {"a": {"value": 1, "better": "more"}}},
        {"rows": 3, "what": "live", "machine": "x"},
        {"machine": {}, "clips": {"virtual": {"glossa": {"fps": 1.0}}}},
    ],
)
def test_what_is_no_result_is_one_error(stored: Any) -> None:
    with pytest.raises(InputError, match=r"some\.json"):
        read_result(stored, "some.json")


def test_worse_is_said_and_is_the_status_only_where_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = kept(tmp_path, "old.json", live()), kept(tmp_path, "new.json", live(worse_by=1.0))
    assert main([old, new]) == 0
    assert "Worse by more than noise: live: registration." in capsys.readouterr().out
    assert main([old, new, "--strict"]) == 1
    assert main([new, old, "--strict"]) == 0


def test_a_measure_that_is_gone_is_as_bad_as_a_worse_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = {"value": 1.0, "unit": "", "better": "higher"}
    old, new = kept(tmp_path, "old.json", live(reading=more)), kept(tmp_path, "new.json", live())
    assert main([old, new, "--strict"]) == 1
    assert Verdict.GONE.value in capsys.readouterr().out


def test_time_on_another_machine_is_not_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def took(ms: float) -> dict[str, Any]:
        return {"value": ms, "unit": "ms", "better": "lower"}

    old = kept(tmp_path, "old.json", live(p99=took(5.0)))
    assert main([old, kept(tmp_path, "new.json", live(cpu="Loom", p99=took(50.0))), "--strict"]) == 0
    assert "Measured on Abacus, 2 cores, then on Loom, 2 cores" in capsys.readouterr().out


def test_baselines_are_shown_but_not_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = live(), live()
    new["baselines"] = live(worse_by=5.0)["baselines"]
    files = [kept(tmp_path, "old.json", old), kept(tmp_path, "new.json", new)]
    assert main([*files, "--strict", "--baselines"]) == 0
    assert "baseline still" in capsys.readouterr().out


def test_a_file_alone_is_compared_with_the_one_in_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []

    def from_git(name: str, revision: str) -> Result:
        asked.append((name, revision))
        return read_result(live(), name)

    monkeypatch.setattr(compare, "_from_git", from_git)
    assert main([kept(tmp_path, "live.json", live(worse_by=1.0)), "--strict", "--against", "v1"]) == 1
    assert asked == [("live.json", "v1")]


def test_what_is_not_in_git_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(InputError, match="give two files instead"):
        main(["nosuch"])


def test_results_of_two_benchmarks_are_not_compared(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="one of live and one of video"):
        main([kept(tmp_path, "live.json", live()), str(RESULTS / "video.json")])


@pytest.mark.parametrize("text", ["", "# words", "{"])
def test_a_file_that_is_no_json_is_one_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="expected JSON"):
        main([str(tmp_path / "a.json"), str(RESULTS / "video.json")])
