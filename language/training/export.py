"""Step 3: from a checkpoint straight to a CTranslate2 int8 folder.

Run `python -m language.training.export --work DIR [--checkpoint FILE] [--out DIR]`. The folder holds model.bin,
config.json, shared_vocabulary.json and glossa.model (the tokenizer): all that run time needs.
"""

import argparse
import json
import logging
import shutil
from collections.abc import Mapping
from pathlib import Path

import ctranslate2
import numpy as np
import sentencepiece
import torch
from ctranslate2.specs import attention_spec, common_spec, transformer_spec
from torch import Tensor

from language.training.model import Shape, Translator
from language.training.store import EOS
from language.training.tokenizer import tag_piece

_log = logging.getLogger(__name__)
Weights = Mapping[str, Tensor]


def write_model(weights: Weights, shape: Shape, tokenizer_file: Path, folder: Path, *, kind: str = "int8") -> None:
    """Write `weights` (a Translator's state) as a CTranslate2 model into `folder`, replacing what is there.

    `kind` is CTranslate2's quantization name ("int8", "float32", ...).
    """
    options = {
        "pre_norm": True,
        "activation": common_spec.Activation.SWISH,
        "ffn_glu": True,
        "rotary_dim": 0,
        "rotary_interleave": False,
    }
    encoder = transformer_spec.TransformerEncoderSpec(shape.encoder_layers, shape.heads, **options)
    decoder = transformer_spec.TransformerDecoderSpec(shape.decoder_layers, shape.heads, **options)
    embedding = _array(weights["embedding.weight"])
    encoder.embeddings[0].weight = embedding
    decoder.embeddings.weight = embedding
    decoder.projection.weight = embedding
    _fill_norm(encoder.layer_norm, weights["encoder_norm.weight"])
    _fill_norm(decoder.layer_norm, weights["decoder_norm.weight"])
    for index, layer in enumerate(encoder.layer):
        _fill_self_attention(layer.self_attention, weights, f"encoder.{index}.attention")
        _fill_feed(layer.ffn, weights, f"encoder.{index}.feed")
    for index, layer in enumerate(decoder.layer):
        _fill_self_attention(layer.self_attention, weights, f"decoder.{index}.attention")
        _fill_cross_attention(layer.attention, weights, f"decoder.{index}.cross")
        _fill_feed(layer.ffn, weights, f"decoder.{index}.feed")
    spec = transformer_spec.TransformerSpec(encoder, decoder)
    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(tokenizer_file))
    pieces = [tokenizer.id_to_piece(index) for index in range(tokenizer.get_piece_size())]
    spec.register_source_vocabulary(pieces)
    spec.register_target_vocabulary(pieces)
    spec.config.unk_token, spec.config.bos_token, spec.config.eos_token = "<unk>", "<s>", "</s>"
    spec.config.decoder_start_token = "<s>"
    spec.config.add_source_eos = True
    spec.config.layer_norm_epsilon = 1e-5
    spec.validate()
    spec.optimize(quantization=None if kind == "float32" else kind)
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))
    shutil.copyfile(tokenizer_file, folder / "glossa.model")


def _array(weight: Tensor) -> np.ndarray:
    # A copy: CTranslate2 quantizes in place, and would quantize the network that is still training.
    array: np.ndarray = weight.detach().float().numpy().copy()
    return array


def _fill_norm(spec: common_spec.LayerNormSpec, gain: Tensor) -> None:
    spec.gamma = _array(gain)
    spec.beta = np.zeros_like(spec.gamma)


def _fill_self_attention(spec: attention_spec.MultiHeadAttentionSpec, weights: Weights, name: str) -> None:
    _fill_norm(spec.layer_norm, weights[f"{name}.norm.weight"])
    spec.linear[0].weight = _array(torch.cat([weights[f"{name}.{part}.weight"] for part in ("query", "key", "value")]))
    spec.linear[1].weight = _array(weights[f"{name}.out.weight"])


