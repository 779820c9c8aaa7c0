"""The token store: every sentence once, pairs of them by direction, and the order in which training sees them.

Comes in: the arrays that prepare wrote. Goes out: padded batches. Knows nothing of text and nothing of torch.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PAD, UNK, BOS, EOS = 0, 1, 2, 3
_GOLDEN = 0.6180339887498949

# Share of the drawn pairs by direction. Korean both ways comes first.
SHARE = {
    "ko-en": 0.20,
    "en-ko": 0.18,
    "ja-en": 0.12,
    "zh-en": 0.12,
    "es-en": 0.07,
    "fr-en": 0.06,
    "de-en": 0.06,
    "en-ja": 0.06,
    "en-zh-Hans": 0.045,
    "en-zh-Hant": 0.025,
    "ja-ko": 0.03,
    "zh-ko": 0.03,
}
# Short first: (tokens trained so far, longest side in tokens that is drawn from there on).
CURRICULUM = ((0, 10), (1_500_000, 16), (4_000_000, 28), (12_000_000, 48), (40_000_000, 96))


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded token ids: source `(B, S)`, target_in and target_out `(B, T)`, all int64; `tokens` counts real ones."""

    source: NDArray[np.int64]
    target_in: NDArray[np.int64]
    target_out: NDArray[np.int64]
    tokens: int


@dataclass(frozen=True, slots=True)
class TokenStore:
    """Sentences as one flat array with offsets; pairs as (source sentence, target sentence, direction, weight)."""

    flat: NDArray[np.uint16]
    offsets: NDArray[np.int64]
    source: NDArray[np.int32]
    target: NDArray[np.int32]
    direction: NDArray[np.uint8]
    weight: NDArray[np.float32]
    directions: tuple[str, ...]
    tags: tuple[int, ...]

    @classmethod
    def load(cls, folder: Path) -> "TokenStore":
        """Open the store that prepare wrote into `folder`."""
        about = json.loads((folder / "store.json").read_text(encoding="utf-8"))
        arrays = {
            name: np.load(folder / f"{name}.npy")
            for name in ("flat", "offsets", "source", "target", "direction", "weight")
        }
        return cls(**arrays, directions=tuple(about["directions"]), tags=tuple(about["tags"]))

    def sentence(self, index: int) -> NDArray[np.uint16]:
        """Return the token ids of one sentence."""
        return self.flat[self.offsets[index] : self.offsets[index + 1]]

    def lengths(self) -> NDArray[np.int64]:
        """Return the tokens of the longer side of every pair."""
        sizes = np.diff(self.offsets)
        return np.maximum(sizes[self.source], sizes[self.target])


def vocabulary_of(folder: Path) -> int:
    """Return the number of pieces of the tokenizer that the store in `folder` was made with."""
    return int(json.loads((folder / "store.json").read_text(encoding="utf-8"))["vocabulary"])


def longest_at(tokens: int) -> int:
    """Return the longest side, in tokens, that the curriculum draws after `tokens` trained tokens."""
    return [longest for start, longest in CURRICULUM if tokens >= start][-1]


class Order:
    """Which pairs are trained, in which order: chunks of draws, each cut into batches of like length.

    Inside a direction, draws follow the golden-ratio sequence over a shuffled weight line: every pair comes round at
    regular distances in proportion to its weight, without being stored as "seen". So a chunk depends only on its
    number, the seed and the curriculum's limit, and training resumes exactly.
    """

    def __init__(self, store: TokenStore, *, seed: int, batch_tokens: int, chunk_pairs: int = 16384) -> None:
        self._store = store
        self._seed = seed
        self._batch_tokens = batch_tokens
        present = [name for name in store.directions if SHARE.get(name, 0.0) > 0]
        total = sum(SHARE[name] for name in present)
        self._counts = {name: round(chunk_pairs * SHARE[name] / total) for name in present}
        self._lines: dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]] = {}
        self._longest = -1

    def _limit(self, longest: int) -> None:
        if longest == self._longest:
            return
        fits = self._store.lengths() <= longest
        for name in self._counts:
            code = self._store.directions.index(name)
            chosen = np.flatnonzero(fits & (self._store.direction == code) & (self._store.weight > 0))
            if chosen.size == 0:
                raise ValueError(
                    f"no pair of direction {name} is at most {longest} tokens long; expected some. "
                    "Prepare again with more data, or take the direction out of SHARE."
                )
            chosen = np.random.default_rng((self._seed, code)).permutation(chosen)
            line = np.cumsum(self._store.weight[chosen], dtype=np.float64)
            self._lines[name] = (chosen, line / line[-1])
        self._longest = longest

    def chunk(self, number: int, longest: int) -> list[Batch]:
        """Return the batches of chunk `number` (from 0), with no side longer than `longest` tokens."""
        self._limit(longest)
        drawn = []
        for name, count in self._counts.items():
            chosen, line = self._lines[name]
            at = ((np.arange(count, dtype=np.float64) + number * count) * _GOLDEN + 0.5) % 1.0
            drawn.append(chosen[np.minimum(np.searchsorted(line, at, side="right"), chosen.size - 1)])
        pairs = np.concatenate(drawn)
        rng = np.random.default_rng((self._seed, 1000 + number))
        rng.shuffle(pairs)
        sizes = np.diff(self._store.offsets)
        source_size, target_size = sizes[self._store.source[pairs]], sizes[self._store.target[pairs]]
        pairs = pairs[np.lexsort((target_size, source_size, np.maximum(source_size, target_size) // 2))]
        groups = list(self._cut(pairs, sizes))
        return [self._pad(groups[index]) for index in rng.permutation(len(groups))]

    def _cut(self, pairs: NDArray[np.int64], sizes: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
        first, widest_source, widest_target = 0, 0, 0
        for index, pair in enumerate(pairs):
            # The source carries its end mark; the target begin or end mark.
            widest_source = max(widest_source, int(sizes[self._store.source[pair]]) + 2)
            widest_target = max(widest_target, int(sizes[self._store.target[pair]]) + 1)
            if (index + 1 - first) * (widest_source + widest_target) > self._batch_tokens and index > first:
                yield pairs[first:index]
                first = index
                widest_source = int(sizes[self._store.source[pair]]) + 2
                widest_target = int(sizes[self._store.target[pair]]) + 1
        if first < len(pairs):
            yield pairs[first:]

    def _pad(self, pairs: NDArray[np.int64]) -> Batch:
        store = self._store
        sources = [store.sentence(store.source[pair]) for pair in pairs]
        targets = [store.sentence(store.target[pair]) for pair in pairs]
        rows = len(pairs)
        source = np.zeros((rows, max(map(len, sources)) + 2), np.int64)
        target_in = np.zeros((rows, max(map(len, targets)) + 1), np.int64)
        target_out = np.zeros_like(target_in)
        for row, (pair, left, right) in enumerate(zip(pairs, sources, targets, strict=True)):
            source[row, 0] = store.tags[store.direction[pair]]
            source[row, 1 : len(left) + 1] = left
            source[row, len(left) + 1] = EOS
            target_in[row, 0] = BOS
            target_in[row, 1 : len(right) + 1] = right
            target_out[row, : len(right)] = right
            target_out[row, len(right)] = EOS
        return Batch(source, target_in, target_out, int((source > 0).sum() + (target_out > 0).sum()))
