"""Learns the lexicon of the gloss: which word stands for which, from the same text that the network learns from.

Run `python -m language.training.align --work DIR --corpora DIR`. Writes `DIR/lexicon/lexicon.bin`. Takes some minutes
of one core; the same input gives the same file. Knows nothing of the network.
"""

import argparse
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from language.lexicon_file import FILE_NAME, Row, Spellings, write_lexicon
from language.training.aligner import Bitext, Links, align
from language.training.chinese import learn_scripts
from language.training.corpora import ONE_WAY_TAGS, Pair, read_pairs, split_dev, text_key
from language.training.entries import add_entry, gather, rows
from language.training.forms import english_cases, writer
from language.training.lexical_pairs import CASED_TAGS, WEIGHT, Entry, entries, own_pairs, weighted
from language.training.phrases import count_phrases, flipped
from language.training.prepare import FOREIGN, SPOKEN_TO, left_out_keys
from language.training.segmenter import Cutter, Sentences, Vocabulary, learn_pieces, read_sentences
from language.training.word_pairs import FILE_NAME as WORD_PAIRS
from language.training.word_pairs import write_word_pairs
from language.units import CUT_LANGUAGES, LONGEST_PHRASE, LONGEST_PIECE, RUN, chunks, phrase_key, run_key

ABOUT = (
    "Learnt by alignment from the corpora of language/training. Licence: CC BY-SA 4.0, because share-alike sources are "
    "among them: CC-CEDICT (MDBG, CC BY-SA 3.0), Japanese-English Bilingual Corpus of Wikipedia's Kyoto Articles "
    "(NICT, CC BY-SA 3.0), Korean parallel corpora (Park, Hong & Cha 2016, CC BY-SA 3.0), StyleKQC and kosp2e (Cho et "
    "al. 2021, NAVER, CC BY-SA 4.0), XQuAD (Artetxe, Ruder & Yogatama 2020, Google DeepMind, CC BY-SA 4.0). Sentences "
    "of the Tatoeba Project (CC BY 2.0 FR), of TALPCo and of the AMI Meeting Parallel Corpus (CC BY 4.0). All sources: "
    "CARD.md."
)
MOST_ROWS = {
    "es-en": 22_000,
    "fr-en": 24_000,
    "de-en": 28_000,
    "ko-en": 38_000,
    "ja-en": 32_000,
    "zh-en": 56_000,
    "en-ko": 22_000,
    "en-ja": 20_000,
    "en-zh": 20_000,
}
"""Rows of each table: what fits into 6 MB, more where words are not told by spaces."""
TENSION = {"es": 4.0, "fr": 4.0, "de": 2.0, "ko": 1.0, "ja": 1.0, "zh": 2.0}
"""How much word order is kept between a language and English."""

_MOST_LINKS = 12_000_000
_MOST_UNITS = 45
_PIECE_TEXTS = 110_000
_ONE_WAY_WEIGHT = 0.1  # of a dictionary's weight, for the direction that it was not written for
_LONGEST_SAID = 10  # characters of an entry that is used the other way round
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Aligned:
    """One language's pairs, aligned."""

    text: Bitext
    links: Links
    foreign: Vocabulary
    english: Vocabulary
    speaking: np.ndarray
    """Weights of the pairs for the direction out of English."""


def learn(corpora: Path, work: Path, *, leave_out: Path | None = None, threads: int = 2) -> dict[str, int]:
    """Write the lexicon, and the word pairs that `prepare` draws from, into `work / "lexicon"`.

    Returns the rows of each direction.

    Texts of the tables in `leave_out` are not learnt from. Raises FileNotFoundError when a corpus file is missing.
    """
    left_out = left_out_keys(leave_out)
    tables: dict[str, list[Row]] = {}
    spellings = Spellings()
    for language in FOREIGN:
        train, _ = split_dev(list(read_pairs(corpora / f"{language}-en.tsv.xz")))
        pairs = [pair for pair in train + own_pairs(language) if not _is_left_out(pair, left_out)]
        if language == "zh":
            scripts = learn_scripts((pair.source, pair.english) for pair in pairs if pair.tag == "cedict")
            pairs = list(dict.fromkeys(replace(pair, source=scripts.simplify(pair.source)) for pair in pairs))
            spellings = Spellings(
                {"zh": scripts.simplified}, {"zh-Hant": scripts.traditional}, {"zh-Hant": scripts.words}
            )
        tables |= _tables(language, pairs, threads)
    folder = work / "lexicon"
    folder.mkdir(parents=True, exist_ok=True)
    write_lexicon(folder / FILE_NAME, tables, spellings=spellings, about=ABOUT)
    write_word_pairs(folder / WORD_PAIRS, tables)
    return {direction: len(table) for direction, table in sorted(tables.items())}


