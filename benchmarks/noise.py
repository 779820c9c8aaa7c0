"""Whether a measure changed by more than it changes by itself.

In: the row of an old run and of a new one. Out: the change, an interval for it, a verdict. Clips are the same in both
runs (fixed seeds), so their differences are resampled, not the two runs: what one clip is harder than another is no
noise. Method: percentile bootstrap, Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap

from benchmarks.rows import HIGHER, Row

CONFIDENCE = 0.95
_RESAMPLES = 4000
_SEED = 5
_FEWEST = 3  # clips; fewer give no interval

MACHINE_UNITS = frozenset({"ms", "s", "fps", "MB", "J", "texts/s"})
"""Of measures that also depend on the machine and on what else it does."""
_MACHINE_SHARE, _OWN_SHARE = 0.10, 0.02  # of the old value: a smaller change says nothing where nothing better is known
_LEAST = {"ms": 0.5, "MB": 5.0, "s": 0.01, "%": 0.1}  # smaller changes are never worth a word

Interval = tuple[float, float]


class Verdict(Enum):
    """What became of a measure."""

    SAME = ""
    WORSE = "worse"
    BETTER = "better"
    NEW = "new"
    GONE = "gone"
    """Measured before and no more: nobody would see it become worse."""
    ELSEWHERE = "other machine"
    """A figure of time or memory, from two machines."""


@dataclass(frozen=True, slots=True)
class Change:
    """One measure in two runs."""

    old: Row | None
    new: Row | None
    verdict: Verdict
    interval: Interval | None = None
    """Of new - old, in the measure's unit; None where too few clips were kept."""

    @property
    def difference(self) -> float | None:
        """New - old; None where one of them is missing."""
        return None if self.old is None or self.new is None else self.new.value - self.old.value


def judge(old: Row | None, new: Row | None, *, same_machine: bool = True) -> Change:
    """Compare. It is worse, or better, where it changed by more than its noise.

    That is: the interval of the change leaves out 0, and the change is larger than what such a figure changes by from
    run to run. That share is assumed: 10 % for time and memory, which depend on what else the machine does; for
    others 2 % where there is no interval, nothing where there is one.
    """
    if old is None or new is None:
        return Change(old, new, Verdict.NEW if old is None else Verdict.GONE)
    interval = change_interval(old.samples, new.samples)
    if new.unit in MACHINE_UNITS and not same_machine:
        return Change(old, new, Verdict.ELSEWHERE, interval)
    gain = new.value - old.value if new.better == HIGHER else old.value - new.value
    if abs(gain) <= _noise(old, interval) or (interval and not _leaves_out_zero(interval, gain, new.better)):
        return Change(old, new, Verdict.SAME, interval)
    return Change(old, new, Verdict.BETTER if gain > 0 else Verdict.WORSE, interval)


def change_interval(old: Sequence[float | None], new: Sequence[float | None]) -> Interval | None:
    """Interval of the mean change from clip to the same clip, or of the means where the clips are others."""
    if len(old) == len(new):
        pairs = [b - a for a, b in zip(old, new, strict=True) if a is not None and b is not None]
        return mean_interval(pairs)
    before, after = (np.array([one for one in samples if one is not None], np.float64) for samples in (old, new))
    if min(len(before), len(after)) < _FEWEST:
        return None
    return _resampled((after, before), _difference_of_means)


def mean_interval(samples: Sequence[float | None]) -> Interval | None:
    """Interval of the mean; None where there are too few samples."""
    known = np.array([one for one in samples if one is not None], np.float64)
    if len(known) < _FEWEST:
        return None
    return _resampled((known,), np.mean)


def _resampled(samples: tuple[NDArray[np.float64], ...], statistic: Any) -> Interval:
    spread = bootstrap(
        samples,
        statistic,
        n_resamples=_RESAMPLES,
        confidence_level=CONFIDENCE,
        method="percentile",
        vectorized=True,
        rng=np.random.default_rng(_SEED),
    ).confidence_interval
    return float(spread.low), float(spread.high)


def _difference_of_means(a: NDArray[np.float64], b: NDArray[np.float64], axis: int = -1) -> NDArray[np.float64]:
    difference: NDArray[np.float64] = np.mean(a, axis=axis) - np.mean(b, axis=axis)
    return difference


def _noise(old: Row, interval: Interval | None) -> float:
    share = _MACHINE_SHARE if old.unit in MACHINE_UNITS else 0.0 if interval else _OWN_SHARE
    return max(share * abs(old.value), _LEAST.get(old.unit, 0.0))


def _leaves_out_zero(interval: Interval, gain: float, better: str) -> bool:
    """Whether the whole interval lies on the side on which the value went."""
    rose = (gain > 0) == (better == HIGHER)
    return interval[0] > 0 if rose else interval[1] < 0
