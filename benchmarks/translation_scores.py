"""How good translations are: chrF and BLEU beside a reference, and whether the numbers are still there.

In: what was said and what was expected. Out: plain numbers, with the signatures that say how they were computed.
Knows nothing of engines.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

SHORT, MEDIUM = 20, 60
"""Longest source of its class, characters. A sign is short, a sentence is medium."""


@dataclass(frozen=True, slots=True)
class Score:
    """A corpus score, 0 to 100, over a number of texts."""

    texts: int
    chrf: float
    bleu: float


def score(said: Sequence[str], expected: Sequence[str], to: str) -> Score | None:
    """Score translations into one language; None where there are none."""
    if not said:
        return None
    chrf, bleu = _metrics(to)
    references = [list(expected)]
    return Score(
        len(said),
        round(chrf.corpus_score(list(said), references).score, 2),
        round(bleu.corpus_score(list(said), references).score, 2),
    )


def signatures(targets: Sequence[str]) -> dict[str, str]:
    """Give sacrebleu's signatures: chrF, and BLEU for each target language."""
    found = {"chrF": CHRF().get_signature}
    for to in targets:
        # A metric knows its signature only when it has scored something.
        bleu = BLEU(tokenize=_TOKENIZER.get(to, "13a"))
        bleu.corpus_score(["a"], [["a"]])
        found[f"BLEU {to}"] = bleu.get_signature
    chrf = CHRF()
    chrf.corpus_score(["a"], [["a"]])
    found["chrF"] = chrf.get_signature
    return {name: str(signature()) for name, signature in found.items()}


def length_class(source: str) -> str:
    """Say whether a source is short, medium or long, by its characters."""
    return "short" if len(source) <= SHORT else "medium" if len(source) <= MEDIUM else "long"


def has_number(text: str) -> bool:
    """Say whether there is a number to lose."""
    return bool(_numbers(text))


def keeps_numbers(source: str, target: str) -> bool:
    """Say whether every number of a source stands in its translation, as often.

    Digits count however they are grouped (1,000 and 1.000); so do a month's name for its number and, up to twelve,
    the word for the number: "2명" is "two people". A spelt number is looked for as a whole word.
    """
    have = _numbers(target)
    words = Counter(re.findall(r"[a-z]+", target.lower()))
    for number, count in _numbers(source).items():
        missing = count - have[number]
        if missing <= 0:
            continue
        value = int(number) if len(number) <= 2 else 0
        spelt = sum(words[word] for word in _WORDS.get(value, ())) + _cjk_count(value, target)
        if spelt < missing:
            return False
    return True


def _numbers(text: str) -> Counter[str]:
    plain = _GROUPED.sub("", unicodedata.normalize("NFKC", text))
    return Counter(run.lstrip("0") or "0" for run in _DIGITS.findall(plain))


def _cjk_count(value: int, target: str) -> int:
    if not 1 <= value <= 12:
        return 0
    return target.count(_HAN[value - 1]) + len(re.findall(rf"(?<![가-힣]){_KOREAN[value - 1]}", target))


@cache
def _metrics(to: str) -> tuple[CHRF, BLEU]:
    return CHRF(), BLEU(tokenize=_TOKENIZER.get(to, "13a"))


_TOKENIZER = {"ja": "char", "ko": "char", "zh-Hans": "zh", "zh-Hant": "zh"}
_GROUPED = re.compile(r"(?<=\d)[,.](?=\d{3}(?!\d))")
_DIGITS = re.compile(r"\d+")
_WORDS = {
    1: ("one", "first", "january", "jan"),
    2: ("two", "second", "february", "feb"),
    3: ("three", "third", "march", "mar"),
    4: ("four", "fourth", "april", "apr"),
    5: ("five", "fifth", "may"),
    6: ("six", "sixth", "june", "jun"),
    7: ("seven", "seventh", "july", "jul"),
    8: ("eight", "eighth", "august", "aug"),
    9: ("nine", "ninth", "september", "sep"),
    10: ("ten", "tenth", "october", "oct"),
    11: ("eleven", "eleventh", "november", "nov"),
    12: ("twelve", "twelfth", "december", "dec"),
}
_HAN = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_KOREAN = ("한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열", "열한", "열두")
