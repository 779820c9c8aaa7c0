"""Texts cut into what a network can take at once: the parts of a sign, the sentences of a long text.

Comes in: one normalised text. Goes out: its segments with what joined them; and, the other way, one text. Knows nothing
of meaning.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a text."""

    joint: str
    """What stood before it: "" for the first, " " or "" between sentences, an arrow or a bar between parts."""
    text: str


def segments(text: str, size: Callable[[str], int], longest: int) -> list[Segment]:
    """Cut a text at arrows, bars and spaced slashes, and what is still above `longest` by `size` at sentence ends.

    What is longer than one sentence of that size is cut at commas, else at spaces, else in halves: a network that never
    saw so long a text in training says less about all of it than about its parts.
    """
    found: list[Segment] = []
    joint = ""
    for place, piece in enumerate(_SEPARATOR.split(text)):
        if place % 2:
            joint = joint + piece
        elif piece:
            first, *rest = _sentences(piece, size, longest)
            found.append(Segment(joint, first))
            found += [Segment(" ", sentence) for sentence in rest]
            joint = ""
    if joint:
        found.append(Segment(joint, ""))
    return found


def joined(parts: Sequence[Segment], *, spaced: bool) -> str:
    """Put segments together again; sentences get a space between them where the language is `spaced`.

    A part that says the same as one before it is said once: "Toilet / 화장실" is one statement.
    """
    text = ""
    said: set[str] = set()
    for part in parts:
        same = part.text.casefold()
        if part.text and same in said and part.joint.strip(" ") in _TWINS:
            continue
        said.add(same)
        joint = part.joint if spaced or part.joint != " " else ""
        text += joint + part.text
    return text.strip()


def _sentences(text: str, size: Callable[[str], int], longest: int) -> list[str]:
    if size(text) <= longest:
        return [text]
    for ends in (_SENTENCE_END, _CLAUSE_END, _SPACE):
        pieces = [piece for piece in ends.split(text) if piece]
        if len(pieces) > 1:
            return [
                sentence for piece in _packed(pieces, size, longest) for sentence in _sentences(piece, size, longest)
            ]
    half = len(text) // 2
    return [*_sentences(text[:half], size, longest), *_sentences(text[half:], size, longest)] if half else [text]


def _packed(pieces: Sequence[str], size: Callable[[str], int], longest: int) -> list[str]:
    """Join neighbours to half of what fits: a clause alone says less than with the next one."""
    packed = [pieces[0]]
    for piece in pieces[1:]:
        spaced = " " if packed[-1][-1].isascii() or piece[0].isascii() or _HANGUL.match(piece) else ""
        together = f"{packed[-1]}{spaced}{piece}"
        if size(together) * 2 <= longest:
            packed[-1] = together
        else:
            packed.append(piece)
    return packed


_SEPARATOR = re.compile(r"(\s*(?:[|｜→←↑↓⇒⇐⇑⇓➡⬅⬆⬇▶◀►◄▲▼↗↖↘↙●■◆★☆※]|\s/\s|\s[-–—]\s)[\s→←↑↓]*)")
_TWINS = frozenset({"/", "|", "｜", "-", "–", "—"})
# A short word with a capital before the stop is an abbreviation: "Dr. Kim", "St. Peter", "z. B."
_SENTENCE_END = re.compile(r"(?<=[。！？])\s*|(?<!\b[A-Za-z]\.)(?<!\b[A-Z][a-z]\.)(?<=[.!?…])\s+(?=[^\sa-z])")
_CLAUSE_END = re.compile(r"(?<=[,;:])\s+|(?<=[、，；：])")
_SPACE = re.compile(r"\s+")
_HANGUL = re.compile(r"[가-힣]")
