"""Step 5: what the network's evidence is worth: a logistic model of being right, and from where on it may say "sure".

Run `python -m language.training.calibrate --work DIR [--model FOLDER]`. Translates the dev split as run time does. A
translation is right when it is the reference apart from case, spaces and punctuation, or when its sentence chrF is at
least 65. Fits on four fifths of the texts by hash and reports on the rest. Writes calibration.json into the model
folder and a reliability table into DIR/calibration.md. It also finds the length above which texts are better cut.
"""

import argparse
import json
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sacrebleu.metrics.chrf import CHRF
from scipy.optimize import minimize

from language.keys import key_of
from language.neural import NeuralTranslator
from language.neural.evidence import LONGEST as LONGEST_UNKNOWN
from language.neural.evidence import NEVER, Calibration, Evidence, confidence, features
from language.normalise import normalise
from language.training.corpora import chance
from language.training.evaluate import read_dev
from language.translation import Translation

RIGHT_CHRF = 65.0
LONGEST = 80
"""Characters of a source that is calibrated on: signs are short, and so are the texts that the thresholds look at."""
SHORT = 40
CUTS = (16, 24, 32, 48, 80)
"""Lengths tried, in pieces of the source, for cutting longer texts."""
MOST_LONG = 30
"""Texts of each direction that they are tried on."""
RIGHT_AMONG_SURE = 0.87
FEWEST = 8
"""A threshold needs this many short texts above it."""
GROUPS = (
    ("es-en", "fr-en", "de-en"),
    ("ja-en", "zh-en"),
    ("ko-en",),
    ("en-ko",),
    ("en-ja", "en-zh-Hans", "en-zh-Hant"),
    ("ja-ko", "zh-ko"),
)
"""Directions that share a threshold."""

_FOLDS = 5
_PENALTY, _PENALTY_DIRECTION = 1.0, 0.3
_log = logging.getLogger(__name__)
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """One dev text with what the network made of it."""

    source: str
    target: str
    evidence: Evidence
    is_right: bool

    @property
    def is_short(self) -> bool:
        """Whether it could be a sign."""
        return len(self.source) <= SHORT


def is_right(target: str, reference: str, metric: CHRF) -> bool:
    """Say whether a translation counts as right against one reference."""
    if key_of(normalise(target)) == key_of(normalise(reference)):
        return True
    return float(metric.sentence_score(target, [reference]).score) >= RIGHT_CHRF


def gather(translator: NeuralTranslator, dev: Mapping[str, Sequence[Sequence[str]]]) -> list[Example]:
    """Translate every dev row [tag, source, target] of at most `LONGEST` characters; blocks for a minute or so.

    What the translator gives no answer to is left out: it is never shown.
    """
    metric = CHRF()
    examples = []
    for direction, every in dev.items():
        source, to = direction.split("-", 1)
        rows = [row for row in every if len(row[1]) <= LONGEST]
        code = "zh-Hans" if source == "zh" else source
        found = translator.evidence([row[1] for row in rows], source=code, to=to)
        examples += [
            Example(row[1], target, evidence, is_right(target, row[2], metric))
            for row, (target, evidence) in zip(rows, found, strict=True)
            if evidence
        ]
        _log.info("%s: %d texts", direction, len(rows))
    return examples


def best_longest(translator: NeuralTranslator, dev: Mapping[str, Sequence[Sequence[str]]]) -> int:
    """Find the length above which texts are better cut, by chrF of the dev texts that are no signs; blocks.

    It follows the longest texts that the model was trained on: far above them it says nothing of use.
    """
    rows = [
        (direction, row)
        for direction, every in dev.items()
        for row in [row for row in every if len(row[1]) > SHORT][:MOST_LONG]
    ]
    if not rows:
        return LONGEST_UNKNOWN
    scores: dict[int, float] = {}
    metric = CHRF()
    for longest in CUTS:
        translator.longest = longest
        said = [
            told.target
            for direction, own in groupby(rows, key=lambda pair: pair[0])
            for told in _told(translator, direction, [row[1] for _, row in own])
        ]
        scores[longest] = float(metric.corpus_score(said, [[row[2] for _, row in rows]]).score)
    _log.info("chrF of long texts by the length of a cut: %s", scores)
    # Of what is nearly as good the longest: each cut costs a sentence its grammar.
    return max(longest for longest in CUTS if scores[longest] >= max(scores.values()) - 0.3)


def _told(translator: NeuralTranslator, direction: str, texts: Sequence[str]) -> list[Translation]:
    source, to = direction.split("-", 1)
    return translator.translate(texts, source="zh-Hans" if source == "zh" else source, to=to)


def fit(examples: Sequence[Example]) -> Calibration:
    """Fit weights and a bias for each direction by penalised maximum likelihood; thresholds are left empty."""
    logs: dict[str, list[float]] = defaultdict(list)
    for example in examples:
        sizes = max(1, example.evidence.target_pieces) / max(1, example.evidence.source_pieces)
        logs[example.evidence.direction].append(float(np.log(sizes)))
    ratios = {direction: float(np.median(values)) for direction, values in sorted(logs.items())}
    rows = [features(example.evidence, ratios[example.evidence.direction]) for example in examples]
    names, directions = list(rows[0]), list(ratios)
    table = np.array([[row[name] for name in names] for row in rows])
    centre, scale = table.mean(axis=0), np.maximum(table.std(axis=0), 1e-3)
    place = [directions.index(example.evidence.direction) for example in examples]
    design = np.hstack([(table - centre) / scale, np.eye(len(directions))[place], np.ones((len(rows), 1))])
    penalty = np.array([_PENALTY] * len(names) + [_PENALTY_DIRECTION] * len(directions) + [0.0])
    solved = _logistic(design, np.array([float(example.is_right) for example in examples]), penalty)
    weights = solved[: len(names)] / scale
    bias = solved[-1] - float(weights @ centre)
    intercepts = solved[len(names) : -1] + bias
    return Calibration(
        weights={name: float(weight) for name, weight in zip(names, weights, strict=True)},
        intercepts={name: float(value) for name, value in zip(directions, intercepts, strict=True)},
        thresholds={},
        length_ratios=ratios,
    )


