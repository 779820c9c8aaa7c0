"""From counted phrases to the rows of a lexical table: which keys earn a place, and which translations.

Comes in: phrases with their translations, entries of word lists. Goes out: rows. Knows nothing of corpora and of files.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from language.lexicon_file import Candidate, Row
from language.training.forms import Write, best_form, stem
from language.training.phrases import Phrase
from language.training.segmenter import NUMBER, Vocabulary
from language.units import CUT_LANGUAGES, LONGEST_PIECE, WORD_START, cut, plain

SHOWN = 0.25
"""The score from which on a translation is shown."""

_LIGHT_SHOWN = 0.35  # the same for words that stand beside everything
_RARE_SHOWN = 0.12  # the same for a frequent key with many translations
_MOST_CANDIDATES = 4
_LEAST_SCORE = 0.08
_DOUBT = 0.5  # places that are added to the count: what is seen once is half believed
_OFTEN = 20  # places from which on silence tells something
_SILENT_RATIO = 2.5  # a key stands for nothing where nothing is so much likelier than its best translation
_SILENT_SHARE = 0.35
_FUNCTION_COST = 7.5  # nats; what is more frequent and has no translation is grammar
_LONGEST_ENDING = 3
_NEGATED = 0.25  # share of negations among the translations from which on the best one must be negated
_PHRASE_SCORE = 0.5
_PHRASE_TIMES = 3
_PHRASE_RANK = 0.4  # a phrase is worth so much of a unit as frequent as it
_LISTED_COST = 16.0  # nats; a listed word whose parts cost more comes later
_UNKNOWN_COST = 12.0
_BE = "is are was were be been am"
_PRONOUNS = "I me my you your he him his she her it its we us our they them their"
_LIGHT = frozenset(
    f"{_BE} {_PRONOUNS} of to in on at by for with as do does did have has had will would can and or if so that this "
    "the a an 's there".split(" ")
)
_NEGATIONS = frozenset({"not", "no", "never", "without", "none", "nothing", "nobody", "cannot", "nor", "neither"})
_CRITICAL = _NEGATIONS | {"dont", "only", "except", "forbidden", "prohibited", "banned", "danger", "dangerous"}
# What must not be lost in a language, written so that it says so alone. Alignment scatters it over endings and verbs.
_SPOKEN: Mapping[str, Mapping[str, str]] = {
    "ko": {
        "dont": "하지 마세요",
        "not": "안",
        "no": "금지/없음",
        "never": "절대 안",
        "without": "없이",
        "only": "오직",
        "except": "제외",
        "nothing": "없음",
        "cannot": "불가",
        "or": "또는",
    },
    "ja": {
        "dont": "しないで",
        "not": "ない",
        "no": "禁止/なし",
        "never": "絶対にない",
        "without": "なし",
        "only": "のみ",
        "except": "以外",
        "nothing": "何もない",
        "cannot": "できない",
        "or": "または",
    },
    "zh": {
        "dont": "请勿",
        "not": "不",
        "no": "禁止/没有",
        "never": "从不",
        "without": "没有",
        "only": "仅",
        "except": "除外",
        "nothing": "没有",
        "cannot": "不能",
        "or": "或",
    },
}
_MARKS = {
    "en": re.compile(r"\b(?:not|no|never|without|none|nothing|only|except|forbidden|prohibited|banned|danger\w*)\b"),
    "ko": re.compile("금|안|없|않|못|불|마|말|아니|제외|만|오직|위험|무|비"),
    "ja": re.compile("な[いし]|禁|ません|ず|不|無|非|未|外|のみ|だけ|危|断|な$"),
    "zh": re.compile("不|没|无|禁|勿|非|别|未|除|只|仅|免|危"),
}


@dataclass(slots=True)
class Count:
    """What is known of one key before it becomes a row."""

    weight: float = 0.0
    times: int = 0
    said: dict[str, float] = field(default_factory=dict)
    """Translations by weight; "" for none."""
    parts: tuple[str, ...] = ()
    """The keys of its units, where it has several."""
    listed: bool = False
    """Whether it stands in a word list and nowhere else."""

    def add(self, text: str, weight: float) -> None:
        """Count a translation."""
        self.said[text] = self.said.get(text, 0.0) + weight


def gather(phrases: Iterable[Phrase], left: Vocabulary, right: Vocabulary, write: Write) -> dict[str, Count]:
    """Give the counts by key. `write` turns right units into the text that is shown."""
    counts: dict[str, Count] = {}
    number = left.numbers[NUMBER]
    for phrase in phrases:
        if number in phrase.units:
            continue
        key = left.key(phrase.units)
        if left.language in CUT_LANGUAGES and (len(key) > LONGEST_PIECE or key.isascii()):
            continue
        count = counts.setdefault(key, Count())
        count.weight += phrase.weight
        count.times += phrase.times
        if len(phrase.units) > 1:
            count.parts = tuple(left.names[unit] for unit in phrase.units)
        for units, weight in phrase.translations:
            count.add("" if number in units else write([right.names[unit] for unit in units]), weight)
    return counts


def add_entry(counts: dict[str, Count], key: str, text: str, weight: float) -> None:
    """Count an entry of a word list; one line of a list is as sure as two places in sentences."""
    count = counts.setdefault(key, Count(listed=True))
    count.weight += weight
    count.times += 2
    count.add(text, weight)


def rows(counts: Mapping[str, Count], *, language: str, target: str, most: int) -> list[Row]:
    """Give the rows of a table, at most `most`: the frequent keys first, and phrases only where they tell more.

    Keys that say no more than their parts are left out. Frequent keys stay even where nothing is known that they stand
    for: they keep a text from being cut in the wrong places, and a word from being taken for another's form.
    """
    total = sum(count.weight for count in counts.values() if not count.parts) or 1.0
    costs = {key: -math.log(max(count.weight, 1e-9) / total) for key, count in counts.items()}
    units = {key: costs[key] for key, count in counts.items() if not count.parts and not count.listed}
    best = {
        key: _candidates(count, target, grammar=costs[key] < _FUNCTION_COST or _is_ending(key, language))
        for key, count in counts.items()
    }
    best |= {key: (Candidate(text, 1.0),) for key, text in _SPOKEN.get(target, {}).items() if key in best}
    ranked: list[tuple[float, Row]] = []
    for key in sorted(counts):
        count, candidates = counts[key], best[key]
        rank = count.weight * count.times / (count.times + _DOUBT)
        if not candidates and (count.parts or count.times < _OFTEN):
            continue
        if count.parts or count.listed:
            parts = count.parts or _parts(key, units, language)
            if len(parts) > 1 and _says_no_more(candidates, parts, best):
                continue
            if count.parts:
                inside = language in CUT_LANGUAGES and WORD_START not in key[1:]
                if candidates[0].score < (SHOWN if inside else _PHRASE_SCORE) or count.times < _PHRASE_TIMES:
                    continue
                if _loses(candidates[0].text, parts, best, target):
                    continue
                rank *= _PHRASE_RANK
            else:
                # Of the words of a list, those of frequent characters come first.
                rank *= _LISTED_COST / sum(units.get(part, _UNKNOWN_COST) for part in parts)
        ranked.append((rank, Row(key, costs[key], candidates)))
    ranked.sort(key=lambda item: (-item[0], item[1].key))
    found = [row for _, row in ranked]
    return (found if language in CUT_LANGUAGES else _without_accents(found))[:most]


def _parts(key: str, units: Mapping[str, float], language: str) -> tuple[str, ...]:
    if language not in CUT_LANGUAGES:
        return tuple(key.split(" "))
    return tuple(unit.key for unit in cut(key, units.get, language))


def _says_no_more(
    own: tuple[Candidate, ...], parts: tuple[str, ...], best: Mapping[str, tuple[Candidate, ...]]
) -> bool:
    """Say whether a key's translation has the words of its parts' translations, grammar aside."""
    if not own or not own[0].text:
        return True
    composed = {word for part in parts for one in best.get(part, ())[:1] for word in one.text.casefold().split()}
    return set(own[0].text.casefold().split()) - _LIGHT == composed - _LIGHT


def _loses(text: str, parts: tuple[str, ...], best: Mapping[str, tuple[Candidate, ...]], target: str) -> bool:
    """Say whether a phrase's translation drops a prohibition or the like that its parts have."""
    if _MARKS[target].search(text):
        return False
    said = (one.text for part in parts for one in best.get(part, ())[:1])
    return any(part in _CRITICAL for part in parts) or (target == "en" and any(map(_MARKS["en"].search, said)))


