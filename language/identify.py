"""Which language a text is in, as far as its letters tell.

Comes in: one text, and the languages of its neighbours in the picture. Goes out: a guess with a certainty, or None.
The script comes first, then letter groups, with the neighbours as a prior. Knows nothing of meaning.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from language.han import CHINESE, foreign_characters, han_odds
from language.latin import latin_odds
from language.normalise import normalise
from language.slots import find_slots, without_marks

_RANGES = (
    ("Latin", 0x41, 0x5A),
    ("Latin", 0x61, 0x7A),
    ("Latin", 0xAA, 0xAA),
    ("Latin", 0xBA, 0xBA),
    ("Latin", 0xC0, 0xD6),
    ("Latin", 0xD8, 0xF6),
    ("Latin", 0xF8, 0x24F),
    ("Greek", 0x370, 0x3FF),
    ("Cyrillic", 0x400, 0x52F),
    ("Armenian", 0x531, 0x58F),
    ("Hebrew", 0x591, 0x5F4),
    ("Arabic", 0x600, 0x6FF),
    ("Devanagari", 0x900, 0x97F),
    ("Bengali", 0x980, 0x9FF),
    ("Tamil", 0xB80, 0xBFF),
    ("Thai", 0xE00, 0xE7F),
    ("Lao", 0xE80, 0xEFF),
    ("Georgian", 0x10A0, 0x10FF),
    ("Hangul", 0x1100, 0x11FF),
    ("Khmer", 0x1780, 0x17FF),
    ("Latin", 0x1E00, 0x1EFF),
    ("Greek", 0x1F00, 0x1FFF),
    ("Han", 0x3005, 0x3007),
    ("Kana", 0x3041, 0x309F),
    ("Kana", 0x30A1, 0x30FA),
    ("Kana", 0x30FC, 0x30FF),
    ("Hangul", 0x3131, 0x318E),
    ("Han", 0x3400, 0x4DBF),
    ("Han", 0x4E00, 0x9FFF),
    ("Hangul", 0xAC00, 0xD7A3),
    ("Han", 0xF900, 0xFAFF),
    ("Han", 0x20000, 0x3FFFF),
)


@dataclass(frozen=True, slots=True)
class Guess:
    """Which of our languages a text is in, or None."""

    code: str | None
    certainty: float
    """In [0, 1]. Of None: how certain it is that the text is in none of our languages; 0 where that is open."""


@lru_cache(maxsize=1 << 14)
def script_of(character: str) -> str | None:
    """Give the script of one character, or None for digits, marks, spaces and scripts we do not name."""
    point = ord(character)
    for script, first, last in _RANGES:
        if first <= point <= last:
            return script
    return None


def count_scripts(text: str) -> Counter[str]:
    """Count the letters of each script."""
    return Counter(filter(None, map(script_of, text)))


def is_latin(text: str) -> bool:
    """Return whether there are letters, and all of them Latin."""
    return set(count_scripts(text)) == {"Latin"}


def identify(text: str, neighbours: Sequence[str] = ()) -> Guess:
    """Guess the language of one text; None where its letters leave it open, or are of no language of ours.

    `neighbours` are codes of other texts in the same picture, with repetition; they decide what letters leave open.
    """
    text = normalise(text)
    scripts = count_scripts(text)
    letters = scripts.total()
    if not letters:
        return Guess(None, 0.0)
    if scripts["Hangul"] and scripts["Hangul"] >= max(scripts["Kana"], scripts["Latin"] / 2):
        return Guess("ko", 0.99 if scripts["Hangul"] * 2 >= letters else 0.8)
    cjk = scripts["Kana"] + scripts["Han"]
    if cjk and cjk * 2 >= scripts["Latin"]:
        return _identify_kana_or_han(text, scripts, Counter(neighbours))
    if scripts["Latin"] * 2 > letters:
        return _identify_latin(text, Counter(neighbours))
    return Guess(None, 0.99 if letters > scripts["Latin"] * 2 else 0.0)


def is_language(text: str) -> bool:
    """Say whether a text has words to translate: not a number, price, address, code or a stray letter."""
    text = _CODE.sub(" ", _ADDRESS.sub(" ", normalise(text)))
    text = without_marks(find_slots(text).text)
    words = [word for word in _WORD.findall(text) if any(script_of(letter) for letter in word)]
    return any(_is_word(word) for word in words)


def _is_word(word: str) -> bool:
    scripts = count_scripts(word)
    if scripts["Han"] or scripts["Hangul"]:
        return True
    if any(letter.isdigit() for letter in word):
        return scripts["Kana"] >= 2 or max(map(len, _LETTERS.findall(word)), default=0) >= 4
    return scripts.total() >= 2 and word.casefold() not in _UNITS


def _identify_kana_or_han(text: str, scripts: Counter[str], neighbours: Counter[str]) -> Guess:
    if scripts["Kana"] and not (scripts["Kana"] == 1 and scripts["Han"] and _BORROWED_KANA in text):
        return Guess("ja", 0.99 if scripts["Kana"] > 1 or scripts["Han"] else 0.85)
    odds = han_odds(text)
    if not odds:
        return Guess(None, 0.0)
    odds["ja"] += _KANA_ODDS * scripts["Kana"]
    shares = _shares(odds, neighbours, _HAN_NEIGHBOUR)
    best = max(shares, key=lambda code: shares[code])
    certainty = shares[best]
    if best != "ja" and not any(foreign_characters(text, code) for code in CHINESE):
        # Written the same in both scripts: right in either.
        certainty = sum(shares[code] for code in CHINESE)
    return Guess(best, min(certainty, 0.99)) if certainty >= _HAN_LEAST else Guess(None, 0.0)


def _identify_latin(text: str, neighbours: Counter[str]) -> Guess:
    odds = latin_odds(text)
    if not odds:
        return Guess(None, 0.0)
    shares = _shares({**odds, "": _ELSEWHERE}, neighbours, _LATIN_NEIGHBOUR)
    best = max(shares, key=lambda code: shares[code])
    return Guess(best or None, min(shares[best], 0.99)) if shares[best] >= _LATIN_LEAST else Guess(None, 0.0)


def _shares(odds: dict[str, float], neighbours: Counter[str], weight: float) -> dict[str, float]:
    """Turn log odds into shares of 1, with the neighbours as a prior."""
    sums = {code: value + weight * math.log1p(min(neighbours[code], _MOST_NEIGHBOURS)) for code, value in odds.items()}
    most = max(sums.values())
    likely = {code: math.exp(value - most) for code, value in sums.items()}
    total = sum(likely.values())
    return {code: value / total for code, value in likely.items()}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# All measured on held-out texts; see language/training/README.md.
_ELSEWHERE = -1.5
"""Log odds of names and of the languages that we do not translate, before a letter is read."""
_LATIN_NEIGHBOUR, _HAN_NEIGHBOUR = 1.2, 2.5
_MOST_NEIGHBOURS = 4
_LATIN_LEAST, _HAN_LEAST = 0.6, 0.7
_BORROWED_KANA = "の"
"""Shops in Taiwan and Hong Kong write it too."""
_KANA_ODDS = 2.0

_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|\S+@\S+\.\w+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|jp|kr|cn|tw|de|fr|es|uk|eu|io)\b(?:/\S*)?",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?<!\w)[A-Za-z]{1,3}-?\d+[A-Za-z]?(?!\w)")
_WORD = re.compile(r"\w+(?:['-]\w+)*")
_LETTERS = re.compile(r"[^\W\d_]+")
_UNITS = _words(
    """kg mg ml cl dl km cm mm mhz ghz kwh mb gb kb tb am pm mph kmh psi kcal kj hz nt us usd eur jpy krw
    st nd rd th tel tél fax"""
)
