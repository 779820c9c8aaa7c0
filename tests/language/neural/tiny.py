"""Tiny model folders, laid out like the real ones, whose networks say one sentence: all of the way really runs."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece
from ctranslate2.specs import transformer_spec

from language.codes import LANGUAGES
from language.protect import PLACES

SENTENCE = "The exit is on the left"
FLORES = ("eng_Latn", "kor_Hang", "jpn_Jpan", "zho_Hans", "zho_Hant", "spa_Latn", "fra_Latn", "deu_Latn")
M2M = ("__en__", "__ko__", "__ja__", "__zh__", "__es__", "__fr__", "__de__")
_WIDTH = 128
_HEADS = 2
_LINES = (
    "신발을 벗어 주세요 문을 닫아 주세요 출구 입구 화장실 영업시간 가격은 원입니다",
    "靴を脱いでください 出口 入口 トイレは二階です 営業時間 小心地滑 请脱鞋 請脫鞋",
    "Please take off your shoes. The exit is on the left, the toilets are upstairs. Opening hours",
    "Salida de emergencia. Cerrado los lunes. Défense de fumer, sortie de secours. Ausgang gesperrt, bitte nicht",
    "0 1 2 3 4 5 6 7 8 9 , . : ! ? - / ( )",
)


def train_tokenizer(path: Path, *, ours: bool = False) -> sentencepiece.SentencePieceProcessor:
    """Fit a tokenizer on a few lines and write it to `path`; `ours` has bytes, placeholders and asking pieces."""
    special: dict[str, Any] = {}
    if ours:
        special = {
            "byte_fallback": True,
            "control_symbols": [f"<2{code}>" for code in LANGUAGES],
            "user_defined_symbols": list(PLACES),
            "pad_id": 0, "unk_id": 1, "bos_id": 2, "eos_id": 3,
        }  # fmt: skip
    with path.open("wb") as file:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(_LINES * 4), model_writer=file, model_type="unigram", vocab_size=700,
            hard_vocab_limit=False, character_coverage=1.0, normalization_rule_name="identity", split_digits=True,
            num_threads=1, minloglevel=2, **special,
        )  # fmt: skip
    return sentencepiece.SentencePieceProcessor(model_file=str(path))


def write_network(folder: Path, vocabulary: Sequence[str], says: Sequence[str], *, adds_end: bool = True) -> None:
    """Write a network that says these pieces, whatever it is asked.

    All it has is its positions: each one is a direction of its own, and the output layer knows which piece lies there.
    """
    encoder = transformer_spec.TransformerEncoderSpec(1, _HEADS)
    decoder = transformer_spec.TransformerDecoderSpec(1, _HEADS)
    positions = np.zeros((512, _WIDTH), np.float32)
    positions[range(_WIDTH), range(_WIDTH)] = 10
    output = np.zeros((len(vocabulary), _WIDTH), np.float32)
    for place, piece in enumerate((*says, "</s>")):
        output[vocabulary.index(piece), place] = 1
    output[vocabulary.index("</s>"), len(says) :] = 1
    encoder.embeddings[0].weight = np.zeros((len(vocabulary), _WIDTH), np.float32)
    decoder.embeddings.weight = np.zeros((len(vocabulary), _WIDTH), np.float32)
    decoder.projection.weight = output
    encoder.position_encodings.encodings = positions
    decoder.position_encodings.encodings = positions.copy()
    sides = (
        (encoder.layer[0].self_attention, ((3, 1), (1, 1))),
        (decoder.layer[0].self_attention, ((3, 1), (1, 1))),
        (decoder.layer[0].attention, ((1, 1), (2, 1), (1, 1))),
        (encoder.layer[0].ffn, ((2, 1), (1, 2))),
        (decoder.layer[0].ffn, ((2, 1), (1, 2))),
    )
    norms = [encoder.layer_norm, decoder.layer_norm, *(spec.layer_norm for spec, _ in sides)]
    for norm in norms:
        norm.gamma, norm.beta = np.ones(_WIDTH, np.float32), np.zeros(_WIDTH, np.float32)
    for spec, shapes in sides:
        linears = spec.linear if hasattr(spec, "linear") else (spec.linear_0, spec.linear_1)
        for linear, (rows, columns) in zip(linears, shapes, strict=True):
            linear.weight = np.zeros((rows * _WIDTH, columns * _WIDTH), np.float32)
            linear.bias = np.zeros(rows * _WIDTH, np.float32)
    spec = transformer_spec.TransformerSpec(encoder, decoder)
    spec.config.add_source_eos = adds_end
    spec.config.layer_norm_epsilon = 1e-5
    spec.register_source_vocabulary(list(vocabulary))
    spec.register_target_vocabulary(list(vocabulary))
    spec.validate()
    spec.optimize(quantization="float32")
    spec.save(str(folder))


def glossa_folder(folder: Path, says: str = SENTENCE) -> Path:
    """Write a folder like our own."""
    folder.mkdir(parents=True)
    tokenizer = train_tokenizer(folder / "glossa.model", ours=True)
    write_network(folder, _pieces(tokenizer), tokenizer.encode(says, out_type=str))
    return folder


def opus_folder(folder: Path, *, asking: Sequence[str] = (), from_transformers: bool = True) -> Path:
    """Write a folder like OPUS-MT's, as converted from Transformers or from Marian."""
    folder.mkdir(parents=True)
    first, last = (train_tokenizer(folder / f"{side}.spm") for side in ("source", "target"))
    vocabulary = list(dict.fromkeys(("</s>", "<unk>", "<s>", *asking, *_pieces(first), *_pieces(last))))
    write_network(folder, vocabulary, last.encode(SENTENCE, out_type=str), adds_end=not from_transformers)
    return folder


def tagged_folder(folder: Path, tags: Sequence[str], *, name: str = "sentencepiece.bpe.model") -> Path:
    """Write a folder like M2M-100's or NLLB's: language pieces behind the vocabulary, English first among them."""
    folder.mkdir(parents=True)
    tokenizer = train_tokenizer(folder / name)
    says = [tags[0], *tokenizer.encode(SENTENCE, out_type=str)]
    write_network(folder, list(dict.fromkeys((*_pieces(tokenizer), *tags))), says, adds_end=False)
    return folder


def _pieces(tokenizer: sentencepiece.SentencePieceProcessor) -> list[str]:
    return [tokenizer.id_to_piece(number) for number in range(tokenizer.vocab_size())]


def read_config(folder: Path) -> dict[str, object]:
    """Read a folder's config.json."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    assert isinstance(config, dict)
    return config
