"""Names of things inside longer texts that the memory knows for certain: a dish, an ingredient, an allergen.

Comes in: a text and its language. Goes out: its terms with the memory's translations, for `language.protect`. Only
names of what one eats: a rule or a sentence means another thing inside of another sentence, and kinds of places are
parts of the names of places ("National Museum of Japanese History").
"""

import re
from functools import cache
from pathlib import Path

from language.codes import LANGUAGES
from language.identify import count_scripts
from language.memory import Memory
from language.normalise import normalise
from language.phrasebook_files import FOLDER, read_phrasebook
from language.translation import MEMORY

TOPICS = ("allergens", "dishes", "drinks", "produce")
"""Files of the phrase book that name things."""


class Terms:
    """The phrase book's names of things, by language; a language is indexed when it is first met."""

    def __init__(self, memory: Memory, folder: Path | None = None) -> None:
        """Take the names from the topics of the same folder that the memory was read from; raises InputError."""
        self._memory = memory
        self._folder = folder or FOLDER
        self._names: dict[str, frozenset[str]] = {}
        self._known: dict[tuple[str, str, str], str | None] = {}

    def find(self, text: str, *, source: str, to: str) -> dict[str, str]:
        """Give the terms of a normalised text as they stand in it, with their translations; longer ones win."""
        names = self._names_of(source)
        if not names:
            return {}
        found: dict[str, str] = {}
        longest = max(map(len, names))
        folded = text.casefold()
        if len(folded) != len(text):
            return {}
        at = 0
        while at < len(text):
            end = self._end_of_name(folded, at, longest, names)
            target = self._target(text[at:end], source, to) if end else None
            if target:
                found[text[at:end]] = target
            at = end if target else at + 1
        # A text that is nothing but a term was the memory's own business.
        return {name: target for name, target in found.items() if len(name) < len(text)}

    def _end_of_name(self, text: str, at: int, longest: int, names: frozenset[str]) -> int:
        if not _may_begin(text, at):
            return 0
        for end in range(min(len(text), at + longest), at + 2, -1):
            if text[at:end] in names and _may_end(text, end):
                return end
        return 0

    def _target(self, name: str, source: str, to: str) -> str | None:
        key = (name, source, to)
        if key not in self._known:
            (told,) = self._memory.translate([name], source=source, to=to)
            self._known[key] = told.target if told.engine == MEMORY and told.sure else None
        return self._known[key]

    def _names_of(self, code: str) -> frozenset[str]:
        if code not in LANGUAGES:
            return frozenset()
        if code not in self._names:
            self._names[code] = frozenset(
                name.casefold()
                for concept, cells in _things(self._folder)
                for cell in cells[code]
                if is_telling(name := normalise(cell))
            )
        return self._names[code]


def is_telling(name: str) -> bool:
    """Say whether a name is long enough to be meant wherever it stands.

    That is two Latin words, three characters of which one is no kana, or four kana: every network knows ケーキ, and
    how to bend the cake into its sentence.
    """
    scripts = count_scripts(name)
    characters = scripts["Hangul"] + scripts["Kana"] + scripts["Han"]
    if not characters:
        return scripts["Latin"] > 0 and len(name.split()) >= 2
    return characters >= (4 if scripts["Kana"] == characters else 3)


@cache
def _things(folder: Path) -> tuple[tuple[str, dict[str, tuple[str, ...]]], ...]:
    ids = set()
    for topic in TOPICS:
        path = folder / f"{topic}.tsv"
        if path.is_file():
            ids |= {line.split("\t")[0] for line in path.read_text(encoding="utf-8").splitlines()}
    return tuple(
        (concept.id, concept.cells)
        for concept in read_phrasebook(folder)
        if concept.id in ids and not _STATEMENT.search(concept.cells["en"][0]) and "{" not in concept.cells["en"][0]
    )


def _may_begin(text: str, at: int) -> bool:
    """Say whether a name may begin here: not inside a word, nor inside a run of katakana."""
    before, first = text[at - 1 : at], text[at]
    if not first.isalnum():
        return False
    if not before.isalnum():
        return True
    return _kind(first) == "Han" or _kind(first) != _kind(before)


def _may_end(text: str, end: int) -> bool:
    """Say whether a name may end here; in Korean also before a particle."""
    last, after = text[end - 1], text[end : end + 1]
    if not after.isalnum() or _kind(last) != _kind(after) or _kind(last) == "Han":
        return True
    return _kind(last) == "Hangul" and bool(_PARTICLE.match(text, end))


def _kind(letter: str) -> str:
    """Give a letter's kind of script: katakana and hiragana are two, for a word changes where they meet."""
    if _HIRAGANA.match(letter):
        return "hiragana"
    return next(iter(count_scripts(letter)), "")


_STATEMENT = re.compile(
    r"\b(?:may|contains?|free|please|no|not|without|tell|information|for|suitable|with|added|made|from)\b",
    re.IGNORECASE,
)
_HIRAGANA = re.compile(r"[ぁ-ゟ]")
_PARTICLE = re.compile(
    r"(?:은|는|이|가|을|를|의|에|도|와|과|로|으로|만|랑|이랑|나|이나|에서|에게|하고|입니다|이에요|예요|까지|부터)(?![가-힣])"
)
