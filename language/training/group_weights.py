"""Softmax regression over hashed letter groups.

Comes in: groups of short texts with their languages. Goes out: a table of signed bytes. Knows nothing of letters.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from language.letter_groups import STEP, GroupTable, rows_of

_BATCH, _RATE = 256, 0.5
# Groups that overlap are less independent than their sum takes them for: measured on texts held out.
_TEMPERATURE = 1.5

_log = logging.getLogger(__name__)
_Floats = npt.NDArray[np.float32]
_Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Sample:
    """One short text: its groups, and how likely each class is (sums to 1)."""

    groups: Sequence[str]
    classes: Mapping[str, float]


def fit(
    samples: Iterable[Sample], languages: tuple[str, ...], *, zero: str | None, rows: int, epochs: int, seed: int = 0
) -> GroupTable:
    """Fit a table by Adagrad (Duchi et al. 2011), all classes with the same weight; blocks.

    `zero` is a further class whose weights are the zero of the table's columns; without it their mean is.
    """
    classes = (*languages, zero) if zero else languages
    found: list[_Ints] = []
    shares: list[list[float]] = []
    for sample in samples:
        if sample.groups:
            found.append(np.array(rows_of(sample.groups, rows), dtype=np.int32))
            shares.append([sample.classes.get(name, 0.0) for name in classes])
    wanted = np.array(shares, np.float32)
    importance = wanted @ (wanted.mean() / np.maximum(wanted.mean(axis=0), 1e-9))[:, None] if zero is None else None
    weights = np.zeros((rows, len(classes)), np.float32)
    spread = np.full((rows, 1), 1e-3, np.float32)
    for epoch in range(epochs):
        order = np.random.default_rng(seed + epoch).permutation(len(found))
        losses = []
        for batch in np.split(order, range(_BATCH, len(order), _BATCH)):
            weigh = importance[batch] if importance is not None else np.ones((len(batch), 1), np.float32)
            losses.append(_step(weights, spread, [found[place] for place in batch], wanted[batch], weigh))
        _log.info("epoch %d: loss %.4f", epoch + 1, np.mean(losses))
    odds = weights[:, :-1] - weights[:, -1:] if zero else weights - weights.mean(axis=1, keepdims=True)
    units = np.clip(np.round(odds / _TEMPERATURE / STEP), -127, 127).astype(np.int8)
    units.flags.writeable = False
    return GroupTable(languages, units)


def _step(weights: _Floats, spread: _Floats, rows: list[_Ints], wanted: _Floats, weigh: _Floats) -> float:
    sizes = np.array([len(found) for found in rows])
    scale = (1 / np.sqrt(sizes)).astype(np.float32)[:, None]
    flat = np.concatenate(rows)
    scores = np.add.reduceat(weights[flat], np.concatenate([[0], np.cumsum(sizes)[:-1]]), axis=0) * scale
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    each = np.repeat((shares - wanted) * weigh * scale, sizes, axis=0)
    used, place = np.unique(flat, return_inverse=True)
    slope = np.stack([np.bincount(place, each[:, column], len(used)) for column in range(each.shape[1])], axis=1)
    spread[used] += (slope**2).mean(axis=1, keepdims=True)
    weights[used] -= _RATE * slope / np.sqrt(spread[used])
    return -float((np.log(shares + 1e-9) * wanted).sum(axis=1).mean())
