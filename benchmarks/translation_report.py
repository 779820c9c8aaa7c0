"""Tables of the translation benchmark, and the promises beside what was measured.

In: the result as it is stored in JSON. Out: targets, rich tables, markdown. Measures nothing.
"""

import re
from collections.abc import Iterator
from typing import Any

from benchmarks.grids import Grid, markdown_table, where

SYSTEMS = {"memory": "memory", "glossa": "network", "auto": "both", "apertium": "Apertium"}
OURS = "auto"
EVERYDAY = {
    "es-en": (52, 63),
    "fr-en": (52, 63),
    "de-en": (52, 63),
    "ja-en": (40, 50),
    "zh-en": (38, 48),
    "ko-en": (34, 46),
    "en-ko": (22, 34),
    "en-ja": (22, 32),
    "en-zh-Hans": (20, 32),
    "en-zh-Hant": (20, 32),
}
"""chrF of everyday sentences, to reach and as a goal."""
_GLOSS = ("glossed", "recall", "precision")
PARTS = ("all", "everyday", "short", "medium", "long")
FOOTNOTE = (
    "chrF and BLEU by sacrebleu on the dev split: rows chosen by a hash of their English side, never trained on, "
    "the source's language given. Everyday: Tatoeba, TALPCo, JHE, StyleKQC, XPersona, Tanaka. Short: at most 20 "
    "characters, medium: at most 60. Signs: hand-written pairs that are in neither the phrase book nor the templates, "
    "right when the answer is among the accepted ones, the language found among five neighbours. Glosses: words "
    "without grammar; of Korean, Japanese and Chinese references letters. Confidence on dev texts: at most 40 "
    "characters, of the fifth that the calibration was not fitted on."
)


