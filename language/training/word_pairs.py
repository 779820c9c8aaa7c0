"""Words and short phrases as training pairs: the network meets a rare word once more for each time it is drawn.

Comes in: the rows of the aligned tables (`language.training.align`). Goes out: `pairs.tsv` beside them, and from there
weighted pairs for `language.training.prepare`. The tables have seen the same sentences as the network; what they add is
the word by itself, which is what a sign or a menu often is.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from language.lexicon_file import Row

WordPair = tuple[str, str, float]
"""Source, target, weight."""
FILE_NAME = "pairs.tsv"
_DIRECTIONS = {"en-zh": "en-zh-Hans"}
_LEAST_SCORE = 0.6
_LISTED_SCORE = 0.8  # what a dictionary says and no sentence bears out: the dictionary's own pairs are drawn already
_SPACE = "\N{LOWER ONE EIGHTH BLOCK}"
_USUAL_COST = 10.0  # nats; a word of this frequency has weight 1
_HALVING = 3.0


def write_word_pairs(path: Path, tables: Mapping[str, Iterable[Row]]) -> int:
    """Write the certain rows of `tables` as lines of direction, source, target and weight; return how many."""
    lines = [
        f"{_DIRECTIONS.get(direction, direction)}\t{source}\t{target}\t{weight:.3f}\n"
        for direction, rows in sorted(tables.items())
        for source, target, weight in filter(None, map(_pair, rows))
    ]
    path.write_text("".join(lines), encoding="utf-8")
    return len(lines)


def _pair(row: Row) -> WordPair | None:
    """Give a row as a pair; None where it is uncertain, a part of a word, or says nothing."""
    best = max(row.candidates, key=lambda candidate: candidate.score, default=None)
    inside = _SPACE in row.key and not row.key.startswith(_SPACE)
    if best is None or inside or best.score < _LEAST_SCORE or math.isclose(best.score, _LISTED_SCORE):
        return None
    source = row.key.replace(_SPACE, " ").strip()
    if len(source) < 2 or len(best.text) < 2 or source.casefold() == best.text.casefold():
        return None
    return source, best.text, min(3.0, max(0.3, 2 ** ((_USUAL_COST - row.cost) / _HALVING)))


def read_word_pairs(path: Path) -> dict[str, list[WordPair]]:
    """Give (source, target, weight) by direction; nothing where the file is missing, because it is optional."""
    pairs: dict[str, list[WordPair]] = defaultdict(list)
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            direction, source, target, weight = line.split("\t")
            pairs[direction].append((source, target, float(weight)))
    return pairs
