"""Where a term of the phrase book keeps its capital: there it stands alone, in a sentence it is one word of many.

Comes in: a term as the phrase book prints it, and a language. Goes out: the term as it stands inside of a sentence.
"""

import re
from collections.abc import Iterable

_FIRST_WORD = re.compile(r"[^\W\d_]+")
_LOWERED = frozenset({"en", "es", "fr"})
"""German writes its nouns with a capital everywhere; the other languages have none."""
_NAMES = """american argentinian bavarian belgian brazil brazilian breton british brussels caesar californian
    canadian cantonese caribbean chinese christmas danish dijon dutch easter english ethiopian european french german
    greek hainan halloween hamburg hawaiian hokkaido hungarian iberian indian indonesian irish italian japanese jeju
    jerusalem korean lanzhou lebanese lyon malaysian mediterranean mexican mongolian moroccan napa neapolitan norwegian
    pacific parma parmesan peking peruvian polish portuguese provençal russian scandinavian scottish shanghai shaoxing
    sichuan sicilian spanish swedish swiss taiwanese thai tuscan turkish valencian vietnamese viennese worcestershire
    xinjiang yangzhou"""
_PROPER = frozenset(_NAMES.split())
"""Beginnings of names of food that are names themselves. Turkey and china are not: here one is a bird, one is a cup."""


def common_words(cells: Iterable[str]) -> frozenset[str]:
    """Give the words that some text has without a capital though it has begun with one: no names."""
    found: set[str] = set()
    for cell in cells:
        if cell[:1].isupper():
            found.update(word for word in _FIRST_WORD.findall(cell) if word.islower())
    return frozenset(found)


def continued(text: str, to: str, common: frozenset[str]) -> str:
    """Write a text that goes on from another one: without its capital, where `common` has its first word."""
    first = _FIRST_WORD.match(text)
    return inside_sentence(text, to) if first and first[0].casefold() in common else text


def inside_sentence(term: str, to: str) -> str:
    """Write a term of the language `to` as it stands inside of a sentence: "Soy sauce" as "soy sauce".

    Names keep their capital (Peking duck), and so does what has more than one (BLT, T-bone steak).
    """
    first = _FIRST_WORD.match(term)
    if to not in _LOWERED or first is None or (to == "en" and first[0].casefold() in _PROPER):
        return term
    word = re.split(r"\s", term, maxsplit=1)[0]
    if (len(first[0]) == 1 and len(word) > 1) or word[1:] != word[1:].lower():
        return term
    return term[0].lower() + term[1:]
