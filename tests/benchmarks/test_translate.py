"""The translation benchmark as a whole, on two sentences and a network that says one sentence."""

import io
import json
import pkgutil
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import benchmarks.translate
from benchmarks.sign_accuracy import Question
from benchmarks.translate import main
from benchmarks.translation_cost import quantile, short_signs
from benchmarks.translation_report import markdown, targets
from language.lexicon_file import FILE_NAME, Candidate, Row, Spellings, write_lexicon
from tests.language.neural.tiny import SENTENCE, glossa_folder


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of the benchmark."""

    result: dict[str, Any]
    said: str
    out: Path


SIGNS = [
    Question("출구는 왼쪽에 있습니다", "ko", "en", (SENTENCE,)),
    Question("화장실은 위층", "ko", "en", ("Toilets upstairs",)),
]


def measure_here(function: str, **arguments: Any) -> tuple[Any, None]:
    """As `benchmarks.cost.measure`, which has a test of its own, without a process for each run."""
    return pkgutil.resolve_name(function)(**arguments), None


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    folder = tmp_path_factory.mktemp("bench")
    dev = folder / "dev"
    dev.mkdir()
    pairs = [("tatoeba", "출구가 왼쪽에 있어요", SENTENCE), ("pydocs", "문을 닫아 주세요 7", "Please close the door 7")]
    (dev / "ko-en.tsv").write_text("".join("\t".join(row) + "\n" for row in pairs), encoding="utf-8")
    model, out = glossa_folder(folder / "model"), folder / "out" / "translate.json"
    rows = [Row("▁출구", 8.0, (Candidate("exit", 0.9),))]
    write_lexicon(model / FILE_NAME, {"ko-en": rows}, spellings=Spellings(), about="")
    words = ["--model", str(model), "--dev", str(dev), "--out", str(out), "--quick", "--markdown"]
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()) as said:
        patch.setattr(benchmarks.translate, "load_questions", lambda most: SIGNS[:most])
        patch.setattr(benchmarks.translate, "measure", measure_here)
        assert main(words) == 0
    return Measured(json.loads(out.read_text(encoding="utf-8")), said.getvalue(), out)


def test_all_parts_are_measured_told_and_drawn(measured: Measured) -> None:
    result = measured.result
    everyday = result["quality"]["directions"]["ko-en"]["systems"]["auto"]["everyday"]
    assert everyday == {"texts": 1, "chrf": 100.0, "bleu": 100.0}
    assert result["signs"]["systems"]["glossa"]["right"] == 0.5
    assert result["signs"]["given"]["directions"]["ko-en"]["texts"] == 2
    assert result["gloss"]["signs"]["ko-en"]["texts"] == 2
    assert result["numbers"]["auto"]["texts"] == 1
    assert result["calibration"]["signs"]["texts"] == 2
    assert result["speed"]["one"]["p95_ms"] >= result["speed"]["one"]["p50_ms"] > 0
    assert result["memory"]["auto"]["mb"] > 0
    assert result["skipped"] == {}
    assert result["model"]["mb"] > 0
    assert measured.out.with_suffix(".png").is_file()
    assert "| everyday sentences ko → en, chrF | ≥ 34.0 | ≥ 46.0 | 100.0 | goal |" in measured.said
    assert "nc:6" in measured.said


def test_no_path_of_this_machine_is_written_down(measured: Measured) -> None:
    assert str(measured.out.parents[1]) not in json.dumps(measured.result)


def test_what_cannot_be_measured_is_skipped_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("benchmarks.translate.NETWORK", tmp_path / "none")
    monkeypatch.setattr("benchmarks.translate.load_questions", lambda most: SIGNS)
    out = tmp_path / "t.json"
    assert main(["--corpora", str(tmp_path), "--parts", "quality,speed", "--out", str(out)]) == 0
    result = json.loads(out.read_text(encoding="utf-8"))
    assert result["skipped"].keys() == {"quality", "speed"}
    assert "ko-en.tsv.xz" in result["skipped"]["quality"]
    assert "Not measured: speed. Our network" in capsys.readouterr().out
    assert result["targets"] == []


def test_an_unknown_part_lists_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--parts", "poems"])
    assert "known: quality, signs, gloss, speed, memory" in capsys.readouterr().err


def promised(**changes: float) -> list[dict[str, Any]]:
    value = {"right": 0.8, "kept": 1.0, "wrong": 0.1, "p50_ms": 10.0, "mb": 100.0, "chrf": 60.0} | changes
    return targets(
        {
            "quality": {"directions": {"fr-en": {"systems": {"auto": {"everyday": {"chrf": value["chrf"]}}}}}},
            "signs": {"systems": {"auto": {"right": value["right"]}}},
            "numbers": {"auto": {"kept": value["kept"]}},
            "calibration": {"signs": {"wrong_among_sure": value["wrong"]}},
            "speed": {"one": {"p50_ms": value["p50_ms"]}},
            "memory": {"auto": {"mb": value["mb"]}},
        }
    )


def test_good_numbers_reach_every_target_and_the_best_every_goal() -> None:
    assert len(promised()) == 6
    assert all(row["reached"] for row in promised())
    best = promised(right=0.95, wrong=0.01, p50_ms=5.0, mb=70.0, chrf=64.0)
    assert all(row["goal_met"] for row in best)


@pytest.mark.parametrize(
    "change", [{"right": 0.7}, {"kept": 0.99}, {"wrong": 0.2}, {"p50_ms": 16.0}, {"mb": 151.0}, {"chrf": 51.0}]
)
def test_each_bad_number_misses_its_target(change: dict[str, float]) -> None:
    assert sum(not row["reached"] for row in promised(**change)) == 1


def test_nothing_measured_promises_nothing() -> None:
    assert targets({"machine": {}}) == []
    machine = {"cpu": "Abacus", "cores": 2, "system": "Linux", "date": "2025-01-01"}
    assert "Abacus, 2 cores" in markdown({"machine": machine})


def test_short_signs_come_from_every_direction_in_turn() -> None:
    texts = [["a", "de", "en"], ["b" * 13, "de", "en"], ["c", "de", "en"], ["d", "fr", "en"], ["e", "de", "en"]]
    assert [text for text, _, _ in short_signs(texts, len, 3)] == ["a", "d", "c"]
    assert short_signs([], len, 3) == []


def test_quantiles() -> None:
    assert (quantile([3.0, 1.0, 2.0], 0.5), quantile([float(n) for n in range(100)], 0.95)) == (2.0, 95.0)
