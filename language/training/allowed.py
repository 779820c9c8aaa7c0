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
from language.training.store import TokenStore
from language.training.tokenizer import tag_piece

_log = logging.getLogger(__name__)


def write_allowed(store: TokenStore, folder: Path) -> dict[str, int]:
    """Write vmap.txt into a model folder that has its tokenizer; return the number of pieces by language.

    Bytes and placeholders are always allowed: any text may need them.
    """
    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(folder / "glossa.model"))
    size = tokenizer.vocab_size()
    pieces = [tokenizer.id_to_piece(number) for number in range(size)]
    always = [number for number, piece in enumerate(pieces) if tokenizer.is_byte(number) or piece in PLACES]
    orders = {number for number in range(size) if tokenizer.is_control(number) or tokenizer.is_unknown(number)}
    lines = []
    counts = {}
    for to in sorted({direction.split("-", 1)[1] for direction in store.directions}):
        used = {*np.flatnonzero(_uses(store, to, size)).tolist(), *always} - orders
        # A space inside of a piece would end it in this format.
        written = [pieces[number] for number in sorted(used) if not any(map(str.isspace, pieces[number]))]
        lines.append(f"{tag_piece(to)}\t{' '.join(written)}\n")
        counts[to] = len(written)
    (folder / "vmap.txt").write_text("".join(lines), encoding="utf-8")
    return counts


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