def _fill_cross_attention(spec: attention_spec.MultiHeadAttentionSpec, weights: Weights, name: str) -> None:
    _fill_norm(spec.layer_norm, weights[f"{name}.norm.weight"])
    spec.linear[0].weight = _array(weights[f"{name}.query.weight"])
    spec.linear[1].weight = _array(torch.cat([weights[f"{name}.{part}.weight"] for part in ("key", "value")]))
    spec.linear[2].weight = _array(weights[f"{name}.out.weight"])


def _fill_feed(spec: transformer_spec.FeedForwardSpec, weights: Weights, name: str) -> None:
    _fill_norm(spec.layer_norm, weights[f"{name}.norm.weight"])
    spec.linear_0.weight = _array(weights[f"{name}.gate.weight"])
    spec.linear_0_noact.weight = _array(weights[f"{name}.up.weight"])
    spec.linear_1.weight = _array(weights[f"{name}.down.weight"])


def load_weights(checkpoint: Path) -> tuple[dict[str, Tensor], Shape]:
    """Return the averaged weights and the shape that a training checkpoint holds."""
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    return state["average"], Shape(**state["shape"])


def agreement(
    weights: Weights, shape: Shape, folder: Path, texts: list[str], to: str, *, kind: str = "default"
) -> float:
    """Return the share of `texts` whose greedy translation by `folder` equals PyTorch's, token for token.

    In float32 this is 1 up to ties; int8 rounds, so a few differ.
    """
    network = Translator(shape)
    network.load_state_dict(dict(weights))
    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(folder / "glossa.model"))
    engine = ctranslate2.Translator(str(folder), device="cpu", compute_type=kind, intra_threads=1)
    same = 0
    for text in texts:
        pieces = [tag_piece(to), *tokenizer.encode(text, out_type=str)]
        ids = [tokenizer.piece_to_id(piece) for piece in pieces] + [EOS]
        expected = [tokenizer.id_to_piece(token) for token in network.greedy(torch.tensor([ids]))[0]]
        found = engine.translate_batch([pieces], beam_size=1, max_decoding_length=64)[0].hypotheses[0]
        same += expected == found
    return same / len(texts)


def latest_checkpoint(work: Path) -> Path:
    """Return the decayed checkpoint where there is one that is newer, else the running one.

    Raises FileNotFoundError when training has not saved yet.
    """
    found = [path for name in ("decayed", "stable") if (path := work / name / "checkpoint.pt").exists()]
    if not found:
        raise FileNotFoundError(f"{work}: expected stable/checkpoint.pt, found none; run the train step first")
    return max(found, key=lambda path: path.stat().st_mtime)


def main() -> None:
    """Read the command line, export, and check the export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--corpora", type=Path, help="not needed; taken so that all steps have the same options")
    parser.add_argument("--checkpoint", type=Path, help="default: the newest of decayed and stable")
    parser.add_argument("--out", type=Path, help="default: WORK/export")
    parser.add_argument("--quantization", default="int8")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    checkpoint = given.checkpoint or latest_checkpoint(given.work)
    folder = given.out or given.work / "export"
    weights, shape = load_weights(checkpoint)
    write_model(weights, shape, given.work / "data" / "glossa.model", folder, kind=given.quantization)
    size = sum(path.stat().st_size for path in folder.iterdir())
    _log.info("%s -> %s (%.1f MB)", checkpoint, folder, size / 1e6)
    rows = (given.work / "data" / "dev" / "ko-en.tsv").read_text(encoding="utf-8").splitlines()
    texts = [source for _, source, _ in (row.split("\t") for row in rows) if len(source) <= 30][:20]
    share = agreement(weights, shape, folder, texts, "en")
    _log.info("greedy output equal to PyTorch's (float32) on %d of %d texts", round(share * len(texts)), len(texts))
    about = {"checkpoint": checkpoint.name, "shape": shape.as_dict(), "agreement": share}
    (folder / "about.json").write_text(json.dumps(about, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
