"""`glossa bench translate`: how good, how honest, how fast and how large the translator is.

In: the dev split (from the corpora, or a prepared folder) and the hand-written signs. Out: a JSON file with every
number, the calibration curve as a picture, and tables with what is promised beside what was measured. Five parts:
quality (chrF and BLEU), signs (right or acceptable), gloss (recall, precision), speed, memory. What cannot be measured
is skipped with its reason.
"""

import argparse
import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks import calibration
from benchmarks.calibration import Judged
from benchmarks.cost import measure
from benchmarks.grids import rich_tables
from benchmarks.held_out import Split, load_split
from benchmarks.machine import describe_machine
from benchmarks.sign_accuracy import Question, accuracy, ask, load_questions, shares, sure_and_wrong
from benchmarks.translate_gloss import gloss_quality
from benchmarks.translation_cost import short_signs, token_counter
from benchmarks.translation_report import OURS, grids, markdown, targets
from benchmarks.translation_runs import judged, numbers, quality
from devices.errors import GlossaError, InputError
from language.glossed import lexicon_of
from language.translation import NONE, Translation, Translator
from pipeline.engines import NETWORK, has_network, open_translator

PARTS = ("quality", "signs", "gloss", "speed", "memory")
RESULTS = Path(__file__).parent / "results" / "translate.json"
_PACKAGES = ("ctranslate2", "sentencepiece", "sacrebleu")
_LOADED_TEXTS = 100


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is measured, and with what."""

    model: Path | None = None
    """Folder of the network; None is the installed one."""
    dev: Path | None = None
    corpora: Path | None = None


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured; None is all there is."""

    rows: int | None
    """Of the dev split, a direction."""
    signs: int | None
    """A direction."""
    one: int
    batch: int


FULL = Extent(rows=None, signs=None, one=240, batch=480)
QUICK = Extent(rows=40, signs=40, one=48, batch=96)


