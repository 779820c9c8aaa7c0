"""Model folders on disk: which family a folder is of, and what is wrong with one that cannot be used.

Comes in: a folder with a CTranslate2 model and its tokenizer files. Goes out: its `Pieces`. Knows nothing of running a
model.
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import sentencepiece

from devices.errors import GlossaError, InputError, MissingError
from language.codes import parse_language
from language.neural.pieces import GlossaPieces, OpusPieces, Pieces, TaggedPieces

FOLDER = Path(__file__).parents[1] / "model"
"""The model that comes with the install."""


def read_folder(folder: Path | None = None, *, source: str = "", to: str = "") -> Pieces:
    """Recognise a folder by its tokenizer files and load them; by default the installed model's.

    `source` and `to` are needed only for an OPUS-MT folder whose name does not end like "opus-mt-ko-en". Raises
    MissingError naming the file that is not there, and InputError for a file that cannot be read.
    """
    folder = folder or FOLDER
    if not folder.is_dir():
        raise MissingError(f"Model folder {folder}: expected a folder with model.bin, found none. {_WHAT_TO_DO}.")
    _find(folder, ("model.bin",), "the weights")
    if (folder / "glossa.model").is_file():
        return GlossaPieces(_load(folder / "glossa.model"))
    ends = _needs_end(folder)
    if (folder / "source.spm").is_file() or (folder / "target.spm").is_file():
        first = _load(_find(folder, ("source.spm",), "the tokenizer of the source language"))
        last = _load(_find(folder, ("target.spm",), "the tokenizer of the target language"))
        return OpusPieces(first, last, _opus_direction(folder, source, to), ends, frozenset(_vocabulary(folder)))
    tokenizer = _load(_find(folder, ("sentencepiece.bpe.model", *_OTHER_NAMES), "a tokenizer"))
    vocabulary = frozenset(_vocabulary(folder))
    for codes, name in ((_FLORES, "nllb"), (_M2M, "m2m-100")):
        if vocabulary.issuperset(codes.values()):
            return TaggedPieces(tokenizer, name, codes, ends, vocabulary)
    raise InputError(
        f"Model folder {folder}: expected the vocabulary of M2M-100 (with __en__) or NLLB (with eng_Latn), found "
        f"neither. Known families: Glossa (glossa.model), OPUS-MT (source.spm), M2M-100 and NLLB."
    )


def _find(folder: Path, names: Sequence[str], what: str) -> Path:
    for name in names:
        if (folder / name).is_file():
            return folder / name
    found = ", ".join(sorted(path.name for path in folder.iterdir())) or "nothing"
    raise MissingError(f"Model folder {folder}: expected {what} in {' or '.join(names)}, found {found}. {_WHAT_TO_DO}.")


def _load(path: Path) -> sentencepiece.SentencePieceProcessor:
    try:
        return sentencepiece.SentencePieceProcessor(model_file=str(path))
    except (RuntimeError, OSError) as error:
        raise InputError(f"{path}: expected a SentencePiece model, could not read it. {_WHAT_TO_DO}.") from error


def _needs_end(folder: Path) -> bool:
    """Say whether "</s>" must be given after the source: models converted from Transformers do not add it."""
    path = folder / "config.json"
    if not path.is_file():
        return False
    config = _json(path)
    return isinstance(config, dict) and config.get("add_source_eos") is False


def _vocabulary(folder: Path) -> list[str]:
    names = [f"{side}_vocabulary.{kind}" for side in ("shared", "source") for kind in ("json", "txt")]
    path = _find(folder, names, "the vocabulary")
    if path.suffix == ".txt":
        try:
            return path.read_text(encoding="utf-8").splitlines()
        except ValueError as error:
            raise InputError(f"{path}: expected UTF-8 text, one piece a line. {_WHAT_TO_DO}.") from error
    pieces = _json(path)
    if not isinstance(pieces, list) or not all(isinstance(piece, str) for piece in pieces):
        raise InputError(f"{path}: expected a list of pieces. {_WHAT_TO_DO}.")
    return pieces


def _json(path: Path) -> object:
    try:
        read: object = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{path}: expected JSON, got {error}. {_WHAT_TO_DO}.") from error
    return read


def _opus_direction(folder: Path, source: str, to: str) -> tuple[str, str]:
    named = _OPUS_NAME.search(folder.resolve().name.casefold())
    try:
        first, last = (source or (named[1] if named else "")), (to or (named[2] if named else ""))
        return parse_language(_OPUS_CODES.get(first, first)), parse_language(_OPUS_CODES.get(last, last))
    except GlossaError as error:
        raise InputError(
            f"Model folder {folder}: expected a name that ends like opus-mt-ko-en, got {folder.name!r}. Rename the "
            f"folder, or give both languages. ({error})"
        ) from error


_OTHER_NAMES = ("sentencepiece.model", "spm.128k.model", "flores200_sacrebleu_tokenizer_spm.model")
_OPUS_NAME = re.compile(r"opus-mt-(?:tc-(?:base|big)-)?([a-z]+)-([a-z]+)")
_OPUS_CODES = {"jap": "ja"}
_FLORES = {
    "en": "eng_Latn",
    "ko": "kor_Hang",
    "ja": "jpn_Jpan",
    "zh-Hans": "zho_Hans",
    "zh-Hant": "zho_Hant",
    "es": "spa_Latn",
    "fr": "fra_Latn",
    "de": "deu_Latn",
}
_M2M = {
    "en": "__en__",
    "ko": "__ko__",
    "ja": "__ja__",
    "zh-Hans": "__zh__",
    "es": "__es__",
    "fr": "__fr__",
    "de": "__de__",
}
_WHAT_TO_DO = "Give another folder, or convert the model again together with its tokenizer files"
