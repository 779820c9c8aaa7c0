"""Looks units up in lexical tables: in one, or through English in two; by other forms of a word, or by its parts.

Comes in: a key and tables. Goes out: its translations, or the keys of its parts. Knows no texts.
"""

from collections.abc import Sequence

from language.lexicon_file import Candidate, Table
from language.units import phrase_key, related

_PIVOT_CANDIDATES = 2
_SHORTEST_PART = 3  # letters of one part of a compound
_COMPOUND_LINKS = ("", "s", "es", "n", "en", "e")


def translations(key: str, tables: Sequence[Table]) -> tuple[Candidate, ...]:
    """Look a key up in one table, or through English in two."""
    found = tables[0].candidates(key)
    if len(tables) == 1 or not found or not found[0].text:
        return found
    beyond: dict[str, float] = {}
    for middle in found[:_PIVOT_CANDIDATES]:
        for end in _beyond(phrase_key(middle.text, "en"), tables[1]):
            beyond[end.text] = beyond.get(end.text, 0.0) + middle.score * end.score
    return tuple(Candidate(text, beyond[text]) for text in sorted(beyond, key=lambda text: (-beyond[text], text)))


def _beyond(key: str, table: Table) -> tuple[Candidate, ...]:
    """Look an English phrase up, or its words where it is not known as a whole."""
    whole = table.candidates(key)
    if whole or " " not in key:
        return whole
    parts = [found[0] for word in key.split(" ") if (found := table.candidates(word)) and found[0].text]
    score = min((part.score for part in parts), default=0.0)
    return (Candidate(" ".join(part.text for part in parts), score),) if parts else ()


def inflected(word: str, language: str, tables: Sequence[Table]) -> tuple[Candidate, ...]:
    """Look up other forms of a word: the most frequent of the nearest ones."""
    for keys in related(word, language):
        known = [key for key in keys if (found := tables[0].candidates(key)) and found[0].text]
        if known:
            return translations(min(known, key=lambda key: tables[0].cost(key) or 0.0), tables)
    return ()


def compound(word: str, table: Table) -> tuple[str, ...]:
    """Split a word into known ones, the longest head first: Bahnhofs|halle; nothing where it cannot be."""
    for end in range(len(word) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
        tail = _known_form(word[end:], table)
        for link in _COMPOUND_LINKS if tail else ():
            head = word[:end].removesuffix(link) if word[:end].endswith(link) else ""
            if len(head) < _SHORTEST_PART:
                continue
            parts = (head,) if table.candidates(head) else compound(head, table)
            if parts:
                return *parts, tail
    return ()


def _known_form(word: str, table: Table) -> str:
    """Give the word, or a longer or shorter form of it, that has a translation; "" for none."""
    for keys in ([word], *related(word, "de")):
        for key in keys:
            if (found := table.candidates(key)) and found[0].text:
                return key
    return ""
