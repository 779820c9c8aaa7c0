"""Step 1: from parallel text to a token store.

Run `python -m language.training.prepare --work DIR --corpora DIR`. Writes into `DIR/data`: the SentencePiece model, the
arrays of the token store, the dev split as text. Takes a few minutes; the same input gives the same store.
"""

import argparse
import json
import logging
from collections import defaultdict
from pathlib import Path

import numpy as np
import sentencepiece

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
from language.training.store import BOS, EOS, PAD, UNK

FOREIGN = ("ko", "ja", "zh", "es", "fr", "de")
TARGETS = ("en", "ko", "ja", "zh-Hans", "zh-Hant", "es", "fr", "de")
SPOKEN_TO = ("ko", "ja", "zh")
LONGEST = 96
VOCABULARY = 16_000
# Sentences shown to the tokenizer: enough of each language for its frequent words to become pieces.
_TOKENIZER_SHARE = {"ko": 90_000, "ja": 70_000, "zh": 70_000, "es": 30_000, "fr": 30_000, "de": 30_000}
_TOKENIZER_ENGLISH = 80_000

_log = logging.getLogger(__name__)


def train_tokenizer(data: Path, train: dict[str, list[Pair]], *, vocabulary: int, threads: int) -> None:
    """Fit the joint unigram tokenizer on a weighted sample of all languages, and write it into `data`."""
    sample: list[str] = []
    english: list[str] = []
    for language, pairs in train.items():
        weights = np.array([TAG_WEIGHT.get(pair.tag, 1.0) for pair in pairs])
        rng = np.random.default_rng((7, FOREIGN.index(language)))
        size = min(_TOKENIZER_SHARE[language], len(pairs))
        chosen = rng.choice(len(pairs), size, replace=False, p=weights / weights.sum())
        sample += [pairs[index].source for index in chosen]
        english += [pairs[index].english for index in chosen]
    unique = sorted(set(english), key=chance)
    sample += unique[:_TOKENIZER_ENGLISH]
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sample),
        model_prefix=str(data / "glossa"),
        model_type="unigram",
        vocab_size=vocabulary,
        character_coverage=0.9995,
        byte_fallback=True,
        split_digits=True,
        normalization_rule_name="identity",
        pad_id=PAD,
        unk_id=UNK,
        bos_id=BOS,
        eos_id=EOS,
        # Control symbols cannot be typed: a text that contains "<2en>" is only text.
        control_symbols=[tag_piece(code) for code in TARGETS],
        num_threads=threads,
        minloglevel=1,
    )


def tag_piece(code: str) -> str:
    """Return the piece that asks for a target language; it is put before the source's own pieces."""
    return f"<2{code}>"


