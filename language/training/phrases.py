"""What a unit, or two or three beside each other, stand for in aligned text: counted.

Comes in: sentence pairs and how likely each pair of words is. Goes out: for each short phrase of the left side its
translations with their counts. Knows nothing of languages.

A translation is the right side's words from the first to the last that are linked to the phrase, where none of them is
linked elsewhere (the consistent phrase pairs of Och & Ney 2004, without their loose edges).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from language.training.aligner import Bitext, Ints, Links

LONGEST = 3
"""Units of the longest phrase, on both sides."""

_SURE, _FAIR = 0.4, 0.15  # a link needs one of these in either direction, and the other in the other
_BITS = 21
_NONE = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase of the left side and what it stands for."""

    units: tuple[int, ...]
    times: int
    """In how many places it stands."""
    weight: float
    """The same, each place as heavy as its sentence."""
    translations: tuple[tuple[tuple[int, ...], float], ...]
    """Words of the right side and their weight, the heaviest first; no words where nothing stands for the phrase."""


def flipped(text: Bitext, links: Links) -> tuple[Bitext, Links]:
    """Exchange left and right."""
    return (
        Bitext(
            text.right,
            text.right_starts,
            text.left,
            text.left_starts,
            text.weight,
            text.right_broken,
            text.left_broken,
        ),
        Links(links.right_at, links.left_at, links.to_right, links.to_left),
    )


def count_phrases(text: Bitext, links: Links, *, least: int, most_translations: int = 8) -> Iterator[Phrase]:
    """Yield every left unit, and every longer phrase that stands in at least `least` places."""
    reach = _reach(text, links)
    for length in range(1, LONGEST + 1):
        starts = _starts(text, length)
        phrase = _pack([text.left[starts + step] for step in range(length)])
        phrases, number, times = np.unique(phrase, return_inverse=True, return_counts=True)
        if length > 1:
            often = times[number] >= least
            starts, number = starts[often], number[often]
        translation = reach.translation(starts, length)
        weight = text.weight[np.searchsorted(text.left_starts, starts, side="right") - 1]
        totals = np.bincount(number, weight, len(phrases))
        translations, which = np.unique(translation, return_inverse=True)
        pair, place = np.unique(number.astype(np.int64) * len(translations) + which, return_inverse=True)
        weights = np.bincount(place, weight, len(pair))
        owner = pair // len(translations)
        order = np.lexsort((-weights, owner))
        owners, firsts = np.unique(owner[order], return_index=True)
        for position, (index, first) in enumerate(zip(owners.tolist(), firsts.tolist(), strict=True)):
            last = firsts[position + 1] if position + 1 < len(firsts) else len(order)
            chosen = order[first : min(last, first + most_translations)]
            found = tuple(
                (_unpack(translations[pair[at] % len(translations)]), float(weights[at])) for at in chosen.tolist()
            )
            yield Phrase(_unpack(phrases[index]), int(times[index]), float(totals[index]), found)


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far the links of each position reach on the other side; `low > high` where it has none."""

    words: Ints
    low: Ints
    high: Ints
    back_low: Ints
    back_high: Ints
    best: Ints
    """For each left position its best right position, -1 for none."""

    def translation(self, starts: Ints, length: int) -> Ints:
        """Give the packed translation of each phrase; 0 for none."""
        low, high = self.low[starts], self.high[starts]
        for step in range(1, length):
            low, high = np.minimum(low, self.low[starts + step]), np.maximum(high, self.high[starts + step])
        linked = high >= 0
        good = linked & (high - low < LONGEST)
        last = len(self.words) - 1
        steps: list[Ints] = []
        for step in range(LONGEST):
            at = np.where(linked, np.minimum(low + step, last), 0)
            inside = linked & (low + step <= high)
            good &= ~inside | (self.back_low[at] >= starts) & (self.back_high[at] < starts + length)
            steps.append(np.where(inside, self.words[at].astype(np.int64) + 1, 0))
        packed = _pack_raw(steps)
        if length > 1:
            return np.where(good, packed, 0)
        best = self.best[starts]
        return np.where(good, packed, np.where(best >= 0, self.words[best].astype(np.int64) + 1, 0))


def _reach(text: Bitext, links: Links) -> _Reach:
    weak = np.minimum(links.to_left, links.to_right) > _FAIR
    kept = weak & (np.maximum(links.to_left, links.to_right) > _SURE)
    left, right = links.left_at[kept].astype(np.int64), links.right_at[kept].astype(np.int64)
    score = links.to_left[kept] * links.to_right[kept]
    low, high = _extent(left, right, len(text.left))
    back_low, back_high = _extent(right, left, len(text.right))
    best = np.full(len(text.left), -1, np.int64)
    rising = np.argsort(score, kind="stable")
    best[left[rising]] = right[rising]
    return _Reach(text.right, low, high, back_low, back_high, best)


def _extent(at: Ints, other: Ints, size: int) -> tuple[Ints, Ints]:
    low, high = np.full(size, _NONE, np.int64), np.full(size, -1, np.int64)
    np.minimum.at(low, at, other)
    np.maximum.at(high, at, other)
    return low, high


def _starts(text: Bitext, length: int) -> Ints:
    """Give the left positions at which a phrase of this length fits into its sentence, in one piece."""
    room = np.repeat(text.left_starts[1:], np.diff(text.left_starts)) - np.arange(len(text.left))
    fits = room >= length
    if text.left_broken is not None:
        for step in range(length - 1):
            fits[: len(fits) - step] &= ~text.left_broken[step:]
    return np.flatnonzero(fits)


def _pack(columns: list[Ints]) -> Ints:
    return _pack_raw([column.astype(np.int64) + 1 for column in columns])


def _pack_raw(columns: list[Ints]) -> Ints:
    """Put up to three numbers below 2 ** 21 into one; 0 is no number."""
    packed = columns[0]
    for shift, column in enumerate(columns[1:], start=1):
        packed = packed | column << (_BITS * shift)
    return packed


def _unpack(packed: int) -> tuple[int, ...]:
    numbers = (int(packed) >> (_BITS * shift) & (1 << _BITS) - 1 for shift in range(LONGEST))
    return tuple(number - 1 for number in numbers if number)
