import json
from dataclasses import replace
from pathlib import Path

import pytest

from devices.errors import InputError
from language.neural.evidence import (
    NEVER,
    Calibration,
    Evidence,
    confidence,
    features,
    read_calibration,
    threshold,
)

GOOD = Evidence("ko-en", -0.2, source_pieces=6, target_pieces=5)
CALIBRATION = Calibration(
    weights={"log_probability": 2.0, "repetition": -5.0},
    intercepts={"ko-en": 2.0, "ja-en": 1.0},
    thresholds={"ko-en": 0.8, "ja-en": NEVER},
)


def test_without_a_calibration_nothing_is_sure() -> None:
    certain = replace(GOOD, log_probability=0.0)
    assert confidence(certain, None) == 0.5
    assert threshold(certain, None) > 1


def test_confidence_follows_the_evidence() -> None:
    assert confidence(GOOD, CALIBRATION) == pytest.approx(0.832, abs=0.001)
    assert confidence(replace(GOOD, log_probability=-2.0), CALIBRATION) < confidence(GOOD, CALIBRATION)
    assert confidence(replace(GOOD, repetition=0.5), CALIBRATION) < confidence(GOOD, CALIBRATION)
    assert 0 <= confidence(replace(GOOD, log_probability=-1e6), CALIBRATION) < 1e-6


def test_what_was_not_calibrated_counts_as_the_worst() -> None:
    worst = confidence(replace(GOOD, direction="ja-en"), CALIBRATION)
    assert confidence(replace(GOOD, direction="xx-en"), CALIBRATION) == worst
    assert confidence(replace(GOOD, through_english=True), CALIBRATION) == worst


@pytest.mark.parametrize("change", [{"direction": "xx-en"}, {"through_english": True}, {"digits_kept": False}])
def test_never_sure(change: dict[str, str | bool]) -> None:
    assert threshold(GOOD, CALIBRATION) == 0.8
    assert threshold(replace(GOOD, **change), CALIBRATION) > 1  # type: ignore[arg-type]


def test_lengths_are_judged_against_what_is_usual() -> None:
    short = replace(GOOD, source_pieces=12)
    assert features(short)["short_target"] > 0
    assert features(short)["long_target"] == 0
    assert features(short, length_ratio=-2.0)["short_target"] == 0


def test_reading(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    assert read_calibration(path) is None
    tables = {"weights": {"margin": 1}, "intercepts": {}, "thresholds": {"ko-en": 0.9}, "length_ratios": {}}
    path.write_text(json.dumps(tables | {"about": "anything"}), encoding="utf-8")
    read = read_calibration(path)
    assert read is not None
    assert (read.weights["margin"], read.thresholds["ko-en"]) == (1.0, 0.9)


@pytest.mark.parametrize("content", ["", "[]", '{"weights": {}}', '{"weights": {"a": "x"}}'])
def test_a_damaged_file(tmp_path: Path, content: str) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="calibrate"):
        read_calibration(path)


def test_backing_by_the_word_tables_counts_only_where_it_was_calibrated() -> None:
    backed = replace(GOOD, support=1.0)
    assert confidence(backed, CALIBRATION) == confidence(GOOD, CALIBRATION)
    asked = replace(CALIBRATION, weights={**CALIBRATION.weights, "support": 1.5})
    assert confidence(backed, asked) > confidence(GOOD, asked)