def _is_left_out(pair: Pair, keys: frozenset[str]) -> bool:
    return bool(keys) and (text_key(pair.source) in keys or text_key(pair.english) in keys)


def _tables(language: str, pairs: list[Pair], threads: int) -> dict[str, list[Row]]:
    listed = list(entries(pairs))
    chosen = weighted(pairs, most_links=_MOST_LINKS)
    _log.info("%s: %d of %d pairs chosen", language, len(chosen), len(pairs))
    aligned = _align(language, chosen, _cutter(language, chosen, listed, threads))
    cases = english_cases((pair.english, pair.tag in CASED_TAGS) for pair in chosen)
    counts = gather(
        count_phrases(aligned.text, aligned.links, least=3), aligned.foreign, aligned.english, writer("en", cases)
    )
    for entry in listed:
        if key := _key(entry.source, language):
            add_entry(counts, key, entry.meaning if entry.cased else _cased(entry.meaning, cases), entry.weight)
    direction = f"{language}-en"
    tables = {direction: rows(counts, language=language, target="en", most=MOST_ROWS[direction])}
    if language in SPOKEN_TO:
        tables[f"en-{language}"] = _spoken(language, aligned, listed)
    for name, table in tables.items():
        _log.info("%s: %d rows", name, len(table))
    return tables


def _spoken(language: str, aligned: _Aligned, listed: Iterable[Entry]) -> list[Row]:
    """Give the table out of English."""
    text, links = flipped(replace(aligned.text, weight=aligned.speaking), aligned.links)
    write = writer(language)
    counts = gather(count_phrases(text, links, least=3), aligned.english, aligned.foreign, write)
    for entry in listed:
        key = _key(entry.meaning, "en")
        said = [run for kind, run in chunks(entry.source, language) if kind == RUN]
        if key and said == [entry.source] and len(entry.source) <= _LONGEST_SAID:
            weight = entry.weight * (_ONE_WAY_WEIGHT if entry.one_way else 1.0)
            add_entry(counts, key, write(said), weight)
    return rows(counts, language="en", target=language, most=MOST_ROWS[f"en-{language}"])


def _cutter(language: str, pairs: list[Pair], listed: Iterable[Entry], threads: int) -> Cutter | None:
    if language not in CUT_LANGUAGES:
        return None
    known = frozenset(entry.source for entry in listed) if language == "zh" else None
    texts = (pair.source for pair in pairs[:_PIECE_TEXTS])
    return learn_pieces(texts, language, listed=known, threads=threads)


def _align(language: str, pairs: list[Pair], cut: Cutter | None) -> _Aligned:
    foreign, english = Vocabulary(language), Vocabulary("en")
    left = read_sentences((pair.source for pair in pairs), foreign, cut)
    right = read_sentences((pair.english for pair in pairs), english)
    sizes = np.diff(left.starts), np.diff(right.starts)
    rows_kept = np.flatnonzero((np.minimum(*sizes) > 0) & (np.maximum(*sizes) <= _MOST_UNITS))
    weight = np.array([WEIGHT.get(pairs[row].tag, 1.0) for row in rows_kept], np.float32)
    one_way = np.array([pairs[row].tag in ONE_WAY_TAGS for row in rows_kept])
    text = _bitext(left.chosen(rows_kept), right.chosen(rows_kept), weight)
    links = align(text, tension=TENSION[language])
    _log.info("%s: %d pairs aligned, %d links", language, len(rows_kept), len(links.left_at))
    speaking = np.where(one_way, weight * _ONE_WAY_WEIGHT, weight).astype(np.float32)
    return _Aligned(text, links, foreign, english, speaking)


def _bitext(left: Sentences, right: Sentences, weight: np.ndarray) -> Bitext:
    return Bitext(left.units, left.starts, right.units, right.starts, weight, left.broken, right.broken)


def _key(text: str, language: str) -> str:
    """Give the key of a whole entry; "" where it is too long for one, or no word of the language."""
    found = list(chunks(text, language))
    if language in CUT_LANGUAGES:
        key = run_key(found[0][1], language) if len(found) == 1 and found[0][0] == RUN else ""
        return key if len(key) <= LONGEST_PIECE else ""
    key = phrase_key(text, language)
    return key if len(key.split(" ")) <= LONGEST_PHRASE and len(key) > 1 else ""


def _cased(meaning: str, cases: Mapping[str, str]) -> str:
    """Write an entry without the capitals of headings."""
    return " ".join(cases.get(word.casefold(), word.casefold()) for word in meaning.split())


def main() -> None:
    """Read the command line and learn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--leave-out", type=Path, help="folder of tables whose texts are not learnt from")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    learn(given.corpora, given.work, leave_out=given.leave_out, threads=given.threads)


if __name__ == "__main__":
    main()
