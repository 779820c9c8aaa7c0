"""Asks translators for the held-out pairs and scores the answers: by direction, by length, everyday or not.

In: the dev split, and translators by name. Out: numbers as they are stored in JSON, and each answer judged, for the
calibration. Knows nothing of how a translator works.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sacrebleu.metrics.chrf import CHRF

from benchmarks.calibration import Judged
from benchmarks.held_out import EVERYDAY, HeldOut, Split
from benchmarks.translation_scores import has_number, keeps_numbers, length_class, score, signatures
from language.training.calibrate import SHORT, is_right
from language.training.corpora import chance
from language.translation import NONE, Translation, Translator

_FITTED_ON = 0.8
"""`language.training.calibrate` fits on this share of the dev split, by hash: only the rest can judge it."""
_CALL = 32

Progress = Callable[[str], None]
Systems = Mapping[str, Translator]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a translator said to one held-out pair."""

    row: HeldOut
    told: Translation


def quality(split: Split, systems: Systems, progress: Progress) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Score every system in every direction that it has; return the scores, and answers by system and direction.

    The language of the source is given: what is measured here is translation. Blocks for minutes.
    """
    directions: dict[str, Any] = {}
    answers: dict[str, dict[str, list[Answer]]] = {name: {} for name in systems}
    for direction, rows in split.items():
        found: dict[str, Any] = {}
        for name, translator in systems.items():
            if name == "apertium" and direction != "es-en":
                continue
            progress(f"{direction}: {len(rows)} texts by {name}")
            said = ask(translator, rows)
            answers[name][direction] = said
            found[name] = scores(said)
        everyday = sum(row.tag in EVERYDAY for row in rows)
        directions[direction] = {"texts": len(rows), "everyday": everyday, "systems": found}
    targets = dict.fromkeys(rows[0].to for rows in split.values() if rows)
    return {"signatures": signatures(list(targets)), "directions": directions}, answers


def ask(translator: Translator, rows: Sequence[HeldOut]) -> list[Answer]:
    """Translate the rows in their order, those of one language together, at most 32 in a call."""
    told: dict[int, Translation] = {}
    for source, to in dict.fromkeys((row.source_lang, row.to) for row in rows):
        places = [place for place, row in enumerate(rows) if (row.source_lang, row.to) == (source, to)]
        for start in range(0, len(places), _CALL):
            call = places[start : start + _CALL]
            texts = [rows[place].source for place in call]
            told.update(zip(call, translator.translate(texts, source=source, to=to), strict=True))
    return [Answer(row, told[place]) for place, row in enumerate(rows)]


def scores(answers: Sequence[Answer]) -> dict[str, Any]:
    """Score one system's answers in one direction: all, everyday, short, medium, long; None where there is no text."""
    parts: dict[str, list[Answer]] = {"all": list(answers), "everyday": [a for a in answers if a.row.tag in EVERYDAY]}
    parts |= {name: [a for a in answers if length_class(a.row.source) == name] for name in ("short", "medium", "long")}
    table: dict[str, Any] = {}
    for name, part in parts.items():
        found = score([a.told.target for a in part], [a.row.target for a in part], part[0].row.to) if part else None
        table[name] = asdict(found) if found else None
    return table | {
        "answered": _share([a.told.engine != NONE for a in answers]),
        "sure": _share([a.told.sure for a in answers]),
    }


def numbers(pairs: Sequence[tuple[str, Translation]]) -> dict[str, Any]:
    """Count the numbers that survive, over (source, answer) pairs: kept, and kept or marked unsure."""
    told = [(source, answer) for source, answer in pairs if has_number(source)]
    kept = [keeps_numbers(source, answer.target) for source, answer in told]
    safe = [good or not answer.sure for good, (_, answer) in zip(kept, told, strict=True)]
    return {"texts": len(told), "kept": _share(kept), "kept_or_marked": _share(safe)}


def judged(answers: Sequence[Answer]) -> list[Judged]:
    """Judge the answers to short texts that the calibration has not seen, right as it counts right."""
    metric = CHRF()
    return [
        Judged(a.told.confidence, a.told.sure, is_right(a.told.target, a.row.target, metric))
        for a in answers
        if len(a.row.source) <= SHORT and a.told.engine != NONE and chance(a.row.source, "calibration") >= _FITTED_ON
    ]


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None
