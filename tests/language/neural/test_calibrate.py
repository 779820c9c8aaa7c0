from pathlib import Path

import numpy as np
import pytest

from language.neural import NeuralTranslator
from language.neural.evidence import NEVER, Calibration, Evidence, confidence

calibrate = pytest.importorskip("language.training.calibrate", reason="needs the train extra: pip install sacrebleu")


def examples(count: int = 400, *, direction: str = "ko-en", best: float = 0.98) -> list[object]:
    """Texts that are right the likelier, the higher their log probability is."""
    rng = np.random.default_rng(5)
    made: list[object] = []
    for number in range(count):
        log_probability = float(-rng.exponential(0.8))
        evidence = Evidence(direction, log_probability, source_pieces=5, target_pieces=4)
        right = bool(rng.random() < best * np.exp(2 * log_probability + 0.2))
        made.append(calibrate.Example(f"{direction} {number}", "x", evidence, right))
    return made


def test_the_fit_knows_how_often_it_is_right() -> None:
    made = examples()
    model = calibrate.fit(made)
    values = np.array([confidence(example.evidence, model) for example in made])  # type: ignore[attr-defined]
    right = np.array([example.is_right for example in made])  # type: ignore[attr-defined]
    assert values.mean() == pytest.approx(right.mean(), abs=0.02)
    high = values > np.median(values)
    assert right[high].mean() > right[~high].mean() + 0.2
    assert values[high].mean() == pytest.approx(right[high].mean(), abs=0.06)


def test_a_threshold_is_where_enough_are_right() -> None:
    made = [*examples(), *examples(direction="en-ko", best=0.3)]
    found = calibrate.thresholds(made)
    assert 0.5 < found["ko-en"] < 1
    # Hardly one in three is right there: never sure, and a group without texts neither.
    assert found["en-ko"] == NEVER
    assert found["ja-en"] == NEVER


def test_right_is_forgiving_about_spelling_only() -> None:
    metric = calibrate.CHRF()
    assert calibrate.is_right("NO SMOKING!", "No smoking", metric)
    assert calibrate.is_right("Please take off your shoes here", "Please take your shoes off here", metric)
    assert not calibrate.is_right("Smoking area", "No smoking", metric)


def test_the_report_counts_what_is_shown_as_sure() -> None:
    made = examples(100)
    model = calibrate.fit(made)
    always = Calibration(model.weights, model.intercepts, {"ko-en": 0.0}, model.length_ratios)
    text = calibrate.report(always, made)
    share = sum(example.is_right for example in made)  # type: ignore[attr-defined]
    assert f"| ko-en | 100 | {share}% | 0.00 | 100 | {share}% |" in text
    assert "| en-ko | 0 | - | never | 0 | - |" in text


def test_dev_rows_become_examples(translator: NeuralTranslator) -> None:
    dev = {"ko-en": [["tag", "출구는 왼쪽에 있습니다", "The exit is on the left."], ["tag", "출구 " * 40, "Exit"]]}
    (example,) = calibrate.gather(translator, dev)
    assert example.is_right
    assert example.is_short
    assert example.evidence.direction == "ko-en"


def test_chinese_is_one_source(translator: NeuralTranslator) -> None:
    (example,) = calibrate.gather(translator, {"zh-en": [["tag", "小心地滑", "Wet floor"]]})
    assert example.evidence.direction == "zh-en"
    assert not example.is_right


def test_the_command(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dev = tmp_path / "data" / "dev"
    dev.mkdir(parents=True)
    references = ("The exit is on the left", "Wet floor")
    rows = "".join(f"tag\t출구 {number}번\t{references[number % 2]}\n" for number in range(40))
    (dev / "ko-en.tsv").write_text(rows, encoding="utf-8")
    model = tmp_path / "model"
    model.mkdir()
    for path in folder.iterdir():
        (model / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr("sys.argv", ["calibrate", "--work", str(tmp_path), "--model", str(model)])
    calibrate.main()
    assert "| ko-en |" in (tmp_path / "calibration.md").read_text(encoding="utf-8")
    (told,) = NeuralTranslator(model).translate(["출구"], source="ko", to="en")
    assert not told.sure