class _StoreWriter:
    def __init__(self, tokenizer: sentencepiece.SentencePieceProcessor, threads: int) -> None:
        self._tokenizer = tokenizer
        self._threads = threads
        self._flat: list[np.ndarray] = []
        self._sizes: list[np.ndarray] = []
        self._count = 0
        self.rows: dict[str, list[tuple[np.ndarray, np.ndarray, np.ndarray]]] = defaultdict(list)

    def add_sentences(self, texts: list[str]) -> np.ndarray:
        """Encode the texts and return their sentence numbers."""
        for start in range(0, len(texts), 50_000):
            coded = self._tokenizer.encode(texts[start : start + 50_000], out_type=int, num_threads=self._threads)
            self._sizes.append(np.fromiter(map(len, coded), np.int64, len(coded)))
            self._flat.append(
                np.fromiter((token for ids in coded for token in ids), np.uint16, int(self._sizes[-1].sum()))
            )
        numbers = np.arange(self._count, self._count + len(texts), dtype=np.int32)
        self._count += len(texts)
        return numbers

    def add_pairs(self, direction: str, source: np.ndarray, target: np.ndarray, weight: np.ndarray) -> None:
        self.rows[direction].append((source, target, weight))

    def write(self, data: Path) -> dict[str, int]:
        """Write the arrays, without pairs that are too long or lopsided, and return the pairs of each direction."""
        offsets = np.concatenate([[0], np.cumsum(np.concatenate(self._sizes))])
        sizes = np.diff(offsets)
        directions = sorted(self.rows)
        columns: list[list[np.ndarray]] = [[], [], [], []]
        counts = {}
        for code, direction in enumerate(directions):
            source, target, weight = (np.concatenate(part) for part in zip(*self.rows[direction], strict=True))
            left, right = sizes[source], sizes[target]
            good = (np.maximum(left, right) <= LONGEST) & (np.minimum(left, right) > 0)
            good &= np.maximum(left, right) <= 3 * np.minimum(left, right) + 6
            counts[direction] = int(good.sum())
            parts = (source[good], target[good], np.full(counts[direction], code, np.uint8), weight[good])
            for column, part in zip(columns, parts, strict=True):
                column.append(part)
        for name, column in zip(("source", "target", "direction", "weight"), columns, strict=True):
            np.save(data / f"{name}.npy", np.concatenate(column))
        np.save(data / "flat.npy", np.concatenate(self._flat))
        np.save(data / "offsets.npy", offsets)
        tags = [self._tokenizer.piece_to_id(tag_piece(name.split("-", 1)[1])) for name in directions]
        about = {"directions": directions, "tags": tags, "pairs": counts, "tokens": int(offsets[-1])}
        (data / "store.json").write_text(json.dumps(about, indent=1), encoding="utf-8")
        return counts


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


def prepare(corpora: Path, work: Path, *, vocabulary: int = VOCABULARY, threads: int = 2) -> dict[str, int]:
    """Write tokenizer, token store and dev split into `work / "data"`; return the pairs of each direction.

    Raises FileNotFoundError when a corpus file is missing.
    """
    data = work / "data"
    data.mkdir(parents=True, exist_ok=True)
    train: dict[str, list[Pair]] = {}
    dev: dict[str, list[Pair]] = {}
    for language in FOREIGN:
        train[language], dev[language] = split_dev(list(read_pairs(corpora / f"{language}-en.tsv.xz")))
        _log.info("%s: %d pairs to train on, %d held out", language, len(train[language]), len(dev[language]))
    _write_dev(data, dev)
    if not (data / "glossa.model").exists():
        train_tokenizer(data, train, vocabulary=vocabulary, threads=threads)
        _log.info("tokenizer written")
    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(data / "glossa.model"))
    writer = _StoreWriter(tokenizer, threads)
    foreign_numbers: dict[str, np.ndarray] = {}
    for language, pairs in train.items():
        foreign = foreign_numbers[language] = writer.add_sentences([pair.source for pair in pairs])
        english = writer.add_sentences([pair.english for pair in pairs])
        weight = _weights(pairs)
        writer.add_pairs(f"{language}-en", foreign, english, weight)
        if language in SPOKEN_TO:
            targets = np.array([chinese_script(pair.source) if language == "zh" else language for pair in pairs])
            said = np.array([pair.tag not in ONE_WAY_TAGS for pair in pairs])
            for target in sorted(set(targets)):
                keep = said & (targets == target)
                writer.add_pairs(f"en-{target}", english[keep], foreign[keep], weight[keep])
        _log.info("%s: encoded", language)
    for language in ("ja", "zh"):
        joined = np.array(_bridge(train[language], train["ko"]), np.int64)
        weight = np.minimum(_weights(train[language])[joined[:, 0]], _weights(train["ko"])[joined[:, 1]])
        sides = foreign_numbers[language][joined[:, 0]], foreign_numbers["ko"][joined[:, 1]]
        writer.add_pairs(f"{language}-ko", *sides, weight)
    counts = writer.write(data)
    _log.info("pairs by direction: %s", counts)
    return counts


def main() -> None:
    """Read the command line and prepare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--vocabulary", type=int, default=VOCABULARY)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    prepare(given.corpora, given.work, vocabulary=given.vocabulary, threads=given.threads)


if __name__ == "__main__":
    main()