def _logistic(design: Floats, right: Floats, penalty: Floats) -> Floats:
    def loss(weights: Floats) -> tuple[float, Floats]:
        score = design @ weights
        value = np.logaddexp(0, score).sum() - right @ score + 0.5 * (penalty * weights * weights).sum()
        return float(value), design.T @ (1 / (1 + np.exp(-score)) - right) + penalty * weights

    return np.asarray(minimize(loss, np.zeros(design.shape[1]), jac=True, method="L-BFGS-B").x)


def thresholds(examples: Sequence[Example]) -> dict[str, float]:
    """Give for each direction the confidence from which short texts were right often enough.

    Judged by folds, each by a model that has not seen it: the lowest confidence above which right / (all + 1) is at
    least `RIGHT_AMONG_SURE`. A group of directions without one is left at `NEVER`.
    """
    folds = [int(chance(example.source, "fold") * _FOLDS) for example in examples]
    judged: list[tuple[float, Example]] = []
    for fold in range(_FOLDS):
        model = fit([example for example, number in zip(examples, folds, strict=True) if number != fold])
        seen = [example for example, number in zip(examples, folds, strict=True) if number == fold]
        judged += [(confidence(example.evidence, model), example) for example in seen if example.is_short]
    found: dict[str, float] = {}
    for group in GROUPS:
        ranked = sorted(
            ((value, example.is_right) for value, example in judged if example.evidence.direction in group),
            reverse=True,
        )
        lowest = NEVER
        right = 0
        for count, (value, good) in enumerate(ranked, start=1):
            right += good
            if count >= FEWEST and right / (count + 1) >= RIGHT_AMONG_SURE:
                lowest = value
        found |= dict.fromkeys(group, lowest)
    return found


def report(calibration: Calibration, examples: Sequence[Example]) -> str:
    """Write the reliability table, and what "sure" is worth in each group, for texts that were not fitted on."""
    known = [(confidence(example.evidence, calibration), example) for example in examples]
    lines = [
        f"{len(examples)} dev texts that were not fitted on. Right: the reference apart from case, spaces and "
        f"punctuation, or sentence chrF >= {RIGHT_CHRF:.0f}.",
        "",
        "| confidence | texts | mean confidence | right |",
        "| --- | --- | --- | --- |",
    ]
    for tenth in range(10):
        inside = [(value, example) for value, example in known if tenth <= min(value * 10, 9.999) < tenth + 1]
        if inside:
            mean = sum(value for value, _ in inside) / len(inside)
            lines.append(f"| {tenth / 10:.1f}-{tenth / 10 + 0.1:.1f} | {len(inside)} | {mean:.2f} | {_share(inside)} |")
    lines += ["", "| directions | short texts | right | sure from | sure | right among sure |", "| --- " * 6 + "|"]
    for group in GROUPS:
        short = [pair for pair in known if pair[1].evidence.direction in group and pair[1].is_short]
        start = calibration.thresholds.get(group[0], NEVER)
        sure = [pair for pair in short if pair[0] >= start and pair[1].evidence.digits_kept]
        shown = "never" if start > 1 else f"{start:.2f}"
        lines.append(f"| {' '.join(group)} | {len(short)} | {_share(short)} | {shown} | {len(sure)} | {_share(sure)} |")
    return "\n".join(lines) + "\n"


def _share(judged: Sequence[tuple[float, Example]]) -> str:
    if not judged:
        return "-"
    return f"{sum(example.is_right for _, example in judged) / len(judged):.0%}"


def main() -> None:
    """Read the command line, translate, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--model", type=Path, help="default: WORK/export")
    parser.add_argument("--beam", type=int, default=2, help="as at run time")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    folder = given.model or given.work / "export"
    translator = NeuralTranslator(folder, threads=given.threads, beam=given.beam)
    dev = read_dev(given.work / "data")
    longest = best_longest(translator, dev)
    examples = gather(translator, dev)
    learnt = [example for example in examples if chance(example.source, "calibration") < 0.8]
    held = [example for example in examples if chance(example.source, "calibration") >= 0.8]
    fitted = fit(learnt)
    calibration = Calibration(fitted.weights, fitted.intercepts, thresholds(learnt), fitted.length_ratios)
    names = ("weights", "intercepts", "thresholds", "length_ratios")
    tables = {name: {key: round(value, 5) for key, value in getattr(calibration, name).items()} for name in names}
    written = json.dumps({"longest": longest} | tables, indent=1)
    (folder / "calibration.json").write_text(written + "\n", encoding="utf-8")
    text = report(calibration, held)
    (given.work / "calibration.md").write_text(text, encoding="utf-8")
    _log.info("%s\n%s", folder / "calibration.json", text)


if __name__ == "__main__":
    main()