def targets(result: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the promises of our own translator beside what was measured; only what was measured is judged."""
    rows: list[dict[str, Any]] = []

    def row(name: str, value: float | None, reach: float, goal: float, *, unit: str, at_least: bool) -> None:
        if value is not None:
            reached, met = ((value >= bound if at_least else value <= bound) for bound in (reach, goal))
            rows.append(
                {"name": name, "value": value, "reach": reach, "goal": goal, "unit": unit}
                | {"at_least": at_least, "reached": reached, "goal_met": met}
            )

    directions = result.get("quality", {}).get("directions", {})
    for direction, (reach, goal) in EVERYDAY.items():
        found = directions.get(direction, {}).get("systems", {}).get(OURS, {}).get("everyday")
        value = found["chrf"] if found else None
        row(f"everyday sentences {_arrow(direction)}, chrF", value, reach, goal, unit="", at_least=True)
    signs = result.get("signs", {}).get("systems", {}).get(OURS, {})
    row("signs and menus, right or acceptable", signs.get("right"), 0.75, 0.92, unit="%", at_least=True)
    numbers = result.get("numbers", {}).get(OURS, {})
    row("numbers preserved", numbers.get("kept"), 1.0, 1.0, unit="%", at_least=True)
    for name, curve in result.get("calibration", {}).items():
        row(f"wrong among sure, {name}", curve.get("wrong_among_sure"), 0.15, 0.05, unit="%", at_least=False)
    speed = result.get("speed", {})
    row("one sign, 1 thread, p50", speed.get("one", {}).get("p50_ms"), 15, 6, unit="ms", at_least=False)
    memory = result.get("memory", {}).get(OURS, {})
    row("resident memory of the translator", memory.get("mb"), 150, 80, unit="MB", at_least=False)
    return rows


def markdown(result: dict[str, Any]) -> str:
    """Return the tables as markdown, with machine, date, footnote and sacrebleu's signatures."""
    parts: list[str] = []
    for title, header, rows in grids(result):
        parts.append(f"{title}\n\n{markdown_table(header, rows)}")
    parts.append(f"{where(result['machine'])}. {FOOTNOTE}")
    parts += [f"{name}: `{signature}`" for name, signature in result.get("quality", {}).get("signatures", {}).items()]
    return "\n\n".join(parts)


def grids(result: dict[str, Any]) -> Iterator[Grid]:
    """Yield title, header and rows of each table."""
    if rows := result.get("targets"):
        header = ["measure", "reach", "goal", "measured", ""]
        yield ("Targets", header, [_target(row) for row in rows])
    directions = result.get("quality", {}).get("directions", {})
    if directions:
        present = [name for name in SYSTEMS if any(name in found["systems"] for found in directions.values())]
        header = ["direction", "texts", *(SYSTEMS[name] for name in present)]
        yield (
            "chrF / BLEU, all of the dev split",
            header,
            [
                [
                    _arrow(direction),
                    str(found["texts"]),
                    *(_pair(found["systems"].get(name), "all") for name in present),
                ]
                for direction, found in directions.items()
            ],
        )
        yield (
            "chrF of memory and network together, by kind and length",
            ["direction", *PARTS, "answered", "sure"],
            [
                [
                    _arrow(direction),
                    *(_chrf(found["systems"][OURS], part) for part in PARTS),
                    _percent(found["systems"][OURS]["answered"]),
                    _percent(found["systems"][OURS]["sure"]),
                ]
                for direction, found in directions.items()
                if OURS in found["systems"]
            ],
        )
    yield from _sign_grids(result.get("signs", {}))
    yield from _gloss_grids(result.get("gloss", {}))
    if numbers := result.get("numbers"):
        yield (
            "Numbers",
            ["engine", "texts with numbers", "kept", "kept, or marked unsure"],
            [
                [SYSTEMS[name], str(found["texts"]), _percent(found["kept"]), _percent(found["kept_or_marked"])]
                for name, found in numbers.items()
            ],
        )
    if curves := result.get("calibration"):
        yield (
            "Confidence",
            ["texts", "number", "right", "shown as sure", "wrong among sure", "calibration error"],
            [[name, *_curve(curve)] for name, curve in curves.items()],
        )
    if cost := _cost_rows(result):
        yield ("Cost", ["measure", "texts", "value"], cost)


def _sign_grids(signs: dict[str, Any]) -> Iterator[Grid]:
    systems = {name: found for name, found in signs.get("systems", {}).items() if name in SYSTEMS}
    if systems:
        directions = list(dict.fromkeys(name for found in systems.values() for name in found["directions"]))
        yield (
            "Signs and menus, right or acceptable",
            ["direction", "texts", *(SYSTEMS[name] for name in systems), "both, language given"],
            [
                [
                    _arrow(direction),
                    str(next(iter(systems.values()))["directions"][direction]["texts"]),
                    *(_percent(found["directions"].get(direction, {}).get("right")) for found in systems.values()),
                    _percent(signs.get("given", {}).get("directions", {}).get(direction, {}).get("right")),
                ]
                for direction in directions
            ],
        )


def _gloss_grids(gloss: dict[str, Any]) -> Iterator[Grid]:
    header = ["direction", "texts", "with a gloss", "of the reference's words in it", "of its words in a reference"]
    for name, directions in gloss.items():
        rows = [
            [_arrow(direction), str(found["texts"]), *(_percent(found[key]) for key in _GLOSS)]
            for direction, found in directions.items()
        ]
        yield (f"Glosses of {name}", header, rows)


def _cost_rows(result: dict[str, Any]) -> list[list[str]]:
    speed, rows = result.get("speed", {}), []
    if one := speed.get("one"):
        for name, kind in (
            ("one sign alone, network, 1 thread, p50 / p95, ms", ""),
            ("its processor time, ms", "cpu_"),
        ):
            both = f"{_fixed(one.get(f'{kind}p50_ms'))} / {_fixed(one.get(f'{kind}p95_ms'))}"
            rows.append([name, str(one["texts"]), both])
    rows += [
        [
            f"texts a second in batches of 32, {batch['threads']} thread(s)",
            str(batch["texts"]),
            _fixed(batch["texts_per_s"]),
        ]
        for batch in speed.get("batch", [])
    ]
    rows += [
        [f"resident memory, {SYSTEMS[name]}, MB", str(found["texts"]), _fixed(found["mb"], 0)]
        for name, found in result.get("memory", {}).items()
    ]
    return rows


def _target(row: dict[str, Any]) -> list[str]:
    sign = "≥" if row["at_least"] else "≤"
    verdict = "goal" if row["goal_met"] else "reached" if row["reached"] else "NOT YET"
    show = _percent if row["unit"] == "%" else (lambda value: f"{_fixed(value)} {row['unit']}".strip())
    return [row["name"], f"{sign} {show(row['reach'])}", f"{sign} {show(row['goal'])}", show(row["value"]), verdict]


def _curve(curve: dict[str, Any]) -> list[str]:
    shares = [_percent(curve.get(key)) for key in ("right", "sure", "wrong_among_sure")]
    return [str(curve["texts"]), *shares, _fixed(curve.get("calibration_error"), 3)]


def _pair(system: dict[str, Any] | None, part: str) -> str:
    found = system[part] if system else None
    return f"{found['chrf']:.1f} / {found['bleu']:.1f}" if found else "-"


def _chrf(system: dict[str, Any], part: str) -> str:
    return f"{system[part]['chrf']:.1f}" if system[part] else "-"


def _arrow(direction: str) -> str:
    return re.sub("^(zh-Han[st]|[a-z]+)-", r"\1 → ", direction)


def _fixed(value: float | None, digits: int = 1) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f} %"
