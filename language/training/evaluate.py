"""Step 4: chrF and BLEU of an exported folder on the dev split, by direction.

Run `python -m language.training.evaluate --work DIR [--model DIR]`. Metrics are sacrebleu's; signatures are printed.
"""

import argparse
import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

import ctranslate2
import sentencepiece
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from language.protect import LostSpanError, protect
from language.training.tokenizer import tag_piece

_log = logging.getLogger(__name__)
_BLEU_TOKENIZER = {"ja": "char", "zh-Hans": "zh", "zh-Hant": "zh", "ko": "char"}


@dataclass(frozen=True, slots=True)
class Score:
    """Quality in one direction, 0-100, with the sacrebleu signatures that say how it was computed."""

    direction: str
    texts: int
    chrf: float
    bleu: float
    chrf_signature: str
    bleu_signature: str


class FolderTranslator:
    """A CTranslate2 folder with its tokenizer, for measuring; with its vmap.txt, as at run time, where it has one."""

    def __init__(self, folder: Path, *, threads: int = 2) -> None:
        self._limited = (folder / "vmap.txt").is_file()
        self._tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(folder / "glossa.model"))
        self._engine = ctranslate2.Translator(str(folder), device="cpu", intra_threads=threads)

    def translate(self, texts: list[str], to: str, *, beam: int = 1) -> list[str]:
        """Return one translation a text, in order, numbers and names behind placeholders as at run time."""
        protected = [protect(text) for text in texts]
        said = self._plain([one.text for one in protected], to, beam)
        lost = []
        for place, (one, answer) in enumerate(zip(protected, said, strict=True)):
            try:
                said[place] = one.restore(answer, source="", to=to)
            except LostSpanError:
                lost.append(place)
        for place, answer in zip(lost, self._plain([texts[place] for place in lost], to, beam), strict=True):
            said[place] = answer
        return said

    def _plain(self, texts: list[str], to: str, beam: int) -> list[str]:
        pieces = [[tag_piece(to), *ids] for ids in self._tokenizer.encode(texts, out_type=str)]
        found = self._engine.translate_batch(
            pieces,
            beam_size=beam,
            max_decoding_length=128,
            max_batch_size=2048,
            batch_type="tokens",
            use_vmap=self._limited,
            disable_unk=True,
            suppress_sequences=[["<s>"]],
        )
        return [self._tokenizer.decode(result.hypotheses[0]) for result in found]


def read_dev(data: Path, *, most: int | None = None, longest: int | None = None) -> dict[str, list[list[str]]]:
    """Return the dev rows [tag, source, target] by direction; `longest` limits both sides in characters."""
    rows: dict[str, list[list[str]]] = {}
    for path in sorted((data / "dev").glob("*.tsv")):
        cells = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
        short = [row for row in cells if longest is None or max(len(row[1]), len(row[2])) <= longest]
        if short:
            rows[path.stem] = short[:most]
    return rows


def score(folder: Path, dev: dict[str, list[list[str]]], *, beam: int = 1, threads: int = 2) -> list[Score]:
    """Translate every dev row with `folder` and score each direction."""
    engine = FolderTranslator(folder, threads=threads)
    scores = []
    for direction, rows in dev.items():
        to = direction.split("-", 1)[1]
        said = engine.translate([row[1] for row in rows], to, beam=beam)
        truth = [[row[2] for row in rows]]
        chrf, bleu = CHRF(), BLEU(tokenize=_BLEU_TOKENIZER.get(to, "13a"))
        found_chrf, found_bleu = chrf.corpus_score(said, truth), bleu.corpus_score(said, truth)
        scores.append(
            Score(
                direction,
                len(rows),
                round(found_chrf.score, 2),
                round(found_bleu.score, 2),
                str(chrf.get_signature()),
                str(bleu.get_signature()),
            )
        )
    return scores


def main() -> None:
    """Read the command line, score, and write the table beside the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--corpora", type=Path, help="not needed; taken so that all steps have the same options")
    parser.add_argument("--model", type=Path, help="default: WORK/export")
    parser.add_argument("--beam", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--most", type=int, help="rows a direction (default: all)")
    parser.add_argument("--longest", type=int, help="leave out rows with a longer side, in characters")
    parser.add_argument("--show", type=int, default=0, help="log this many translations a direction")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    folder = given.model or given.work / "export"
    dev = read_dev(given.work / "data", most=given.most, longest=given.longest)
    scores = score(folder, dev, beam=given.beam, threads=given.threads)
    for found in scores:
        _log.info("%-11s %4d texts  chrF %5.1f  BLEU %5.1f", found.direction, found.texts, found.chrf, found.bleu)
    for signature in sorted({found.chrf_signature for found in scores} | {found.bleu_signature for found in scores}):
        _log.info("%s", signature)
    engine = FolderTranslator(folder, threads=given.threads)
    for direction, rows in dev.items():
        shown = rows[: given.show]
        said = engine.translate([row[1] for row in shown], direction.split("-", 1)[1], beam=given.beam)
        for row, text in zip(shown, said, strict=True):
            _log.info("%s | %s | %s | %s", direction, row[1], text, row[2])
    table = [asdict(found) for found in scores]
    (given.work / "scores.json").write_text(json.dumps(table, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
