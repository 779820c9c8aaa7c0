"""Whether an answer says what a sign says: compared with accepted renderings, by a key that keeps only the meaning.

Comes in: an answer, the accepted renderings and the language of both. Goes out: right or not (`accepted`), and a softer
score from 0 to 100 (`closeness`). Knows no translator and no table of signs.

Two texts are the same when their keys are. A key is the text

1. in the spelling of `language.normalise`, case-folded, English without accents and contractions;
2. with numbers, times and prices written one way: 1,000 = 1000, 18:00 = 6 p.m. = 오후 6시 = 下午6点, € 3,50 =
   3.50 euros, "two" = 2. Every digit counts: a number that changed, went or came makes another key;
3. without punctuation and spaces (a space stays between two digits, so "2 30" is never "230");
4. without the words that carry no meaning on a sign: articles, "please", "is", "of", 을/를/은/는, は/を/が/の, 的/请,
   and with no difference between one thing and several;
5. with synonyms written one way: `signs/synonyms.tsv`, a word of one language and what may stand for it on any sign;
6. with one form for endings that differ in politeness alone: 닫으십시오 = 닫으세요, 해 주시기 바랍니다 = 하세요,
   없습니다 = 없음, 촬영하지 마세요 = 촬영을 삼가 주세요 = 촬영 금지; ご利用ください = 利用してください,
   撮影はご遠慮ください = 撮影禁止; 请勿 = 禁止 = 不得. (닫아 주세요 and 닫으세요 are listed instead: that
   change touches the stem.)

An English clause that leads is the same as one that follows: "If you hear the alarm, leave" = "Leave if you hear the
alarm".

All of it happens to both sides alike, so it can only make the judge too kind, never too strict; it is kind in the
number of a noun, in particles and in politeness, which no traveller minds. Word order counts, and so does every other
word: what is not listed is wrong. The share of accepted answers is therefore a lower bound, and `closeness` (chrF of
sacrebleu against the best of the renderings, Popović 2015) stands beside it.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import Indel
from sacrebleu.metrics.chrf import CHRF

from benchmarks.sign_keys import key_of_sign

_SCORED = 24
"""Renderings that chrF is computed against: the nearest by edit distance, because a cell can have hundreds."""


_SENTENCE = re.compile(r"(?<=[.!?;]) ")
_LEADING = re.compile(
    r"^((?:if|when|once|after|before|from|until|in case of|for|due to|because of|to|by|at|on|in)\b[^,]*),"
    r" *([^,]+?)[.!]?$",
    re.IGNORECASE,
)
"""A clause or a circumstance before a comma."""


def accepted(answer: str, alternatives: Sequence[str], code: str) -> bool:
    """Say whether an answer equals one of the accepted renderings in all that carries meaning; code is the target's.

    An empty answer is wrong. The first call for a sign takes up to a tenth of a second; raises UnknownNameError for a
    language that is never a target.
    """
    return not _keys(tuple(alternatives), code).isdisjoint(key_of_sign(text, code) for text in _ways(answer, code))


def closeness(answer: str, alternatives: Sequence[str]) -> float:
    """Give the chrF (0 to 100) of the answer against the nearest of the renderings; 0 for none."""
    near = process.extract(answer, alternatives, scorer=Indel.normalized_similarity, limit=_SCORED)
    return max((float(_chrf().sentence_score(answer, [text]).score) for text, _, _ in near), default=0.0)


@lru_cache(maxsize=4096)
def _keys(alternatives: tuple[str, ...], code: str) -> frozenset[str]:
    return frozenset(key_of_sign(way, code) for text in alternatives for way in _ways(text, code)) - {""}


def _ways(text: str, code: str) -> tuple[str, ...]:
    """Give a text, and an English one also with what leads its sentences at their ends."""
    moved = " ".join(_LEADING.sub(r"\2 \1 ", sentence) for sentence in _SENTENCE.split(text)) if code == "en" else text
    return (text,) if moved == text else (text, moved)


@cache
def _chrf() -> CHRF:
    return CHRF()
