"""The tokenizer: one SentencePiece vocabulary for all languages, with pieces that no text can contain.

Comes in: pairs to learn from. Goes out: `glossa.model`. Knows nothing of networks.
"""

from pathlib import Path

import numpy as np
import sentencepiece

from language.protect import PLACES
from language.training.corpora import TAG_WEIGHT, Pair, chance
from language.training.store import BOS, EOS, PAD, UNK

TARGETS = ("en", "ko", "ja", "zh-Hans", "zh-Hant", "es", "fr", "de")
VOCABULARY = 16_000
# Sentences shown to the tokenizer: enough of each language for its frequent words to become pieces.
_SAMPLE = {"ko": 90_000, "ja": 70_000, "zh": 70_000, "es": 30_000, "fr": 30_000, "de": 30_000}
_SAMPLE_ENGLISH = 80_000


def train_tokenizer(data: Path, train: dict[str, list[Pair]], *, vocabulary: int, threads: int) -> None:
    """Fit the joint unigram tokenizer on a weighted sample of all languages, and write it into `data`."""
    sample: list[str] = []
    english: list[str] = []
    for language, pairs in train.items():
        weights = np.array([TAG_WEIGHT.get(pair.tag, 1.0) for pair in pairs])
        rng = np.random.default_rng((7, list(_SAMPLE).index(language)))
        size = min(_SAMPLE[language], len(pairs))
        chosen = rng.choice(len(pairs), size, replace=False, p=weights / weights.sum())
        sample += [pairs[index].source for index in chosen]
        english += [pairs[index].english for index in chosen]
    unique = sorted(set(english), key=chance)
    sample += unique[:_SAMPLE_ENGLISH]
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
        user_defined_symbols=list(PLACES),
        num_threads=threads,
        minloglevel=1,
    )


def tag_piece(code: str) -> str:
    """Return the piece that asks for a target language; it is put before the source's own pieces."""
    return f"<2{code}>"
