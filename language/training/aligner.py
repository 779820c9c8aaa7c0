"""Which word says which: a word aligner on sentence pairs, in NumPy.

Comes in: sentence pairs as numbers of words, with weights. Goes out: for every pair of words in one sentence pair, how
likely each stands for the other. Knows nothing of languages.

The model is IBM model 1 (Brown, Della Pietra, Della Pietra & Mercer 1993) with a prior for the diagonal and sparse
variational Bayes (Dyer, Chahuneau & Smith 2013), in both directions; the last rounds multiply the two directions'
posteriors, so that they come to agree (Liang, Taskar & Klein 2006).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.integer[Any]]
Floats = NDArray[np.floating[Any]]

_ALPHA = 0.01  # Dirichlet prior: a word stands for few words
_NULL = 0.1  # share of words that stand for nothing
_ROUNDS = 5
_AGREEING_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Bitext:
    """Sentence pairs, flat. Sentence i has the words `left[left_starts[i] : left_starts[i + 1]]`, and so on."""

    left: Ints
    left_starts: Ints
    right: Ints
    right_starts: Ints
    weight: Floats
    """How much each sentence pair counts."""
    left_broken: NDArray[np.bool_] | None = None
    """True for each left word that the next one does not follow directly; None: all follow."""
    right_broken: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class Links:
    """Every pair of positions that share a sentence pair."""

    left_at: Ints
    """Position in `Bitext.left`."""
    right_at: Ints
    to_left: Floats
    """How likely the word at `right_at` stands for that at `left_at`, among all left words of its sentence."""
    to_right: Floats
    """The same in the other direction."""


def align(text: Bitext, *, tension: float) -> Links:
    """Align by expectation maximisation; the same input gives the same links.

    `tension` is the pull of the diagonal: 0 for none, 4 for languages with the same word order.
    """
    sentence, left_at, right_at, offset = _positions(text)
    rights = int(text.right.max(initial=0)) + 1
    code = text.left[left_at].astype(np.int64) * rights + text.right[right_at]
    codes, cell = np.unique(code, return_inverse=True)
    cell = cell.astype(np.int32)
    weight = text.weight[sentence]
    diagonal = np.exp(-tension * offset).astype(np.float32)
    to_left = _Side(text.right, right_at, np.repeat(text.weight, np.diff(text.right_starts)), diagonal, codes // rights)
    to_right = _Side(text.left, left_at, np.repeat(text.weight, np.diff(text.left_starts)), diagonal, codes % rights)
    for round_number in range(_ROUNDS + _AGREEING_ROUNDS):
        a, b = to_left.posterior(cell), to_right.posterior(cell)
        if round_number < _ROUNDS:
            to_left.learn(_sums(cell, a * weight, len(codes)), _ALPHA)
            to_right.learn(_sums(cell, b * weight, len(codes)), _ALPHA)
        else:
            both = _sums(cell, a * b * weight, len(codes))
            to_left.learn(both, 0.0)
            to_right.learn(both, 0.0)
    return Links(left_at, right_at, to_left.posterior(cell), to_right.posterior(cell))


class _Side:
    """One direction: each of `made` comes from one word of the other side, or from nothing."""

    def __init__(self, made: Ints, at: Ints, weight: Floats, diagonal: Floats, maker: Ints) -> None:
        self._at = at
        self._size = len(made)
        self._maker = maker
        share = np.bincount(made, weight)
        self._nothing = (_NULL * share / share.sum())[made].astype(np.float32)
        total = np.bincount(at, diagonal, self._size).astype(np.float32)
        self._prior = (1 - _NULL) * diagonal / total[at]
        self._chance: Floats | None = None

    def posterior(self, cell: Ints) -> Floats:
        if self._chance is None:
            return self._prior / (1 - _NULL)
        likely: Floats = self._prior * self._chance[cell]
        total = np.bincount(self._at, likely, self._size).astype(np.float32) + self._nothing
        likely /= total[self._at]
        return likely

    def learn(self, count: Floats, alpha: float) -> None:
        """Set the translation probabilities from expected counts: P(made | maker)."""
        total = _sums(self._maker, count + alpha)[self._maker]
        if alpha:
            self._chance = (_exp_digamma(count + alpha) / _exp_digamma(total)).astype(np.float32)
        else:
            self._chance = (count / np.maximum(total, 1e-30)).astype(np.float32)


def _sums(at: Ints, values: Floats, size: int = 0) -> Floats:
    """Add the values up that belong together."""
    return np.bincount(at, values, size).astype(np.float64, copy=False)


def _positions(text: Bitext) -> tuple[Ints, Ints, Ints, Floats]:
    """Give for all pairs of positions: the sentence, both positions, and the distance from the diagonal in [0, 1]."""
    lefts, rights = np.diff(text.left_starts), np.diff(text.right_starts)
    sizes = lefts * rights
    starts = np.cumsum(sizes) - sizes
    sentence = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    number = np.arange(int(sizes.sum())) - starts[sentence]
    right = number // lefts[sentence]
    left = number - right * lefts[sentence]
    offset = np.abs((left + 0.5) / lefts[sentence] - (right + 0.5) / rights[sentence])
    left_at = (text.left_starts[sentence] + left).astype(np.int32)
    right_at = (text.right_starts[sentence] + right).astype(np.int32)
    return sentence, left_at, right_at, offset


def _exp_digamma(x: Floats) -> Floats:
    """Give exp(digamma(x)) for x > 0: recurrence up to 6, then the asymptotic series (Abramowitz & Stegun 6.3.18)."""
    shift = np.zeros_like(x)
    for step in range(6):
        shift += 1 / (x + step)
    y = 1 / (x + 6)
    square = y * y
    return np.exp(np.log(x + 6) - y / 2 - square * (1 / 12 - square * (1 / 120 - square / 252)) - shift)