def _candidates(count: Count, language: str, *, grammar: bool) -> tuple[Candidate, ...]:
    belief = count.times / (count.times + _DOUBT) / count.weight
    nothing = count.said.get("", 0.0) * belief
    silence = (Candidate("", min(1.0, nothing)),)
    words: dict[str, dict[str, float]] = {}
    for text, weight in count.said.items():
        if text:
            words.setdefault(stem(text, language), {})[text] = weight * belief
    # The forms of one word count together.
    scored = sorted((-sum(forms.values()), best_form(forms, language)) for forms in words.values())
    if language == "en":
        scored = _negated(scored)
    top, text = (-scored[0][0], scored[0][1]) if scored else (0.0, "")
    often = count.times >= _OFTEN
    meant = language == "en" and not _NEGATIONS.isdisjoint(text.split(" "))
    if often and not meant and nothing > _SILENT_RATIO * top and top < 2 * SHOWN:
        return silence if grammar else ()
    least = _RARE_SHOWN if meant else _LIGHT_SHOWN if text in _LIGHT else SHOWN
    if top < least:
        if often and (text in _LIGHT or (nothing >= _SILENT_SHARE and grammar)):
            return silence
        if not often or top < _RARE_SHOWN or text in _LIGHT:
            return ()
    kept = [(text, -score) for score, text in scored[:_MOST_CANDIDATES] if -score >= min(_LEAST_SCORE, top)]
    return tuple(Candidate(text, min(1.0, score)) for text, score in kept)


def _is_ending(key: str, language: str) -> bool:
    """Say whether a key looks like an ending or a particle: Korean inside a word, a few Japanese hiragana."""
    if language == "ko":
        return not key.startswith(WORD_START)
    return language == "ja" and len(key) <= _LONGEST_ENDING and all("ぁ" <= letter <= "ん" for letter in key)


def _negated(scored: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """Put a negation first where enough of the translations are negated: better "not" too often than lost."""
    if not scored or not _NEGATIONS.isdisjoint(scored[0][1].split()):
        return scored
    share = sum(score for score, text in scored if not _NEGATIONS.isdisjoint(text.split()))
    total = sum(score for score, _ in scored)
    if share / total < _NEGATED:
        return scored
    return sorted(scored, key=lambda item: (_NEGATIONS.isdisjoint(item[1].split()), item))


def _without_accents(found: list[Row]) -> list[Row]:
    """Put rows under their keys without accents; an accented key stays only where it says something else."""
    kept: dict[str, Row] = {}
    for row in found:
        bare = plain(row.key)
        if bare not in kept:
            kept[bare] = Row(bare, row.cost, row.candidates)
        elif row.key != bare and kept[bare].candidates[:1] != row.candidates[:1]:
            kept[row.key] = row
    return list(kept.values())
