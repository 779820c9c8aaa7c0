"""The held-out signs and menu lines of `glossa bench translate`: hand-written in eight languages, known to nobody.

Comes in: the tables `signs/*.tsv`, one theme a file, one sign a row (id, en, ko, ja, zh-Hans, zh-Hant, es, fr, de).
Goes out: for a direction, each sign as it is printed in the source language and every rendering accepted in the
target language. Knows neither a translator nor how renderings are compared (`sign_judge`).

A cell is the text as printed, then more renderings, separated by ` | `. The printed text stands literally. The others
may use a notation, because a sign that can be said in ten ways is often made of parts that can be said in two:

- `[off|away from]` one of these, always;
- `(please)` or `(the|your)` one of these, or nothing.

Both nest; spaces are tidied, so `Keep (well) clear` is also "Keep clear". es, fr and de are only ever sources: one
text. Chinese appears twice, as "zh-Hans" and "zh-Hant".

The set measures only while it is held out: no printed text may stand in the phrase book, nor be made by a template of
the training; `sign_held_out` says where it does. Then the row is replaced, not the book.
"""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from devices.errors import InputError, UnknownNameError
from language.codes import LANGUAGES

FOLDER = Path(__file__).parent / "signs"
COLUMNS = ("id", *LANGUAGES)

DIRECTIONS = (
    *((source, "en") for source in ("ko", "ja", "zh-Hans", "zh-Hant", "es", "fr", "de")),
    *(("en", target) for target in ("ko", "ja", "zh-Hans", "zh-Hant")),
    *((source, "ko") for source in ("ja", "zh-Hans", "zh-Hant")),
)
"""Every direction that has references, as (source, target)."""

_MOST = 20_000
"""Renderings of one cell: more is a slip of the notation."""

_NOT_SIGNS = frozenset({"synonyms.tsv"})

Part = str | tuple["Branch", ...]
Branch = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """One row: the accepted renderings by language code, the printed text first."""

    id: str
    cells: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class SignPair:
    """One sign in one direction."""

    id: str
    source: str
    """As printed."""
    accepted: tuple[str, ...]
    """Renderings in the target language, the most idiomatic first."""


def pairs(source_code: str, target_code: str) -> list[SignPair]:
    """Give every sign in a direction of `DIRECTIONS`, in file order; raises UnknownNameError for another."""
    if (source_code, target_code) not in DIRECTIONS:
        known = ", ".join(f"{source} to {target}" for source, target in DIRECTIONS)
        raise UnknownNameError(f"No signs from {source_code} to {target_code}: expected one of {known}.")
    return [SignPair(sign.id, sign.cells[source_code][0], sign.cells[target_code]) for sign in read_signs()]


@cache
def read_signs(folder: Path = FOLDER) -> tuple[Sign, ...]:
    """Read every row of a folder, by file name; raises InputError for a bad header, row, id or notation."""
    signs: dict[str, Sign] = {}
    for path in sorted(folder.glob("*.tsv")):
        if path.name in _NOT_SIGNS:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            cells = line.split("\t")
            where = f"{path.name}, line {number}"
            if line.startswith("#") or cells == list(COLUMNS):
                continue
            if len(cells) != len(COLUMNS) or not all(map(str.strip, cells)):
                raise InputError(
                    f"{where}: expected {len(COLUMNS)} filled cells ({' '.join(COLUMNS)}), got {len(cells)}."
                )
            if cells[0] in signs:
                raise InputError(f"{where}: the id {cells[0]} is used before. Choose another.")
            columns = zip(LANGUAGES, cells[1:], strict=True)
            signs[cells[0]] = Sign(cells[0], {code: renderings(cell, where) for code, cell in columns})
    return tuple(signs.values())


def renderings(cell: str, where: str = "a cell") -> tuple[str, ...]:
    """Write a cell's notation out: the printed text, then every other rendering once; raises InputError.

    An error names `where`, the place to look.
    """
    printed, *others = (text.strip() for text in _split(cell))
    found = dict.fromkeys([printed])
    for other in others:
        branches = _parse(other, where)
        if _count(branches) + len(found) > _MOST:
            raise InputError(f"{where}: more than {_MOST} renderings in {other!r}. Use fewer brackets.")
        found |= dict.fromkeys(" ".join(text.split()) for text in _written(branches))
    if not all(found):
        raise InputError(f"{where}: an empty rendering in {cell!r}.")
    return tuple(found)


def _split(cell: str) -> list[str]:
    """Cut a cell at the bars that stand in no bracket."""
    texts, depth = [""], 0
    for letter in cell:
        depth += (letter in "([") - (letter in ")]")
        if letter == "|" and depth == 0:
            texts.append("")
        else:
            texts[-1] += letter
    return texts


def _parse(text: str, where: str) -> Branch:
    """Read a rendering as its literal characters and its choices, each a tuple of branches."""
    stack: list[tuple[str, list[list[Part]]]] = [("", [[]])]
    for letter in text:
        closing, branches = stack[-1]
        if letter in "([":
            stack.append((")" if letter == "(" else "]", [[]]))
        elif letter == closing:
            stack.pop()
            choice = tuple(tuple(branch) for branch in branches)
            stack[-1][1][-1].append(((), *choice) if letter == ")" else choice)
        elif letter in ")]":
            raise InputError(f"{where}: {letter!r} closes nothing in {text!r}.")
        elif letter == "|" and closing:
            branches.append([])
        else:
            branches[-1].append(letter)
    if len(stack) > 1:
        raise InputError(f"{where}: a {stack[-1][0]!r} is missing in {text!r}.")
    return tuple(stack[0][1][0])


def _count(branch: Branch) -> int:
    return math.prod(sum(map(_count, part)) for part in branch if not isinstance(part, str))


def _written(branch: Branch) -> Iterator[str]:
    """Write a rendering in every way its choices allow."""
    ways = [
        [part] if isinstance(part, str) else [text for choice in part for text in _written(choice)] for part in branch
    ]
    yield from map("".join, itertools.product(*ways))
