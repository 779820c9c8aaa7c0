"""How far a network's translation can be trusted: what speaks for and against it, and what that was worth on dev texts.

Comes in: evidence of one translation, and a calibration that was fitted on texts with known answers. Goes out: a
probability. Knows nothing of how the evidence was found.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from devices.errors import InputError

LONGEST = 80
"""Source pieces that a model is trusted with where nothing is known of it."""

SUPPORT = "support"
"""Name of the one feature that is not asked for where its weight is missing or 0: it needs the word tables."""

NEVER = 2.0
"""A threshold that no confidence reaches."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one translation, besides its words."""

    direction: str
    """Like "ko-en"; the source without its script, because "zh" is read in both."""
    log_probability: float
    """Mean natural log probability a piece, the end included; the sum of both ways when it went through English."""
    source_pieces: int
    target_pieces: int
    margin: float = 0.0
    """By how much the best hypothesis is likelier than the second, in log probability a piece."""
    agreement: float = 1.0
    """How alike the beam's hypotheses are, in [0, 1]."""
    repetition: float = 0.0
    """Share of the target that says again what was just said."""
    odd_share: float = 0.0
    """Share of the source's pieces that are bytes or unknown."""
    digits_kept: bool = True
    retried: bool = False
    """Whether the first attempt was no use."""
    through_english: bool = False
    support: float = 0.0
    """Share of the source's known words that the target has, by the word tables; 0 where there are none to ask."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model of being right, fitted on dev texts by `language.training.calibrate`."""

    weights: Mapping[str, float]
    """By the name of a feature; see `features`."""
    intercepts: Mapping[str, float]
    """By direction."""
    thresholds: Mapping[str, float]
    """Confidence from which a translation is sure, by direction; a direction that is missing is never sure."""
    length_ratios: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """Usual natural log of target pieces over source pieces, by direction."""
    longest: int = LONGEST
    """Source pieces above which a text is better cut."""


def features(evidence: Evidence, length_ratio: float = 0.0) -> dict[str, float]:
    """Give the numbers that the logistic model weighs, each of about unit size."""
    size = max(1, evidence.source_pieces)
    ratio = math.log(max(1, evidence.target_pieces) / size) - length_ratio
    return {
        "log_probability": evidence.log_probability,
        "total_log_probability": max(-30.0, evidence.log_probability * (evidence.target_pieces + 1)) / 10,
        "log_length": math.log(size),
        "long_target": max(0.0, ratio),
        "short_target": max(0.0, -ratio),
        "margin": min(2.0, evidence.margin),
        "agreement": evidence.agreement,
        "repetition": evidence.repetition,
        "odd_share": evidence.odd_share,
        "digits_lost": 0.0 if evidence.digits_kept else 1.0,
        "retried": float(evidence.retried),
        SUPPORT: evidence.support,
    }


def confidence(evidence: Evidence, calibration: Calibration | None) -> float:
    """Give the probability of being right, in [0, 1]; without a calibration a guess of at most 0.5.

    A direction that was not calibrated, and the way through English, count as the worst direction that was.
    """
    if calibration is None:
        return 0.5 * math.exp(min(0.0, evidence.log_probability))
    known = features(evidence, calibration.length_ratios.get(evidence.direction, 0.0))
    total = sum(weight * known.get(name, 0.0) for name, weight in calibration.weights.items())
    worst = min(calibration.intercepts.values(), default=0.0)
    total += worst if evidence.through_english else calibration.intercepts.get(evidence.direction, worst)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def threshold(evidence: Evidence, calibration: Calibration | None) -> float:
    """Give the confidence from which this translation may be called sure, above 1 where none may."""
    if calibration is None or evidence.through_english or not evidence.digits_kept:
        return NEVER
    return calibration.thresholds.get(evidence.direction, NEVER)


def read_calibration(path: Path) -> Calibration | None:
    """Read calibration.json; None where there is none. Raises InputError for a damaged one."""
    if not path.is_file():
        return None
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        longest = int(read.get("longest", LONGEST))
        tables = {
            name: MappingProxyType({str(key): float(value) for key, value in read[name].items()}) for name in _TABLES
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{path}: expected JSON with the tables {', '.join(_TABLES)}, got {error!r}. Fit it again: "
            "python -m language.training.calibrate."
        ) from error
    return Calibration(**tables, longest=longest)


_TABLES = ("weights", "intercepts", "thresholds", "length_ratios")
