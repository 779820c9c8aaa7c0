"""Make the tables that tell languages apart: `language/latin.table` and `language/han.table`.

Run `python -m language.training.identifier --corpora DIR`. Writes both in some minutes; the same input gives the same
tables. With `--measure` nothing is written: a part of the texts is kept for the end, and it says how many were told.

Softmax regression over hashed letter groups of short pieces, because signs are short. Among Latin letters, a further
class is everything that we do not translate, from `other_languages.tsv`; its weights are the zero of the others.
"""

import argparse
import logging
import random
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from language.han import CHINESE, HAN, HAN_TABLE, foreign_characters, han_groups, han_odds
from language.identify import count_scripts
from language.latin import LATIN, LATIN_TABLE, latin_groups, latin_odds
from language.letter_groups import GroupTable
from language.phrasebook_files import read_phrasebook
from language.slots import PLACEHOLDER
from language.training.corpora import chance, read_pairs, text_key
from language.training.group_weights import Sample, fit

# Sources by the number of texts that are drawn. Left out: what is long, technical, medieval, or translated by machines.
_LATIN_TAGS = frozenset({"tatoeba", "osm_id", "cldr", "cldr_emoji", "aosp_settings", "godot"})
_HAN_TAGS = {
    "kyoto_title": 12_000,
    "kyoto_lexicon": 6_000,
    "kyoto": 6_000,
    "cedict": 16_000,
    "tatoeba": 8_000,
    "osm_id": 8_000,
    "tw_addr": 5_000,
    "godot": 3_000,
    "aosp_settings": 3_000,
    "cldr_emoji": 2_000,
    "pydocs": 2_000,
    "cldr": 1_000,
    "djangodocs": 1_000,
    "ms_azd": 1_000,
    "osm_nsi": 600,
    "phrases": 8_000,
}
_OTHER = "other"
_LATIN_ROWS, _HAN_ROWS = 1 << 16, 1 << 15
_OURS, _PHRASES, _OTHERS = 280_000, 120_000, 50_000
_WITHOUT_ACCENTS = 0.3
_HELD_OUT = 0.08

_log = logging.getLogger(__name__)
Texts = dict[str, list[str]]
"""Texts by language, or by the source they come from."""


def read_latin(corpora: Path) -> Texts:
    """Read the texts of our Latin-script languages, each once."""
    texts: dict[str, dict[str, None]] = {code: {} for code in LATIN}
    for code in LATIN[1:]:
        for pair in read_pairs(corpora / f"{code}-en.tsv.xz"):
            if pair.tag in _LATIN_TAGS:
                texts[code][pair.source] = texts["en"][pair.english] = None
    return {code: list(found) for code, found in texts.items()}


def read_phrases(codes: Sequence[str]) -> Texts:
    """Read the phrase book: the words of signs."""
    return {code: _phrases(code) for code in codes}


def read_others(path: Path | None = None) -> Texts:
    """Read the texts of other languages; by default the file beside this module."""
    others: Texts = defaultdict(list)
    for line in (path or Path(__file__).with_name("other_languages.tsv")).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name, cell = line.split("\t")
            others[name] += cell.split(" | ")
    return dict(others)


def read_han(corpora: Path) -> dict[tuple[str, ...], Texts]:
    """Read the texts that have no letters but Han characters, by the languages they are right in and by source."""
    texts: dict[tuple[str, ...], Texts] = defaultdict(lambda: defaultdict(list))
    for name in ("ja", "zh"):
        for pair in read_pairs(corpora / f"{name}-en.tsv.xz"):
            if pair.tag in _HAN_TAGS and len(pair.source) <= 24 and is_all_han(pair.source):
                codes = ("ja",) if name == "ja" else chinese_scripts(pair.source)
                texts[codes][pair.tag].append(pair.source)
    for code, phrases in read_phrases(HAN).items():
        texts[(code,)]["phrases"] = [text for text in phrases if is_all_han(text)]
    return {codes: dict(sources) for codes, sources in texts.items()}


def is_all_han(text: str) -> bool:
    """Say whether a text has at least two Han characters and no other letters."""
    scripts = count_scripts(text)
    return scripts["Han"] >= 2 and scripts.total() == scripts["Han"]


def chinese_scripts(text: str) -> tuple[str, ...]:
    """Say which Chinese script a text is in, by the characters that each lacks; both where that is even."""
    lacking = {code: foreign_characters(text, code) for code in CHINESE}
    return tuple(code for code in CHINESE if lacking[code] == min(lacking.values()))


