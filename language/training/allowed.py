"""Step 3, second half: which pieces each language is written with, as CTranslate2's vmap.txt.

Run `python -m language.training.allowed --work DIR --model FOLDER`. Counts the targets of the token store; pieces that
training never asked for in a language are not computed when that language is written: two fifths of the time of a short
text, and no answer in a wrong script.
"""

import argparse
import logging
from pathlib import Path

import numpy as np
import sentencepiece
from numpy.typing import NDArray

from language.protect import PLACES
from language.training.store import BOS, EOS, UNK, TokenStore
from language.training.tokenizer import tag_piece

_ALWAYS = (UNK, BOS, EOS)
_log = logging.getLogger(__name__)


def write_allowed(store: TokenStore, folder: Path) -> dict[str, int]:
    """Write vmap.txt into a model folder that has its tokenizer; return the number of pieces by language.

    Bytes and placeholders are always allowed: any text may need them.
    """
    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(folder / "glossa.model"))
    lines = []
    counts = {}
    for tag, used in sorted(allowed_pieces(store, tokenizer).items(), key=lambda item: tokenizer.id_to_piece(item[0])):
        pieces = [tokenizer.id_to_piece(number) for number in used.tolist() if number not in _ALWAYS]
        # A space inside of a piece would end it in this format.
        written = [piece for piece in pieces if not any(map(str.isspace, piece))]
        lines.append(f"{tokenizer.id_to_piece(tag)}\t{' '.join(written)}\n")
        counts[tokenizer.id_to_piece(tag)[2:-1]] = len(written)
    (folder / "vmap.txt").write_text("".join(lines), encoding="utf-8")
    return counts


def allowed_pieces(store: TokenStore, tokenizer: sentencepiece.SentencePieceProcessor) -> dict[int, NDArray[np.int64]]:
    """Return the pieces that compete in each language, ascending, by the piece that asks for that language.

    Among them those that CTranslate2 lets compete whatever the table says: the network has to learn not to say them.
    """
    size = tokenizer.vocab_size()
    always = [n for n in range(size) if tokenizer.is_byte(n) or tokenizer.id_to_piece(n) in PLACES or n in _ALWAYS]
    never = [n for n in range(size) if tokenizer.is_control(n) and n not in _ALWAYS]
    allowed = {}
    for to in {direction.split("-", 1)[1] for direction in store.directions}:
        used = _uses(store, to, size) > 0
        used[always] = True
        used[never] = False
        allowed[int(tokenizer.piece_to_id(tag_piece(to)))] = np.flatnonzero(used)
    return allowed


def _uses(store: TokenStore, to: str, size: int) -> NDArray[np.int64]:
    """Count the pieces of all targets in one language."""
    codes = [code for code, direction in enumerate(store.directions) if direction.split("-", 1)[1] == to]
    is_target = np.zeros(len(store.offsets) - 1, bool)
    is_target[store.target[np.isin(store.direction, codes)]] = True
    return np.bincount(store.flat[np.repeat(is_target, np.diff(store.offsets))], minlength=size)


def main() -> None:
    """Read the command line and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--model", type=Path, help="default: WORK/export")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    folder = given.model or given.work / "export"
    counts = write_allowed(TokenStore.load(given.work / "data"), folder)
    _log.info("%s: pieces by language %s", folder / "vmap.txt", counts)


if __name__ == "__main__":
    main()
