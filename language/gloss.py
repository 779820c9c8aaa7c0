"""The gloss: a text word by word, from tables learnt by alignment. Often all that a traveller needs.

Comes in: a text in any of our languages, and a folder with a lexicon. Goes out: the best known word or two for each of
its units, or a number that says how well a given translation is backed by them. Knows no network and no phrase book.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from language.lexicon_file import FILE_NAME, Candidate, Table, open_lexicon
from language.lexicon_lookup import compound, inflected, translations
from language.normalise import normalise
from language.prohibitions import lost_prohibition
from language.protect import PLACES, protect
from language.units import (
    CUT_LANGUAGES,
    LONGEST_PHRASE,
    RUN,
    WORD,
    WORD_START,
    Unit,
    chunks,
    cut,
    phrase_key,
    plain,
    run_key,
    words,
)

_PLACE = re.compile(f"[{PLACES[0]}-{PLACES[-1]}]")

SEPARATOR = " · "
"""Between the units of a gloss."""
MOST_UNITS = 12
"""A longer text is glossed up to here."""

_ALTERNATIVES_UP_TO = 4  # units; a longer text shows one word for each
_ALTERNATIVE = 0.5  # of the best translation's score
_ENDING_COST = 8.5  # nats; Korean endings are more frequent than that
_NUMBER_AND_UNIT = re.compile("(.*\\d)([년월일시분年月日時时点分])")
_KINDS = {
    letter: kind for kind, letters in enumerate(("년年", "월月", "일日", "시時时点", "분分")) for letter in letters
}
_UNITS = {
    "en": ("", " month", " day", ":00", " min"),
    "ko": ("년", "월", "일", "시", "분"),
    "ja": ("年", "月", "日", "時", "分"),
    "zh-Hans": ("年", "月", "日", "点", "分"),
    "zh-Hant": ("年", "月", "日", "點", "分"),
}


@dataclass(frozen=True, slots=True)
class _Read:
    """One unit of a text, looked up."""

    surface: str
    candidates: tuple[Candidate, ...] = ()
    counts: bool = True
    """False for what is no word of the language: numbers, names in other letters."""

    @property
    def silent(self) -> bool:
        """Whether nothing stands for it, and that is known."""
        return bool(self.candidates) and not self.candidates[0].text


class Lexicon:
    """Lexical tables, opened once and asked often. Asking does not block."""

    def __init__(self, folder: Path) -> None:
        """Open the lexicon of a model folder. Raises InputError where it is missing or damaged."""
        self._file = open_lexicon(folder / FILE_NAME)

    @property
    def about(self) -> str:
        """Where the tables come from, and whom to thank."""
        return self._file.about

    @property
    def directions(self) -> tuple[str, ...]:
        """The tables, as in "ko-en"; between two other languages a gloss goes through English."""
        return tuple(self._file.tables)

    def gloss(self, text: str, source: str, target: str) -> str:
        """Give a text word by word: "word · word · word"; unknown units, numbers and codes as they are.

        Empty where fewer than half of the units are known, or the direction is not. A prohibition that its words have
        lost comes first.
        """
        protected = protect(normalise(text))
        read = [unit for unit in self._read(protected.text, source, target) if not unit.silent]
        known = sum(bool(unit.candidates) for unit in read)
        if not known or 2 * known < sum(unit.counts for unit in read):
            return ""
        written = {
            place: span.written(source=source, to=target) for place, span in zip(PLACES, protected.spans, strict=False)
        }
        few = len(read) <= _ALTERNATIVES_UP_TO
        shown: list[str] = []
        for unit in read:
            said = self._file.spellings.written(_best(unit.candidates, few), target)
            said = said or _counted(_PLACE.sub(lambda place: written[place[0]], unit.surface), target)
            if shown and _is_within(shown[-1], said, target):
                shown[-1] = said
            elif not shown or not _is_within(said, shown[-1], target):
                shown.append(said)
        gloss = SEPARATOR.join(shown[:MOST_UNITS] + ["…"] * (len(shown) > MOST_UNITS))
        lost = lost_prohibition(protected.text, gloss, source, target)
        return f"{lost}{SEPARATOR}{gloss}" if lost else gloss

    def support(self, text: str, translation: str, source: str, target: str) -> float:
        """Give the share of the known units of `text` of which some translation stands in `translation`, in [0, 1].

        1.0 where no unit is known: nothing speaks against the translation.
        """
        told = [unit.candidates for unit in self._read(normalise(text), source, target)]
        told = [candidates for candidates in told if candidates and candidates[0].text]
        fold = self._file.spellings.folds.get(target.split("-")[0], {})
        there = _Haystack(normalise(translation).translate(fold), target)
        return sum(any(map(there.has, found)) for found in told) / len(told) if told else 1.0

    def _read(self, text: str, source: str, target: str) -> Iterator[_Read]:
        """Look up the units of a normalised text, from left to right."""
        tables = self._tables(source, target)
        if not tables:
            return
        language = source.split("-")[0]
        waiting: list[str] = []
        for kind, chunk in chunks(text, language):
            if kind == WORD and language not in CUT_LANGUAGES:
                waiting += words(chunk, language)
                continue
            yield from self._words(waiting, language, tables)
            waiting = []
            if kind == RUN and language in CUT_LANGUAGES:
                yield from self._run(chunk, language, tables)
            else:
                yield _Read(chunk, counts=False)
        yield from self._words(waiting, language, tables)

    def _tables(self, source: str, target: str) -> tuple[Table, ...]:
        """Give the table of a direction, or the two that lead there through English; none where there is no way."""
        tables = self._file.tables
        language, to = source.split("-")[0], target.split("-")[0]
        for way in ((f"{language}-{to}",), (f"{language}-en", f"en-{to}")):
            if all(direction in tables for direction in way):
                return tuple(tables[direction] for direction in way)
        return ()

    def _run(self, run: str, language: str, tables: Sequence[Table]) -> Iterator[_Read]:
        fold = self._file.spellings.folds.get(language, {})
        units = cut(run_key(run, language).translate(fold), tables[0].cost, language)
        at = 0
        for group in _groups(units, language):
            read = []
            for unit in group:
                # As it stood before folding, which keeps the length.
                surface = run.replace(" ", "")[at : at + len(unit.surface)]
                at += len(unit.surface)
                read.append(_Read(surface, translations(unit.key, tables)))
            if _holds(group, read, language, tables[0]):
                yield from (unit for unit in read if unit.candidates)
            else:
                yield _Read("".join(unit.surface for unit in read))

    def _words(self, found: Sequence[str], language: str, tables: Sequence[Table]) -> Iterator[_Read]:
        at = 0
        while at < len(found):
            candidates: tuple[Candidate, ...] = ()
            for size in range(min(LONGEST_PHRASE, len(found) - at), 0, -1):
                key = " ".join(found[at : at + size]).casefold()
                candidates = translations(key, tables) or translations(plain(key), tables)
                if candidates:
                    break
            parts: tuple[str, ...] = ()
            if not candidates and plain(key) not in tables[0]:
                candidates = inflected(key, language, tables)
                parts = compound(plain(key), tables[0]) if not candidates and language == "de" else ()
            yield from (_Read(part, translations(part, tables)) for part in parts)
            if not parts:
                yield _Read(" ".join(found[at : at + size]), candidates)
            at += size


def _groups(units: Sequence[Unit], language: str) -> Iterator[list[Unit]]:
    """Give the units that are known or unknown together: those of a Korean word, else each by itself."""
    group: list[Unit] = []
    for unit in units:
        if group and (language != "ko" or unit.begins):
            yield group
            group = []
        group.append(unit)
    if group:
        yield group


def _holds(group: Sequence[Unit], read: Sequence[_Read], language: str, table: Table) -> bool:
    """Say whether a group of units is known.

    A Korean word is, where it begins with a key, and where what follows is endings; after a stem of two syllables also
    anything else. A word that falls into single syllables is no word we know, whatever they mean elsewhere.
    """
    if language != "ko":
        return bool(read[0].candidates)
    stem = read[0].candidates and not read[0].silent
    if len(group) == 1:
        return bool(read[0].candidates)
    if not group[0].key.startswith(WORD_START):
        return False
    if stem and len(group[0].surface) > 1:
        return True
    return bool(read[0].candidates) and all(
        unit.known and (table.cost(unit.key) or _ENDING_COST) < _ENDING_COST for unit in group[1:]
    )


def _best(candidates: Sequence[Candidate], few: bool) -> str:
    """Give the best translation; where there is room, also the second if it is nearly as good and another word.

    Both, too, where the second is likelier: then the first is there because it must not be lost (not/drink).
    """
    if not candidates:
        return ""
    best = candidates[0]
    for other in candidates[1:2]:
        if not few and other.score <= best.score:
            break
        if other.text and other.score >= _ALTERNATIVE * best.score and not _alike(best.text, other.text):
            return f"{best.text}/{other.text}"
    return best.text


def _counted(kept: str, target: str) -> str:
    """Write what a number counts in the target language: 3분, 3 min."""
    if (found := _NUMBER_AND_UNIT.fullmatch(kept)) and target in _UNITS:
        return found[1] + _UNITS[target][_KINDS[found[2]]]
    return kept


def _is_within(one: str, other: str, language: str) -> bool:
    """Say whether a word is said again by its neighbour: not, do not."""
    if language.split("-")[0] in CUT_LANGUAGES:
        return one == other
    return f" {one} " in f" {other} "


def _alike(one: str, other: str) -> bool:
    """Say whether two words are forms of one: ticket, tickets."""
    shorter = min(len(one), len(other))
    same = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    return same >= max(1, min(4, shorter - 1)) or one in other or other in one


class _Haystack:
    """A translation in which words are looked for."""

    def __init__(self, text: str, language: str) -> None:
        self._spaced = language.split("-")[0] not in CUT_LANGUAGES
        self._words = phrase_key(text, language).split(" ") if self._spaced else []
        self._text = text.replace(" ", "")

    def has(self, candidate: Candidate) -> bool:
        """Say whether the candidate stands in the text, inflected or not."""
        if not self._spaced:
            return candidate.text.replace(" ", "") in self._text
        wanted = [word for word in candidate.text.casefold().split(" ") if len(word) > 1] or [candidate.text]
        return all(any(_alike(word, here) for here in self._words) for word in wanted)
