"""The translation memory: what the phrase book knows, found again in what a camera has read.

Comes in: texts of one picture. Goes out: a translation for each, sure only where the phrase book leaves no
doubt. Builds no sentences: a text is one entry, or a row of entries that stand apart. Everything else is
"none", and another's work.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from language.capitals import common_words
from language.codes import LANGUAGES, parse_language
from language.han import HAN, foreign_characters
from language.identify import count_scripts, identify
from language.normalise import normalise
from language.phrase_index import EXACT, Hit, PhraseIndex
from language.phrasebook_files import Concept, read_phrasebook
from language.sequences import Answer, in_sequence
from language.slots import (
    Pattern,
    fill,
    keeps_digits,
    keeps_numbers,
    only_slots,
    patterns,
    restore,
    without_marks,
)
from language.translation import MEMORY, SAME, SURE_CONFIDENCE, Translation, unknown

_UNSURE = 0.6
"""Confidence at most, of what more than one reading or a lost digit makes doubtful."""

_MISREAD_LETTER = re.compile(r"(?<=[A-Za-zÀ-ɏ])\d(?=[A-Za-zÀ-ɏ])")
"""A lone digit inside a Latin word is a letter that was misread, once the word is known."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is known of the text to which a part belongs."""

    source: str
    to: str
    neighbours: Counter[str]
    own: str | None
    """The language that the whole text is most likely in."""


class Memory:
    """A phrase book as a translator. Reads the files when made; indexes a language when it first meets it."""

    name = MEMORY

    def __init__(self, folder: Path | None = None) -> None:
        """Read the phrase book of a folder, by default the one that comes with the install; raises InputError."""
        self._concepts: tuple[Concept, ...] = read_phrasebook(folder)
        self._indexes: dict[str, PhraseIndex] = {}
        self._common: dict[str, frozenset[str]] = {}

    def __len__(self) -> int:
        """Give the number of concepts."""
        return len(self._concepts)

    def translate(
        self, texts: Sequence[str], *, source: str, to: str, neighbours: Sequence[str] = ()
    ) -> list[Translation]:
        """Translate what is known; see `language.translation.Translator`. Raises UnknownNameError for a language."""
        to = parse_language(to)
        source = source if source == "auto" else parse_language(source)
        votes = [self._vote(text, source) for text in texts]
        all_votes = Counter([*neighbours, *filter(None, votes)])
        results = []
        for text, vote in zip(texts, votes, strict=True):
            others = all_votes - Counter([vote] if vote else [])
            results.append(self._translate(text, source, to, others))
        return results

    def _translate(self, text: str, source: str, to: str, neighbours: Counter[str]) -> Translation:
        clean = without_marks(text)
        asked = _Asked(source, to, neighbours, identify(clean).code)
        answer = in_sequence(clean, partial(self._answer, asked=asked), to, self._common_words(to))
        if answer is None:
            return unknown(text, source=source, to=to, neighbours=list(neighbours.elements()))
        if answer.is_same:
            return Translation(text, text, answer.code or to, to, SAME, answer.confidence, True)
        target = _in_case_of(clean, answer.text, to)
        confidence = answer.confidence
        if not keeps_numbers(answer.numbers, target, to):
            confidence = min(confidence, _UNSURE)
        sure = confidence >= SURE_CONFIDENCE
        return Translation(text, target, answer.code, to, SAME if sure and target == text else MEMORY, confidence, sure)

    def _answer(self, text: str, asked: _Asked, near: bool) -> Answer | None:
        """Look one text up as a whole; `near` allows what is only nearly known."""
        source, to, neighbours = asked.source, asked.to, asked.neighbours
        normal = normalise(text)
        expressions = only_slots(normal)
        if expressions is not None:
            code = source if source in LANGUAGES else next(iter(neighbours.most_common(1)), (asked.own or "und", 0))[0]
            written = restore(expressions, source=code, to=to)
            return Answer(written, frozenset(), 0.95, code, is_slots=True, is_same=written == normal, numbers=normal)
        codes = _codes(normal, source)
        looked_up = list(dict.fromkeys((*codes, to))) if source == "auto" or to in codes else codes
        ways = patterns(normal)
        steps: list[Callable[[PhraseIndex, Pattern], list[Hit]]] = [PhraseIndex.exact, PhraseIndex.alike]
        if near:
            steps.append(PhraseIndex.near)
        for step in steps:
            for way in ways:
                hits = [hit for code in looked_up for hit in step(self._index(code), way)]
                if step is PhraseIndex.exact and hits and normal.isupper():
                    # French and Spanish capitals often go without their accents: FERME is farm, and closed.
                    bare = [hit for code in looked_up if code in ("es", "fr") for hit in self._index(code).alike(way)]
                    hits += [replace(hit, confidence=EXACT) for hit in bare if _new(hit, hits)]
                if step is not PhraseIndex.exact:
                    hits = [hit for hit in hits if not _is_of_another(normal, hit.entry.code)]
                    # A digit is a misread letter only inside a word.
                    digits = _MISREAD_LETTER.sub("", way.text)
                    hits = [hit for hit in hits if keeps_digits(digits, hit.entry.text)]
                if hits:
                    return _decide(text.strip(), hits, to, neighbours)
        return None

    def _vote(self, text: str, source: str) -> str | None:
        """Give the language a text surely is in, to help its neighbours."""
        guess = identify(text)
        if guess.code and guess.certainty >= SURE_CONFIDENCE:
            return guess.code
        way = Pattern(normalise(without_marks(text)), ())
        known = [code for code in _codes(way.text, source) if self._index(code).exact(way)]
        return known[0] if len(known) == 1 else None

    def _common_words(self, code: str) -> frozenset[str]:
        if code not in self._common:
            self._common[code] = common_words(cell for concept in self._concepts for cell in concept.cells[code])
        return self._common[code]

    def _index(self, code: str) -> PhraseIndex:
        if code not in self._indexes:
            self._indexes[code] = PhraseIndex(self._concepts, code)
        return self._indexes[code]


