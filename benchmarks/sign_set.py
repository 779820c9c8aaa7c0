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
the training; `held_out_problems` says where it does. Then the row is replaced, not the book.
"""

import itertools
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from devices.errors import InputError, UnknownNameError
from language.codes import LANGUAGES
from language.keys import key_of
from language.normalise import normalise
from language.phrasebook_files import matching_key, read_phrasebook
from language.slots import MARKS, patterns

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

_RUNNING: dict[str, tuple[list[str], list[str]]] = {
    "en": (["the", "a", "an"], []),
    "ko": ([], ["을", "를", "이", "가", "은", "는", "과", "와", "으로", "로"]),
    "es": (["el", "la", "los", "las", "un", "una", "del", "al"], []),
    "fr": (["le", "la", "les", "l", "un", "une", "de", "des", "du", "au", "aux"], []),
    "de": (
        [
            "der",
            "die",
            "das",
            "den",
            "dem",
            "des",
            "ein",
            "eine",
            "einen",
            "einer",
            "einem",
            "im",
            "am",
            "ins",
            "zum",
            "zur",
            "vom",
        ],
        [],
    ),
}
"""What a template puts before and behind a word that runs in a sentence."""

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


def held_out_problems(signs: Iterable[Sign] | None = None, *, training: bool = True) -> list[str]:
    """Say in one sentence each which printed text is not held out; an empty list is a good one.

    `training=False` leaves out the templates, which a checkout without `language.training` does not have: asking for
    them there raises ModuleNotFoundError.
    """
    book: dict[tuple[str, str], str] = {}
    for concept in read_phrasebook():
        book |= {
            (code, matching_key(normalise(text))): concept.id for code in LANGUAGES for text in concept.cells[code]
        }
    templates = _templates() if training else {}
    problems = []
    for sign in read_signs() if signs is None else signs:
        for code, (printed, *_) in sign.cells.items():
            keys = list(dict.fromkeys(key_of(way.text) for way in patterns(normalise(printed))))
            found = [book[code, key] for key in keys if (code, key) in book]
            if found:
                problems.append(f"{sign.id}: the phrase book has {printed!r} ({code}, {found[0]}). Replace the row.")
            found = [one.id for key in keys for one in _beginning(templates, code, key) if one.makes(key)]
            if found:
                problems.append(f"{sign.id}: a template makes {printed!r} ({code}, {found[0]}). Replace the row.")
    return problems


@dataclass(frozen=True, slots=True)
class _Template:
    """One wording of a template, as what the keys of its texts look like."""

    id: str
    literals: tuple[str, ...]
    """The keys of what stands between the slots, one more than there are slots."""
    slots: tuple[Callable[[str], bool], ...]
    """For each slot whether a key may stand in it."""

    def ends(self, key: str) -> bool:
        """Say whether a key ends as the template does, which is quick to tell."""
        return key.endswith(self.literals[-1])

    def makes(self, key: str, slot: int = 0) -> bool:
        """Say whether the template makes a text of this key, from a slot on."""
        if not key.startswith(self.literals[slot]):
            return False
        rest = key.removeprefix(self.literals[slot])
        if slot == len(self.slots):
            return not rest
        following, fits = self.literals[slot + 1], self.slots[slot]
        # The last slot reaches to the last literal.
        least = len(rest) - len(following) if slot + 1 == len(self.slots) else 0
        return any(
            rest.startswith(following, end) and fits(rest[:end]) and self.makes(rest[end:], slot + 1)
            for end in range(max(least, 0), len(rest) + 1 - len(following))
        )


def _beginning(templates: dict[tuple[str, str], list[_Template]], code: str, key: str) -> Iterator[_Template]:
    """Give the templates of a language that begin as a key does."""
    return (one for end in range(len(key) + 1) for one in templates.get((code, key[:end]), ()) if one.ends(key))


def _templates() -> dict[tuple[str, str], list[_Template]]:
    """Read the templates of the training, by language and beginning."""
    from language.training.templates import SLOT, read_templates

    templates = read_templates()
    words = {
        (code, name): _words(code, frozenset(key_of(normalise(text)) for word in entries for text in word.cells[code]))
        for name, entries in templates.lists.items()
        for code in LANGUAGES
    }
    wordings: defaultdict[tuple[str, str], list[_Template]] = defaultdict(list)
    for row in templates.rows:
        for code, text in ((code, text) for code, texts in row.cells.items() for text in texts):
            found = list(SLOT.finditer(text))
            ends = [0, *(slot.end() for slot in found)]
            starts = [*(slot.start() for slot in found), len(text)]
            literals = [key_of(normalise(text[end:start])) for end, start in zip(ends, starts, strict=True)]
            slots = (_is_ending if slot[4] else words.get((code, slot[1].lower()), _is_amount) for slot in found)
            wordings[code, literals[0]].append(_Template(row.id, tuple(literals), tuple(slots)))
    return wordings


def _words(code: str, keys: Iterable[str]) -> Callable[[str], bool]:
    """Tell an entry of a list, as it is or with the article before it or the particle behind it."""
    before, behind = _RUNNING.get(code, ((), ()))
    return frozenset(
        one + key + other
        for key in keys
        for one, other in [("", ""), *((a, "") for a in before), *(("", p) for p in behind)]
    ).__contains__


def _is_amount(key: str) -> bool:
    return key.isdecimal() or key in MARKS.values()


def _is_ending(key: str) -> bool:
    """Tell the choice between forms ("is/are"), which a template makes by another word."""
    return len(key) <= 8


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
