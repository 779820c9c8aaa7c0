"""One line of text found in one picture."""

import unicodedata
from collections import Counter
from dataclasses import dataclass

from devices import Stamp
from vision.quad import Quad

_SCRIPTS = {
    "HANGUL": "hangul",
    "CJK": "han",
    "HIRAGANA": "kana",
    "KATAKANA": "kana",
    "KATAKANA-HIRAGANA": "kana",
    "LATIN": "latin",
    "FULLWIDTH": "latin",
    "CYRILLIC": "cyrillic",
    "GREEK": "greek",
    "THAI": "thai",
    "ARABIC": "arabic",
    "HEBREW": "hebrew",
    "DEVANAGARI": "devanagari",
}


@dataclass(frozen=True, slots=True)
class TextRegion:
    """A line of text, where it is and what it says."""

    stamp: Stamp
    quad: Quad
    """Capture pixels, clockwise from the text's own top left."""
    text: str | None
    """None when the line was found but could not be read."""
    script: str
    """`latin`, `han`, `kana`, `hangul`, ... or `none` when there is no letter."""
    score: float
    """The recogniser's mean confidence, 0 to 1."""


def script_of(text: str) -> str:
    """The script of most letters; any kana makes Han text `kana`, since only Japanese mixes them."""
    counts: Counter[str] = Counter()
    for letter in text:
        if letter.isalpha():
            word = unicodedata.name(letter, "").split(" ")[0]
            counts[_SCRIPTS.get(word, "other")] += 1
    if not counts:
        return "none"
    if counts["kana"] and counts["kana"] + counts["han"] >= counts["latin"]:
        return "kana"
    return counts.most_common(1)[0][0]
