"""What a lexicon learns from: sentence pairs, lightest last, and word lists.

Comes in: the training part of a corpus, the phrase book, our templates. Goes out: pairs with weights, and entries (a
word or short phrase, and what it means). Knows nothing of units and alignment.
"""

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from language.normalise import normalise
from language.phrasebook_files import read_phrasebook
from language.training.corpora import ONE_WAY_TAGS, TAG_WEIGHT, Pair, chance
from language.training.templates import read_templates, template_pairs

WEIGHT = {**TAG_WEIGHT, "cedict": 0.5, "kyoto_lexicon": 0.3, "phrasebook": 4.0, "template": 1.0}
"""How much a pair of a source counts. Dictionaries count more here than for the network: they are short and exact."""

_LISTS = frozenset({"cldr", "cldr_emoji", "osm_id", "osm_nsi", "kf_food", "phrasebook", *ONE_WAY_TAGS})
CASED_TAGS = frozenset({"cldr", "osm_nsi", *ONE_WAY_TAGS})
"""Lists that write names with capitals, and only names."""
_LONGEST_MEANING = 4  # words
_ROW_WEIGHT = (1.0, 0.6, 0.4, 0.3)  # the first meaning of a dictionary is the usual one
_TEMPLATES = 12_000
_LINKS_PER_PAIR = 1_200  # words times words; longer pairs say little for what they cost
_PAREN = re.compile(r"\s*[(\[][^)\]]*[)\]]")
_HEAD = re.compile(r"^(?:to|an?|the) (?=.)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a word list."""

    source: str
    meaning: str
    """In English, without brackets and articles."""
    weight: float
    one_way: bool
    """Good for reading only: an explanation, not what one would say."""
    cased: bool
    """Whether capitals in the meaning tell a name."""


def weighted(pairs: Iterable[Pair], *, most_links: int) -> list[Pair]:
    """Choose pairs until their words times words add up to `most_links`: the heavy ones first, by their hash.

    Weighted sampling without replacement (Efraimidis & Spirakis 2006).
    """
    order = sorted(
        pairs,
        key=lambda pair: chance(pair.source + "\t" + pair.english, "align") ** (1 / WEIGHT.get(pair.tag, 1.0)),
        reverse=True,
    )
    chosen, links = [], 0
    for pair in order:
        size = _words(pair.source) * _words(pair.english)
        if size <= _LINKS_PER_PAIR and links + size <= most_links:
            chosen.append(pair)
            links += size
    return chosen


def own_pairs(language: str) -> list[Pair]:
    """Give what we wrote ourselves: the phrase book, word lists and filled templates, as pairs with English."""
    pairs: list[Pair] = []
    codes = ("zh-Hans", "zh-Hant") if language == "zh" else (language,)
    lists = (word for words in read_templates().lists.values() for word in words)
    for cells in [concept.cells for concept in read_phrasebook()] + [word.cells for word in lists]:
        for code in codes:
            english = next((text for text in cells["en"] if "{" not in text), "")
            sources = [text for text in cells[code] if "{" not in text] if english else []
            pairs += [Pair("phrasebook", normalise(text), normalise(english)) for text in sources]
    for code in codes:
        made = template_pairs(code, "en", random.Random(7), _TEMPLATES // len(codes))
        pairs += [Pair("template", pair.source, pair.target) for pair in made]
    return pairs


def entries(pairs: Iterable[Pair]) -> Iterator[Entry]:
    """Yield the lines of word lists among the pairs."""
    seen: Counter[str] = Counter()
    for pair in pairs:
        if pair.tag not in _LISTS:
            continue
        meaning = _HEAD.sub("", _PAREN.sub("", pair.english).split(" ; ")[0].strip())
        source = _PAREN.sub("", pair.source).strip()
        if not source or not 0 < len(meaning.split()) <= _LONGEST_MEANING or ":" in meaning:
            continue
        weight = WEIGHT.get(pair.tag, 1.0) * _ROW_WEIGHT[min(seen[source], len(_ROW_WEIGHT) - 1)]
        seen[source] += 1
        yield Entry(source, meaning, weight, pair.tag in ONE_WAY_TAGS, pair.tag in CASED_TAGS)


def _words(text: str) -> int:
    """Estimate the number of units: words, or half the characters of a text without spaces."""
    return max(text.count(" ") + 1, 0 if text.isascii() else sum(character > "\u2e80" for character in text) // 2)