def pieces(texts: Texts, count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Draw (language, 1 to 6 words in a row of one text), every language as often; three in ten without accents."""
    chooser = random.Random(seed)
    codes = sorted(texts)
    for _ in range(count):
        code = chooser.choice(codes)
        words = chooser.choice(texts[code]).split()
        size = chooser.choice((1, 1, 2, 2, 3, 4, 6))
        first = chooser.randrange(max(1, len(words) - size + 1))
        yield code, _sometimes_bare(" ".join(words[first : first + size]), chooser)


def joined(texts: Texts, count: int, seed: int) -> Iterator[str]:
    """Draw 1 to 3 texts of one language as one, every language as often; three in ten without accents."""
    chooser = random.Random(seed)
    codes = sorted(texts)
    for _ in range(count):
        found = texts[chooser.choice(codes)]
        yield _sometimes_bare(" ".join(chooser.choices(found, k=chooser.choice((1, 1, 1, 2, 2, 3)))), chooser)


def _sometimes_bare(text: str, chooser: random.Random) -> str:
    return without_accents(text) if chooser.random() < _WITHOUT_ACCENTS else text


def without_accents(text: str) -> str:
    """Drop the accents, as capitals on signs often do."""
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def latin_table(ours: Texts, phrases: Texts, others: Texts) -> GroupTable:
    """Train the table of the Latin-script languages; blocks for about a minute."""
    drawn = chain(pieces(ours, _OURS, 1), pieces(phrases, _PHRASES, 2))
    samples = (Sample(latin_groups(text), {code: 1.0}) for code, text in drawn)
    foreign = (Sample(latin_groups(text), {_OTHER: 1.0}) for text in joined(others, _OTHERS, 3))
    return fit(chain(samples, foreign), LATIN, zero=_OTHER, rows=_LATIN_ROWS, epochs=2)


def han_table(texts: Mapping[tuple[str, ...], Texts]) -> GroupTable:
    """Train the table of the languages in Han characters; blocks for about a minute."""
    return fit(_han_samples(texts), HAN, zero=None, rows=_HAN_ROWS, epochs=3)


def _han_samples(texts: Mapping[tuple[str, ...], Texts]) -> Iterator[Sample]:
    chooser = random.Random(3)
    for codes in sorted(texts):
        for source, found in sorted(texts[codes].items()):
            most = _HAN_TAGS[source]
            for text in chooser.sample(found, most) if len(found) > most else found * (most // max(1, len(found))):
                yield Sample(han_groups(text), dict.fromkeys(codes, 1 / len(codes)))


def _phrases(code: str) -> list[str]:
    cells = (PLACEHOLDER.sub("", cell).strip() for concept in read_phrasebook() for cell in concept.cells[code])
    return sorted({cell for cell in cells if cell})


def _split(texts: Sequence[str], *, held: bool) -> list[str]:
    return [text for text in texts if (chance(text_key(text), "identifier") < _HELD_OUT) == held]


def _measure_latin(corpora: Path) -> None:
    every = (read_latin(corpora), read_phrases(LATIN))
    ours, phrases = ({code: _split(texts[code], held=False) for code in LATIN} for texts in every)
    table = latin_table(ours, phrases, read_others())
    for name, texts in zip(("corpora", "phrases"), every, strict=True):
        for least, most in ((1, 1), (2, 3), (4, 8)):
            told: list[bool] = []
            for code in LATIN:
                held = [text for text in _split(texts[code], held=True) if least <= len(text.split()) <= most]
                told += [_likeliest(latin_odds(text, table)) == code for text in _some(held)]
            share = 100 * sum(told) / len(told)
            _log.info("%s, %d to %d words: %.1f %% of %d right", name, least, most, share, len(told))


def _measure_han(corpora: Path) -> None:
    texts = read_han(corpora)
    train = {
        codes: {name: _split(found, held=False) for name, found in sources.items()} for codes, sources in texts.items()
    }
    table = han_table(train)
    for codes, sources in sorted(texts.items()):
        for name in ("phrases", "osm_id", "kyoto_title", "tw_addr", "cedict", "tatoeba"):
            told = [
                _likeliest(han_odds(text, table)) in codes for text in _some(_split(sources.get(name, []), held=True))
            ]
            if told:
                share = 100 * sum(told) / len(told)
                _log.info("%s, %s: %.1f %% of %d right", " or ".join(codes), name, share, len(told))


def _likeliest(odds: Mapping[str, float]) -> str:
    return max(odds, key=lambda code: odds[code], default="")


def _some(texts: Sequence[str], most: int = 300) -> list[str]:
    different = sorted(set(texts))
    return random.Random(0).sample(different, min(most, len(different)))


def main() -> None:
    """Read the command line; train, and write or measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--measure", action="store_true")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if given.measure:
        _measure_latin(given.corpora)
        _measure_han(given.corpora)
        return
    HAN_TABLE.write_bytes(han_table(read_han(given.corpora)).units.tobytes())
    latin = latin_table(read_latin(given.corpora), read_phrases(LATIN), read_others())
    LATIN_TABLE.write_bytes(latin.units.tobytes())
    _log.info("wrote %s and %s", HAN_TABLE, LATIN_TABLE)


if __name__ == "__main__":
    main()
