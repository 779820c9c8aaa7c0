"""How much of a text's meaning its gloss tells: words of the reference that it has, words of it that the reference has.

In: texts with their references, and a lexicon. Out: shares as they are stored in JSON. Grammar does not count; of
English, words are compared without their endings, of other languages as strings. Knows nothing of networks.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.held_out import EVERYDAY, Split
from benchmarks.sign_accuracy import Question
from language.gloss import SEPARATOR, Lexicon
from language.normalise import normalise
from language.training.forms import stem
from language.units import phrase_key

_MOST_RENDERINGS = 40
_GRAMMAR_WORDS = (
    "a an the of to in on at by for with from as and or but if so than that this these those it its he she they we i "
    "you me him her them us my your his their our is are was were be been being am do does did done have has had "
    "having will would shall should can could may might must there here what which who when where how why all any "
    "some up off out over into about just very too also then 's let please"
)
_GRAMMAR = frozenset(_GRAMMAR_WORDS.split(" "))
_SAID = re.compile(f"{SEPARATOR.strip()}|/")
_LETTERS = re.compile("[^\\W\\d_ぁ-ん]")


@dataclass(frozen=True, slots=True)
class Glossed:
    """One gloss beside what it should tell."""

    said: int
    """Words of the gloss."""
    right: int
    """Those that stand in an accepted rendering."""
    wanted: int
    """Words of the reference, or its letters where words are not told by spaces."""
    told: int
    """Those that the gloss has."""


def gloss_quality(split: Split, signs: Iterable[Question], lexicon: Lexicon) -> dict[str, dict[str, Any]]:
    """Give recall, precision and the share of texts with a gloss, for everyday dev texts and for signs, by direction.

    Blocks for a few seconds.
    """
    dev: defaultdict[str, list[Glossed | None]] = defaultdict(list)
    for direction, rows in split.items():
        for row in (row for row in rows if row.tag in EVERYDAY):
            gloss = lexicon.gloss(row.source, row.source_lang, row.to)
            dev[direction].append(compared(gloss, [row.target], row.to))
    hand: defaultdict[str, list[Glossed | None]] = defaultdict(list)
    for sign in signs:
        gloss = lexicon.gloss(sign.source, sign.source_lang, sign.to)
        hand[sign.direction].append(compared(gloss, sign.accepted[:_MOST_RENDERINGS], sign.to))
    found = {"everyday dev texts": dev, "signs": hand}
    return {name: {direction: shares(texts) for direction, texts in groups.items()} for name, groups in found.items()}


def compared(gloss: str, references: Iterable[str], to: str) -> Glossed | None:
    """Compare a gloss with what is accepted, of which the first counts for what it should tell; None without one."""
    texts = [normalise(text) for text in references]
    said = [word for word in _SAID.split(gloss.replace("…", "")) if _LETTERS.search(word)]
    if not gloss:
        return None
    if to == "en":
        accepted = set().union(*(_content(text) for text in texts))
        words, wanted = _content(" ".join(said)), _content(texts[0])
        return Glossed(len(words), len(words & accepted), len(wanted), len(words & wanted))
    bare = [text.replace(" ", "") for text in texts]
    keys = {word.replace(" ", "").removesuffix("다" if to == "ko" else "\0") for word in said} - {""}
    right = {word for word in keys if any(word in text for text in bare)}
    letters = {match.start() for match in _LETTERS.finditer(bare[0])}
    return Glossed(len(keys), len(right), len(letters), len(letters & set(_covered(bare[0], right))))


def shares(texts: Iterable[Glossed | None]) -> dict[str, Any]:
    """Add up; None where there is nothing to divide by. A text without a gloss has told nothing and said nothing."""
    every = list(texts)
    known = [text for text in every if text]
    said, wanted = sum(text.said for text in known), sum(text.wanted for text in known)
    return {
        "texts": len(every),
        "glossed": len(known) / len(every) if every else None,
        "recall": sum(text.told for text in known) / wanted if wanted else None,
        "precision": sum(text.right for text in known) / said if said else None,
    }


def _content(text: str) -> set[str]:
    return {stem(word, "en") for word in phrase_key(text, "en").split(" ") if word and word not in _GRAMMAR}


def _covered(text: str, words: Iterable[str]) -> Iterator[int]:
    for word in words:
        for match in re.finditer(re.escape(word), text):
            yield from range(*match.span())
