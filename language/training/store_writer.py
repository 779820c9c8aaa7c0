"""Writes the token store: every sentence once, pairs of them by direction.

Comes in: texts and pairs of sentence numbers. Goes out: the arrays that `store.TokenStore` opens.
"""

import json
from collections import defaultdict
from pathlib import Path

import numpy as np
import sentencepiece

from language.training.tokenizer import tag_piece

LONGEST = 96
"""Tokens of the longer side at most."""


class StoreWriter:
    """Collects sentences and pairs, and writes them at the end."""

    def __init__(self, tokenizer: sentencepiece.SentencePieceProcessor, threads: int) -> None:
        self._tokenizer = tokenizer
        self._threads = threads
        self._flat: list[np.ndarray] = []
        self._sizes: list[np.ndarray] = []
        self._count = 0
        self.rows: dict[str, list[tuple[np.ndarray, np.ndarray, np.ndarray]]] = defaultdict(list)

    def add_sentences(self, texts: list[str]) -> np.ndarray:
        """Encode the texts and return their sentence numbers."""
        for start in range(0, len(texts), 50_000):
            coded = self._tokenizer.encode(texts[start : start + 50_000], out_type=int, num_threads=self._threads)
            self._sizes.append(np.fromiter(map(len, coded), np.int64, len(coded)))
            self._flat.append(
                np.fromiter((token for ids in coded for token in ids), np.uint16, int(self._sizes[-1].sum()))
            )
        numbers = np.arange(self._count, self._count + len(texts), dtype=np.int32)
        self._count += len(texts)
        return numbers

    def add_pairs(self, direction: str, source: np.ndarray, target: np.ndarray, weight: np.ndarray) -> None:
        """Add pairs of sentence numbers, and how often each is drawn relative to the others of its direction."""
        self.rows[direction].append((source, target, weight))

    def add_texts(self, direction: str, sources: list[str], targets: list[str], weight: np.ndarray) -> None:
        """Encode and add pairs that no other direction shares."""
        if sources:
            self.add_pairs(direction, self.add_sentences(sources), self.add_sentences(targets), weight)

    def weight_of(self, direction: str) -> float:
        """Give the sum of the weights of a direction."""
        return float(sum(weight.sum() for _, _, weight in self.rows[direction]))

    def write(self, data: Path) -> dict[str, int]:
        """Write the arrays, without pairs that are too long or lopsided, and return the pairs of each direction."""
        offsets = np.concatenate([[0], np.cumsum(np.concatenate(self._sizes))])
        sizes = np.diff(offsets)
        directions = sorted(self.rows)
        columns: list[list[np.ndarray]] = [[], [], [], []]
        counts = {}
        for code, direction in enumerate(directions):
            source, target, weight = (np.concatenate(part) for part in zip(*self.rows[direction], strict=True))
            left, right = sizes[source], sizes[target]
            good = (np.maximum(left, right) <= LONGEST) & (np.minimum(left, right) > 0)
            good &= np.maximum(left, right) <= 3 * np.minimum(left, right) + 6
            counts[direction] = int(good.sum())
            parts = (source[good], target[good], np.full(counts[direction], code, np.uint8), weight[good])
            for column, part in zip(columns, parts, strict=True):
                column.append(part)
        for name, column in zip(("source", "target", "direction", "weight"), columns, strict=True):
            np.save(data / f"{name}.npy", np.concatenate(column))
        np.save(data / "flat.npy", np.concatenate(self._flat))
        np.save(data / "offsets.npy", offsets)
        tags = [self._tokenizer.piece_to_id(tag_piece(name.split("-", 1)[1])) for name in directions]
        about = {"directions": directions, "tags": tags, "pairs": counts, "tokens": int(offsets[-1])}
        about["vocabulary"] = self._tokenizer.get_piece_size()
        (data / "store.json").write_text(json.dumps(about, indent=1), encoding="utf-8")
        return counts
