"""Step 1: from parallel text to a token store.

Run `python -m language.training.prepare --work DIR --corpora DIR`. Writes into `DIR/data`: the SentencePiece model, the
arrays of the token store, the dev split as text. Takes a few minutes; the same input gives the same store.
"""

import argparse
import logging
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import sentencepiece

from language.protect import protect_pair
from language.training.corpora import (
    ONE_WAY_TAGS,
    TAG_WEIGHT,
    Pair,
    chance,
    chinese_script,
    read_pairs,
    split_dev,
    text_key,
)
from language.training.noise import noise
from language.training.store_writer import StoreWriter
from language.training.templates import generate
from language.training.tokenizer import VOCABULARY, train_tokenizer
from language.training.word_pairs import FILE_NAME as WORD_PAIRS
from language.training.word_pairs import WordPair, read_word_pairs

FOREIGN = ("ko", "ja", "zh", "es", "fr", "de")
SPOKEN_TO = ("ko", "ja", "zh")
# Share of a direction's draws that we wrote ourselves, before the curriculum's limit.
GENERATED_SHARE = {"phrasebook": 0.12, "template": 0.18, "joined": 0.04}
WORD_SHARE = 0.1
"""Share of a direction's draws that are single words and short phrases; few tokens, many words."""
GENERATED_SEED = 11
GENERATED_MOST = 12_000  # templates and joined entries, each direction
# Placeholders are what run time feeds; a few numbers in the open keep the network able to copy them.
_PROTECTED = 0.75
_VARIED_WEIGHT = 0.2  # what is seldom drawn is not worth the time
_NOISED = 0.2
_NOISE_WEIGHT = 0.7
_NOISED_LONGEST = 60  # characters

_log = logging.getLogger(__name__)


def _bridge(left: list[Pair], right: list[Pair], most_each: int = 2) -> list[tuple[int, int]]:
    """Return (left, right) index pairs whose English sides are the same text."""
    by_english: dict[str, list[int]] = defaultdict(list)
    for index, pair in enumerate(right):
        if len(by_english[key := text_key(pair.english)]) < most_each:
            by_english[key].append(index)
    return [
        (index, other)
        for index, pair in enumerate(left)
        if pair.tag not in ONE_WAY_TAGS
        for other in by_english.get(text_key(pair.english), ())
    ]


def _weights(pairs: list[Pair]) -> np.ndarray:
    return np.array([TAG_WEIGHT.get(pair.tag, 1.0) for pair in pairs], np.float32)


def _write_dev(data: Path, dev: dict[str, list[Pair]]) -> None:
    folder = data / "dev"
    folder.mkdir(exist_ok=True)
    for language, pairs in dev.items():
        rows: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        for pair in pairs:
            rows[f"{language}-en"].append((pair.tag, pair.source, pair.english))
            if language in SPOKEN_TO and pair.tag not in ONE_WAY_TAGS:
                target = chinese_script(pair.source) if language == "zh" else language
                rows[f"en-{target}"].append((pair.tag, pair.english, pair.source))
        if language in ("ja", "zh"):
            rows[f"{language}-ko"] += [
                (pairs[left].tag, pairs[left].source, dev["ko"][right].source)
                for left, right in _bridge(pairs, dev["ko"], 1)
            ]
        for direction, triples in rows.items():
            text = "".join("\t".join(triple) + "\n" for triple in triples)
            (folder / f"{direction}.tsv").write_text(text, encoding="utf-8")


def _add_variants(writer: StoreWriter, direction: str, pairs: Sequence[tuple[str, str]], weight: np.ndarray) -> None:
    """Add what run time makes of a pair (placeholders) and what a camera makes of it (noise) to a direction.

    Takes from `weight`, in place, what the placeholders get.
    """
    code = _code_of(direction)
    sources, targets, weights = [], [], []
    for index, (source, target) in enumerate(pairs):
        if weight[index] < _VARIED_WEIGHT:
            continue
        marked = protect_pair(source, target)
        if marked:
            sources.append(marked[0])
            targets.append(marked[1])
            weights.append(weight[index] * _PROTECTED)
            weight[index] *= 1 - _PROTECTED
        if len(source) <= _NOISED_LONGEST and chance(source, "noise") < _NOISED * min(1.0, weight[index]):
            seen = _seen((marked or (source, target))[0], code)
            if seen != source:
                sources.append(seen)
                targets.append((marked or (source, target))[1])
                weights.append(weight[index] * _NOISE_WEIGHT)
    writer.add_texts(direction, sources, targets, np.array(weights, np.float32))


def _code_of(direction: str) -> str:
    source = direction.split("-", 1)[0]
    return "zh-Hans" if source == "zh" else source


def _seen(text: str, code: str) -> str:
    """Give the text as a camera may have read it: the same every time."""
    return noise(text, code, random.Random(f"{code} {text}"))