def _decide(text: str, hits: Sequence[Hit], to: str, neighbours: Counter[str]) -> Answer:
    """Choose among entries that match equally well: the wanted language, the neighbours' language, the usual word."""
    concepts = frozenset(hit.entry.concept.id for hit in hits)
    own = [hit for hit in hits if hit.entry.code == to]
    near = max((neighbours[hit.entry.code] for hit in hits if hit.entry.code != to), default=0)
    if own and near <= 2 * neighbours[to]:
        best = max(own, key=_rank)
        ids = frozenset(hit.entry.concept.id for hit in own)
        return Answer(text, ids, best.confidence, to, is_same=True)
    by_target: dict[str, Hit] = {}
    foreign = [hit for hit in hits if hit.entry.code != to]
    # Stable: of equals the first stays, in the order of the languages asked.
    for hit in sorted(foreign, key=lambda hit: (neighbours[hit.entry.code], *_rank(hit)), reverse=True):
        cell = hit.entry.concept.cells[to][0]
        by_target.setdefault(fill(cell, hit.values, source=hit.entry.code, to=to), hit)
    (target, best), *others = by_target.items()
    confidence = best.confidence
    if others:
        second = others[0][1]
        if neighbours[best.entry.code] > neighbours[second.entry.code]:
            confidence -= 0.1
        elif best.entry.code == "en" and best.entry.is_printed and not neighbours[second.entry.code]:
            # English stands on signs everywhere.
            confidence -= 0.15
        elif _rank(best) > _rank(second) and best.entry.code == second.entry.code:
            confidence -= 0.15
        else:
            confidence = min(confidence, 0.5)
    numbers = " ".join(slot.text for slot in best.values.values())
    return Answer(target, concepts, confidence, best.entry.code, numbers=numbers)


def _is_of_another(text: str, code: str) -> bool:
    """Say whether a text is no misread one of this language but well written in another: 国产 is not 国産."""
    return code in HAN and foreign_characters(text, code) > 0 and any(not foreign_characters(text, one) for one in HAN)


def _new(hit: Hit, hits: Sequence[Hit]) -> bool:
    return all(hit.entry.concept.id != old.entry.concept.id for old in hits)


def _rank(hit: Hit) -> tuple[float, bool]:
    """Put the surer match first, then the word that the language prints itself."""
    return (hit.confidence, hit.entry.is_printed)


def _codes(text: str, source: str) -> list[str]:
    """Give the languages a text may be in, by its scripts; a given source is kept where it has the script."""
    scripts = count_scripts(text)
    if source in LANGUAGES and any(scripts[script] for script in LANGUAGES[source].scripts):
        return [source]
    if scripts["Hangul"]:
        return ["ko"]
    if scripts["Kana"]:
        return ["ja", "zh-Hant", "zh-Hans"] if scripts["Kana"] == 1 and scripts["Han"] else ["ja"]
    if scripts["Han"]:
        guess = identify(text).code
        return sorted(("zh-Hans", "ja", "zh-Hant"), key=lambda code: code != guess)
    return ["en", "es", "fr", "de"]


def _in_case_of(source: str, target: str, to: str) -> str:
    """Write a target in capitals where all the source is: not where a name in capitals stands among Hangul."""
    capitals = sum(letter.isupper() for letter in source)
    shouted = capitals >= 2 and capitals == sum(letter.isalpha() for letter in source)
    return target.upper() if shouted and "Latin" in LANGUAGES[to].scripts else target
