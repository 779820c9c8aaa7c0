"""The meaning of a short text as a key: what `sign_judge` compares. See there for what a key keeps and drops.

Comes in: a text and its language. Goes out: a string without spaces. One function a language, symmetric for both sides.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path

from benchmarks.sign_rules import (
    AFTERNOON,
    BEFORE_MONEY,
    CHINESE,
    CLOCK,
    CONTRACTIONS,
    EMPTY,
    FORENOON,
    HAN_DIGITS,
    JAPANESE,
    KOREAN,
    KOREAN_WORDS,
    MONEY,
    NUMBER_WORDS,
    PARTICLE,
    UNITS,
    Rules,
)
from devices.errors import InputError, UnknownNameError
from language.normalise import normalise

SYNONYMS = Path(__file__).parent / "signs" / "synonyms.tsv"
"""Lines of `code, word, synonym | synonym ...`, tab-separated; the first word stands for all of them in a key."""


def key_of_sign(text: str, code: str) -> str:
    """Give the key of a text in en, ko, ja, zh-Hans or zh-Hant; raises UnknownNameError for another language."""
    if code not in _MEANINGS:
        raise UnknownNameError(f"No judge for {code!r}: expected one of {', '.join(_MEANINGS)}.")
    return _joined(_MEANINGS[code](_plain(text, code), _synonyms(code)))


def _plain(text: str, code: str) -> str:
    """Give the normalised text in small letters, with numbers, times and prices written one way."""
    kind = code.split("-")[0]
    text = normalise(text).casefold()
    if not _DIGIT.search(text):
        return text
    text = _THOUSANDS.sub(lambda match: re.sub("[ ,]", "", match[0]), text)
    text = CLOCK[kind].sub(_time, text)
    text = _BETWEEN_DIGITS.sub(_POINT, text)
    text = _SIGN_FIRST.sub(r"\2\1", _apply(BEFORE_MONEY, text))
    for sign, words in MONEY[kind].items():
        text = re.sub(rf"(?<=\d) ?(?:{words})(?![a-z])", sign, text)
    return _apply(UNITS[kind], _PERCENT.sub("%", text))


def _time(match: re.Match[str]) -> str:
    hour = int(match["hour"])
    half_day = match["before"] or match["after"]
    if half_day in AFTERNOON and hour < 12:
        hour += 12
    elif half_day in FORENOON and hour == 12:
        hour = 0
    minute = "30" if match["half"] else match["minute"] or match["spoken"] or "00"
    return f" {hour}:{minute} "


def _english(text: str, synonyms: Mapping[str, str]) -> str:
    bare = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    bare = _apply(CONTRACTIONS, bare.replace("&", " and "))
    words = [NUMBER_WORDS.get(word, word) for word in _ENGLISH_WORD.findall(bare)]
    line = " " + " ".join(_singular(word) for word in words if word not in EMPTY) + " "
    return _replaced(line, synonyms)


def _singular(word: str) -> str:
    for ending, stem in (("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("sses", "ss"), ("xes", "x"), ("oes", "o")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word[: -len(ending)] + stem
    return word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] not in "suia" else word


def _korean(text: str, synonyms: Mapping[str, str]) -> str:
    text = PARTICLE.sub("", _apply(KOREAN_WORDS, text))
    return _apply(KOREAN, _replaced(_joined(text), synonyms))


def _japanese(text: str, synonyms: Mapping[str, str]) -> str:
    text = re.sub(r"です(?=$|[\s。.!?])", "", text.replace("〜", "~"))
    return _apply(JAPANESE, _replaced(_joined(text.translate(HAN_DIGITS)), synonyms))


def _chinese(text: str, synonyms: Mapping[str, str]) -> str:
    return _apply(CHINESE, _replaced(_joined(text.translate(HAN_DIGITS)), synonyms))


def _joined(text: str) -> str:
    """Drop punctuation and spaces; digits that a space kept apart stay apart."""
    return _DIGITS_APART.sub("", _NOT_KEPT.sub(" ", text).strip())


def _apply(rules: Rules, text: str) -> str:
    for pattern, replacement in rules:
        text = pattern.sub(replacement, text)
    return text


def _replaced(text: str, synonyms: Mapping[str, str]) -> str:
    pattern = _any_of(tuple(synonyms))
    return pattern.sub(lambda match: synonyms[match[0]], text) if pattern else text


@lru_cache(maxsize=16)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str] | None:
    # Words of English begin with their space and end where the next one begins.
    longest_first = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.compile(f"(?:{longest_first}){'(?= )' if words[0][0] == ' ' else ''}") if words else None


@cache
def _synonyms(code: str) -> dict[str, str]:
    """Read the synonyms of a language, each through the same steps as the texts; raises InputError for a bad line."""
    table: dict[str, str] = {}
    for number, line in enumerate(SYNONYMS.read_text(encoding="utf-8").splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) != 3:
            raise InputError(f"{SYNONYMS.name}, line {number}: expected code, word, synonyms; got {len(cells)} cells.")
        if cells[0] not in (code, code.split("-")[0]):
            continue
        first, *others = (_word(word, code) for word in (cells[1], *cells[2].split(" | ")))
        for word in others:
            if table.setdefault(word, first) != first:
                raise InputError(f"{SYNONYMS.name}, line {number}: {word!r} already stands for {table[word]!r}.")
    # The first words too, so that a synonym inside one of them is left alone; a synonym of a synonym in one step.
    return {word: table.get(first, first) for word, first in table.items()} | {
        first: table.get(first, first) for first in table.values()
    }


def _word(word: str, code: str) -> str:
    plain = normalise(word).casefold()
    if code == "en":
        return _english(plain, {}).rstrip()
    return _joined(plain if code == "ko" else plain.translate(HAN_DIGITS))


_MEANINGS: dict[str, Callable[[str, Mapping[str, str]], str]] = {
    "en": _english,
    "ko": _korean,
    "ja": _japanese,
    "zh-Hans": _chinese,
    "zh-Hant": _chinese,
}
_POINT = "\u2236"
"""Stands for . and : between digits and for a decimal comma: 3,50 is 3.50, and 18:00 is not 18 00."""
_BETWEEN_DIGITS = re.compile(r"(?<=\d)(?:[.:](?=\d)|,(?=\d\d(?!\d)))")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:[ ,]\d{3})+(?!\d)")
_SIGN_FIRST = re.compile(rf"(?<!\d)(?<!\d )([€$£¥₩]) ?(\d[\d{_POINT}]*)")
_ENGLISH_WORD = re.compile(rf"[a-z]+|\d+(?:{_POINT}\d+)*|[%€$£¥₩]")
_PERCENT = re.compile(r"(?<=\d) ?(?:퍼센트|パーセント|percent|per cent|%)")
_DIGIT = re.compile(r"\d")
_NOT_KEPT = re.compile(rf"[^\w%€$£¥₩{_POINT}]+|_")
_DIGITS_APART = re.compile(r"(?<!\d) +| +(?!\d)")
