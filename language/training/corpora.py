"""Parallel text: what is read, how much each source counts, and what is held out.

Comes in: the `<pair>.tsv.xz` files (`tag TAB source TAB English`). Goes out: normalised pairs, weighted and split.
Knows nothing of tokens.
"""

import hashlib
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from language.normalise import normalise

# How often a pair of this source is drawn, relative to a plain one. Everyday language, signs and food go up; manuals,
# medieval history and dictionaries go down (they outnumber the rest by far).
TAG_WEIGHT = {
    "tatoeba": 3.0,
    "tanaka50k": 1.5,
    "talpco": 4.0,
    "jhe": 2.0,
    "park_news": 0.7,
    "xquad": 0.5,
    "xpersona": 1.5,
    "stylekqc": 1.2,
    "3am": 0.6,
    "ami": 1.0,
    "kyoto": 0.10,
    "kyoto_title": 0.12,
    "kyoto_lexicon": 0.08,
    "ms_iot": 0.5,
    "ms_sec101": 0.3,
    "ms_azd": 0.1,
    "aosp_settings": 1.0,
    "godot": 0.25,
    "djangodocs": 0.12,
    "pydocs": 0.15,
    "osm_id": 3.0,
    "osm_nsi": 1.0,
    "kf_food": 4.0,
    "cldr": 3.0,
    "cldr_emoji": 2.0,
    "tw_addr": 0.1,
    "cedict": 0.15,
}
# Glosses explain a word: good for reading Chinese, wrong as an answer to "how do I say this".
ONE_WAY_TAGS = frozenset({"cedict", "kyoto_lexicon"})
DEV_ONE_IN = 150
DEV_MOST = 500


@dataclass(frozen=True, slots=True)
class Pair:
    """One sentence pair: `source` in the foreign language of its file, `english` beside it."""

    tag: str
    source: str
    english: str


def read_pairs(path: Path) -> Iterator[Pair]:
    """Yield the normalised pairs of one corpus file, skipping lines without two sides."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            cells = line.rstrip("\n").split("\t")
            if len(cells) != 3:
                continue
            source, english = normalise(cells[1]), normalise(cells[2])
            if source and english:
                yield Pair(cells[0], source, english)


def text_key(text: str) -> str:
    """Return letters and digits only, lower case: texts with one key count as the same text."""
    return "".join(filter(str.isalnum, text.lower())) or text


def chance(text: str, salt: str = "") -> float:
    """Return a number in [0, 1) that depends on the text alone (blake2b), so that splits never move."""
    digest = hashlib.blake2b((salt + text).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def split_dev(pairs: list[Pair], *, most: int = DEV_MOST) -> tuple[list[Pair], list[Pair]]:
    """Split one language's pairs into (train, dev).

    A pair is held out when the hash of its English side says so, in every language alike: all paraphrases and all
    translations of one English sentence land on the same side, so no direction and no made pair leaks it. At most
    `most` are kept for dev, favouring the sources that count most; training pairs that share a source text with dev go.
    """
    held = [pair for pair in pairs if chance(text_key(pair.english)) < 1 / DEV_ONE_IN]
    # Weighted sampling without replacement (Efraimidis & Spirakis 2006), with the hash as the random number.
    order = sorted(
        held,
        key=lambda pair: chance(pair.source + "\t" + pair.english, "dev") ** (1 / TAG_WEIGHT.get(pair.tag, 1.0)),
        reverse=True,
    )
    dev: list[Pair] = []
    seen: set[str] = set()
    for pair in order:
        # One paraphrase a group is enough for a test.
        if len(dev) < most and text_key(pair.english) not in seen:
            seen.add(text_key(pair.english))
            dev.append(pair)
    held_sources = {text_key(pair.source) for pair in held}
    train = [
        pair
        for pair in pairs
        if chance(text_key(pair.english)) >= 1 / DEV_ONE_IN and text_key(pair.source) not in held_sources
    ]
    return train, dev


def chinese_script(text: str) -> str:
    """Return "zh-Hans" or "zh-Hant" by the characters that only one of GB 2312 and Big5 contains.

    Text that both can write (很好) goes either way, by its hash: it is right in both.
    """
    simplified = sum(not _encodable(character, "big5") for character in text)
    traditional = sum(not _encodable(character, "gb2312") for character in text)
    if simplified == traditional:
        return "zh-Hans" if chance(text, "script") < 0.5 else "zh-Hant"
    return "zh-Hans" if simplified > traditional else "zh-Hant"


def _encodable(character: str, codec: str) -> bool:
    try:
        character.encode(codec)
    except UnicodeEncodeError:
        return False
    return True