def _generated(left_out: frozenset[str]) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Give the phrase book and what the templates make, by direction and tag."""
    rows: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for pair in generate(GENERATED_SEED, GENERATED_MOST):
        if text_key(pair.source) in left_out or text_key(pair.target) in left_out:
            continue
        direction = f"{pair.source_code.split('-')[0]}-{pair.target_code}"
        source, target = pair.source, pair.target
        marked = protect_pair(source, target)
        if marked and chance(source, "protect") < _PROTECTED:
            source, target = marked
        if chance(source, "noise") < _NOISED:
            source = _seen(source, pair.source_code)
        rows[direction, pair.tag].append((source, target))
    return rows


def _add_generated(writer: StoreWriter, rows: dict[tuple[str, str], list[tuple[str, str]]]) -> None:
    """Add what we wrote ourselves, at its share of each direction."""
    room = 1 - sum(GENERATED_SHARE.values()) - WORD_SHARE
    for direction in sorted({direction for direction, _ in rows}):
        total = writer.weight_of(direction)
        for tag, share in GENERATED_SHARE.items():
            pairs = rows.get((direction, tag), [])
            if pairs and total:
                weight = np.full(len(pairs), total * share / room / len(pairs), np.float32)
                writer.add_texts(direction, [pair[0] for pair in pairs], [pair[1] for pair in pairs], weight)


def _add_words(writer: StoreWriter, words: Mapping[str, Sequence[WordPair]], totals: Mapping[str, float]) -> None:
    """Add words and short phrases of the aligned tables, at their share of each direction."""
    room = 1 - sum(GENERATED_SHARE.values()) - WORD_SHARE
    for direction in sorted(words.keys() & totals.keys()):
        pairs = words[direction]
        weight = np.array([weight for _, _, weight in pairs], np.float32)
        weight *= totals[direction] * WORD_SHARE / room / weight.sum()
        writer.add_texts(direction, [pair[0] for pair in pairs], [pair[1] for pair in pairs], weight)


def left_out_keys(folder: Path | None) -> frozenset[str]:
    """Give the keys of all texts of a folder of TSV files: what a benchmark asks is not trained on."""
    if folder is None:
        return frozenset()
    keys: set[str] = set()
    for path in sorted(folder.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            keys.update(text_key(text) for cell in line.split("\t")[1:] for text in cell.split(" | "))
    return frozenset(keys)


def prepare(
    corpora: Path, work: Path, *, leave_out: Path | None = None, vocabulary: int = VOCABULARY, threads: int = 2
) -> dict[str, int]:
    """Write tokenizer, token store and dev split into `work / "data"`; return the pairs of each direction.

    Texts of the tables in `leave_out` are not trained on. Raises FileNotFoundError when a corpus file is missing.
    """
    data = work / "data"
    data.mkdir(parents=True, exist_ok=True)
    left_out = left_out_keys(leave_out)
    generated = _generated(left_out)
    _log.info("%d pairs of our own", sum(map(len, generated.values())))
    train: dict[str, list[Pair]] = {}
    dev: dict[str, list[Pair]] = {}
    for language in FOREIGN:
        train[language], dev[language] = split_dev(list(_read(corpora / f"{language}-en.tsv.xz", left_out)))
        _log.info("%s: %d pairs to train on, %d held out", language, len(train[language]), len(dev[language]))
    _write_dev(data, dev)
    if not (data / "glossa.model").exists():
        train_tokenizer(data, train, vocabulary=vocabulary, threads=threads)
        _log.info("tokenizer written")
    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(data / "glossa.model"))
    writer = StoreWriter(tokenizer, threads)
    foreign_numbers: dict[str, np.ndarray] = {}
    for language, pairs in train.items():
        foreign = foreign_numbers[language] = writer.add_sentences([pair.source for pair in pairs])
        english = writer.add_sentences([pair.english for pair in pairs])
        weight = _weights(pairs)
        _add_variants(writer, f"{language}-en", [(pair.source, pair.english) for pair in pairs], weight)
        writer.add_pairs(f"{language}-en", foreign, english, weight)
        if language in SPOKEN_TO:
            targets = np.array([chinese_script(pair.source) if language == "zh" else language for pair in pairs])
            said = np.array([pair.tag not in ONE_WAY_TAGS for pair in pairs])
            for target in sorted(set(targets)):
                keep = np.flatnonzero(said & (targets == target))
                weight = _weights([pairs[index] for index in keep])
                texts = [(pairs[index].english, pairs[index].source) for index in keep]
                _add_variants(writer, f"en-{target}", texts, weight)
                writer.add_pairs(f"en-{target}", english[keep], foreign[keep], weight)
        _log.info("%s: encoded", language)
    for language in ("ja", "zh"):
        joined = np.array(_bridge(train[language], train["ko"]), np.int64)
        weight = np.minimum(_weights(train[language])[joined[:, 0]], _weights(train["ko"])[joined[:, 1]])
        texts = [(train[language][left].source, train["ko"][right].source) for left, right in joined]
        _add_variants(writer, f"{language}-ko", texts, weight)
        sides = foreign_numbers[language][joined[:, 0]], foreign_numbers["ko"][joined[:, 1]]
        writer.add_pairs(f"{language}-ko", *sides, weight)
    words = _asked_removed(read_word_pairs(work / "lexicon" / WORD_PAIRS), left_out)
    totals = {direction: writer.weight_of(direction) for direction in words}
    _add_generated(writer, generated)
    _add_words(writer, words, totals)
    counts = writer.write(data)
    _log.info("pairs by direction: %s", counts)
    return counts


def _asked_removed(words: Mapping[str, Sequence[WordPair]], left_out: frozenset[str]) -> dict[str, list[WordPair]]:
    return {
        direction: [pair for pair in pairs if left_out.isdisjoint(map(text_key, pair[:2]))]
        for direction, pairs in words.items()
    }


def _read(path: Path, left_out: frozenset[str]) -> Iterator[Pair]:
    for pair in read_pairs(path):
        if text_key(pair.source) not in left_out and text_key(pair.english) not in left_out:
            yield pair


def main() -> None:
    """Read the command line and prepare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--leave-out", type=Path, help="folder of tables whose texts are not trained on")
    parser.add_argument("--vocabulary", type=int, default=VOCABULARY)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    prepare(given.corpora, given.work, leave_out=given.leave_out, vocabulary=given.vocabulary, threads=given.threads)


if __name__ == "__main__":
    main()