class Bench:
    """One run of the benchmark: what has been measured so far."""

    def __init__(self, inputs: Inputs, extent: Extent, console: Console) -> None:
        self.curves: dict[str, list[dict[str, Any]]] = {}
        self._inputs = inputs
        self._extent = extent
        self._console = console
        self._pairs: defaultdict[str, list[tuple[str, Translation]]] = defaultdict(list)
        self.result: dict[str, Any] = {"machine": describe_machine(), "model": describe_model(inputs.model)}
        self.result["machine"]["versions"] |= {name: version(name) for name in _PACKAGES}
        self.result |= {"extent": asdict(extent), "skipped": {}}

    def run(self, parts: Sequence[str]) -> dict[str, Any]:
        """Measure the parts and return every number. Blocks for minutes."""
        split = self._split()
        signs = load_questions(self._extent.signs)
        systems = open_systems(self._inputs.model) if {"quality", "signs"} & set(parts) else {}
        if "quality" in parts and split:
            self._quality(split, systems)
        if "signs" in parts and signs:
            self._signs(signs, systems)
        elif "signs" in parts:
            self.result["skipped"]["signs"] = "There are no hand-written signs in benchmarks/signs."
        if "gloss" in parts:
            self._gloss(split, signs)
        if self._pairs:
            self.result["numbers"] = {name: numbers(pairs) for name, pairs in self._pairs.items()}
        texts = [[row.source, row.source_lang, row.to] for rows in split.values() for row in rows]
        texts = texts or [[sign.source, sign.source_lang, sign.to] for sign in signs]
        if "speed" in parts:
            self._speed(texts)
        if "memory" in parts:
            self._memory(texts)
        return self.result

    def _split(self) -> Split:
        self._console.print("dev split: reading; choosing it from the corpora takes a minute, once")
        try:
            split = load_split(self._inputs.dev, self._inputs.corpora)
        except InputError as why:
            self.result["skipped"]["quality"] = str(why)
            return {}
        return {direction: rows[: self._extent.rows] for direction, rows in split.items()}

    def _quality(self, split: Split, systems: dict[str, Translator]) -> None:
        self.result["quality"], answers = quality(split, systems, self._console.print)
        for name, directions in answers.items():
            self._pairs[name] += [(one.row.source, one.told) for rows in directions.values() for one in rows]
        ours = {direction: judged(rows) for direction, rows in answers[OURS].items()}
        self._calibrate("short dev texts", ours)

    def _signs(self, signs: Sequence[Question], systems: dict[str, Translator]) -> None:
        answers = accuracy(signs, systems, self._console.print)
        self.result["signs"] = {
            "systems": {name: shares(found) for name, found in answers.items()},
            "given": shares(ask(signs, systems[OURS], given=True)),
            "sure_and_wrong": sure_and_wrong(answers[OURS]),
        }
        for name, found in answers.items():
            self._pairs[name] += [(one.question.source, one.told) for one in found]
        ours: defaultdict[str, list[Judged]] = defaultdict(list)
        for one in answers[OURS]:
            if one.told.engine != NONE:
                ours[one.question.direction].append(one.judged())
        self._calibrate("signs", ours)

    def _gloss(self, split: Split, signs: Sequence[Question]) -> None:
        folder = self._inputs.model or NETWORK
        if lexicon := lexicon_of(folder):
            self.result["gloss"] = gloss_quality(split, signs, lexicon)
        else:
            self.result["skipped"]["gloss"] = f"There is no lexicon in {folder.name}."

    def _calibrate(self, name: str, directions: dict[str, list[Judged]]) -> None:
        every = [one for group in directions.values() for one in group]
        found = calibration.summary(every)
        found["directions"] = {direction: calibration.summary(group) for direction, group in directions.items()}
        self.result.setdefault("calibration", {})[name] = found
        self.curves[name] = calibration.bins(every)

    def _speed(self, texts: list[list[str]]) -> None:
        if not self.result["model"]:
            self.result["skipped"]["speed"] = "Our network is not installed; name a folder with --model."
            return
        model = str(self._inputs.model) if self._inputs.model else None
        count = token_counter(self._inputs.model)
        one, batch = (short_signs(texts, count, most) for most in (self._extent.one, self._extent.batch))
        self._console.print(f"speed: {len(one)} short texts one by one, {len(batch)} in batches")
        alone, _ = measure("benchmarks.translation_cost:one_by_one", model=model, texts=one)
        cores = self.result["machine"]["cores"]
        together = [
            measure("benchmarks.translation_cost:in_batches", model=model, texts=batch, threads=threads)[0]
            for threads in sorted({1, cores})
        ]
        self.result["speed"] = {"one": alone, "batch": together}

    def _memory(self, texts: list[list[str]]) -> None:
        model = str(self._inputs.model) if self._inputs.model else None
        chosen = texts[:: max(1, len(texts) // _LOADED_TEXTS)][:_LOADED_TEXTS]
        engines = ("memory", "glossa", OURS) if self.result["model"] else (OURS,)
        self._console.print(f"memory: {len(chosen)} texts by {', '.join(engines)}")
        self.result["memory"] = {
            engine: measure("benchmarks.translation_cost:resident", engine=engine, model=model, texts=chosen)[0]
            for engine in engines
        }


def main(argv: Sequence[str] | None = None) -> int:
    """Run from the command line; returns 0: a target that is not reached is told in the table."""
    parser = argparse.ArgumentParser(prog="glossa bench translate", description=__doc__)
    parser.add_argument("--model", type=Path, help="folder of the network (default: the installed one)")
    parser.add_argument("--dev", type=Path, help="folder that `language.training.prepare` wrote (its dev split)")
    parser.add_argument("--corpora", type=Path, help="folder of the corpora (default: ../shared/corpora)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the numbers go (JSON; the plot beside it)")
    parser.add_argument("--quick", action="store_true", help="40 texts a direction")
    parser.add_argument("--parts", default=",".join(PARTS), help="comma-separated (default: all)")
    parser.add_argument("--markdown", action="store_true", help="print the tables for the README")
    given = parser.parse_args(argv)
    parts = given.parts.split(",")
    if unknown := sorted(set(parts) - set(PARTS)):
        parser.error(f"unknown part {', '.join(unknown)}; known: {', '.join(PARTS)}")
    console = Console()
    bench = Bench(Inputs(given.model, given.dev, given.corpora), QUICK if given.quick else FULL, console)
    result = bench.run(parts)
    result["targets"] = targets(result)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for table in rich_tables(grids(result)):
        console.print(table)
    if given.markdown:
        console.print(markdown(result), markup=False, soft_wrap=True)
    if bench.curves:
        calibration.plot(bench.curves, given.out.with_suffix(".png"))
        console.print(f"The calibration curve is in {given.out.with_suffix('.png')}.")
    for part, reason in result["skipped"].items():
        console.print(f"Not measured: {part}. {reason}", markup=False)
    console.print(f"Numbers are in {given.out}.")
    return 0


def open_systems(model: Path | None) -> dict[str, Translator]:
    """Open what is compared, by name: memory, network (glossa), both (auto), and Apertium where it is installed."""
    systems: dict[str, Translator] = {"memory": open_translator("memory")}
    if model or has_network():
        systems["glossa"] = open_translator("glossa", model=model)
    systems[OURS] = open_translator(OURS, model=model)
    with suppress(GlossaError):  # a comparison that not every machine has
        systems["apertium"] = open_translator("apertium")
    return systems


def describe_model(model: Path | None) -> dict[str, Any] | None:
    """Return the size of the network's folder and a digest of its weights; None where there is none."""
    folder = model or NETWORK
    weights = folder / "model.bin"
    if not weights.is_file():
        return None
    size = sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
    return {"mb": size / 1e6, "weights": hashlib.blake2b(weights.read_bytes(), digest_size=8).hexdigest()}


if __name__ == "__main__":
    raise SystemExit(main())
