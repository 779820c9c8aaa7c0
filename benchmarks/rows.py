"""Results of every benchmark in one shape: measures by name, each with its unit, its better side and its samples.

In: the JSON that a benchmark wrote. Out: a `Result`. The shape is that of `glossa bench live`; those of `video` and
`translate`, which are older, are read as they are. Judges nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks.report import KINDS, MEASURES
from benchmarks.translation_report import OURS
from devices.errors import InputError

LOWER, HIGHER = "lower", "higher"

_HIGHER = {"reading_f1", "placement_iou", "coverage", "fps"}
_UNITS = {
    "registration_px_median": "px",
    "registration_px_p95": "px",
    "jitter_px": "px",
    "first_ms_median": "ms",
    "stable_ms_median": "ms",
    "fps": "fps",
    "cpu_s_per_media_s": "s",
    "peak_rss_mb": "MB",
}
_NOT_JUDGED = {"frames"}
_LARGEST = {"peak_rss_mb"}  # the value is that of one clip: the others say nothing of its noise


@dataclass(frozen=True, slots=True)
class Row:
    """One measure."""

    value: float
    better: str
    """`LOWER` or `HIGHER`."""
    unit: str = ""
    samples: tuple[float | None, ...] = ()
    """One a clip (a picture, a direction of translation), None where it had nothing to measure; empty: not kept."""


Rows = Mapping[str, Row]


@dataclass(frozen=True, slots=True)
class Result:
    """What one run measured."""

    what: str
    machine: str
    """Processor and cores: figures of time compare only where this is the same."""
    date: str
    rows: Rows
    baselines: Mapping[str, Rows] = field(default_factory=dict)


def read_result(stored: Any, name: str) -> Result:
    """The result in what a benchmark stored. `name` is for the message. Raises InputError for another shape."""
    if isinstance(stored, dict):
        for key, read in _SHAPES.items():
            if key in stored:
                try:
                    return read(stored)
                except (KeyError, TypeError, ValueError, AttributeError) as error:
                    what = f"{type(error).__name__}: {error}"
                    raise InputError(f"{name}: this result of a benchmark is damaged ({what}); measure again") from None
    raise InputError(
        f"{name}: expected a result of glossa bench live, video or translate, got another JSON; "
        "give a file that one of them wrote"
    )


def _live(stored: dict[str, Any]) -> Result:
    baselines = {name: _rows(rows) for name, rows in stored.get("baselines", {}).items()}
    machine = stored["machine"]
    date = stored.get("date") or (machine.get("date", "") if isinstance(machine, dict) else "")
    return Result(str(stored["what"]), _machine(machine), str(date), _rows(stored["rows"]), baselines)


def _rows(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, Row]:
    return {name: _row(row) for name, row in rows.items() if row["value"] is not None}


def _row(row: Mapping[str, Any]) -> Row:
    if row["better"] not in (LOWER, HIGHER):
        raise ValueError(f"'better' must be {LOWER} or {HIGHER}, got {row['better']!r}")
    samples = tuple(None if one is None else float(one) for one in row.get("samples") or ())
    return Row(float(row["value"]), row["better"], row.get("unit", ""), samples)


def _video(stored: dict[str, Any]) -> Result:
    rows: dict[str, Row] = {}
    baselines: dict[str, dict[str, Row]] = {}
    for reader, read in stored.get("photographs", {}).items():
        mine = rows if reader == "glossa" else baselines.setdefault(reader, {})
        mine |= _photographs(read)
    for kind, systems in stored.get("clips", {}).items():
        title = KINDS[kind].partition(",")[0].lower()
        for system, measured in systems.items():
            mine = rows if system == "glossa" else baselines.setdefault(system, {})
            mine |= {f"{title}: {MEASURES[key][0]}": row for key, row in _clips(measured)}
    for name, one in stored.get("memory", {}).items():
        rows[f"{name} clip: peak memory"] = Row(one["peak_rss_mb"], LOWER, "MB")
    return Result("video", _machine(stored["machine"]), stored["machine"]["date"], rows, baselines)


def _photographs(read: Mapping[str, Any]) -> dict[str, Row]:
    pictures = read.get("pictures", {}).values()
    found = {"line recall": "line_recall", "character F1": "f1"}
    rates = {
        f"photographs: {title}": Row(read[key], HIGHER, "", tuple(one.get(key) for one in pictures))
        for title, key in found.items()
    }
    return rates | {
        "photographs: seconds": Row(read["wall_s"], LOWER, "s"),
        "photographs: peak memory": Row(read["peak_rss_mb"], LOWER, "MB"),
    }


def _clips(measured: Mapping[str, Any]) -> Iterable[tuple[str, Row]]:
    for key in MEASURES:
        if measured.get(key) is None or key in _NOT_JUDGED:
            continue
        samples = () if key in _LARGEST else tuple(clip.get(key) for clip in measured.get("clips", ()))
        better = HIGHER if key in _HIGHER else LOWER
        yield key, Row(measured[key], better, _UNITS.get(key, ""), samples)


def _translate(stored: dict[str, Any]) -> Result:
    rows: dict[str, Row] = {}
    scores = {"chrf": "chrF", "bleu": "BLEU"}
    for key, title in scores.items():
        for part in ("all", "everyday"):
            values = [one["systems"][OURS].get(part, {}).get(key) for one in stored["quality"]["directions"].values()]
            known = [value for value in values if value is not None]
            if known:
                rows[f"{part} texts, {title}, mean"] = Row(sum(known) / len(known), HIGHER, "", tuple(values))
    signs = stored.get("signs", {}).get("systems", {}).get(OURS)
    if signs:
        by_direction = tuple(one["closeness"] for one in signs["directions"].values())
        rows["signs, closeness to the reference"] = Row(signs["closeness"], HIGHER, "", by_direction)
    for target in stored.get("targets", []):
        better = HIGHER if target["at_least"] else LOWER
        rows[target["name"]] = _share_as_it_reads(target, better)
    return Result("translate", _machine(stored["machine"]), stored["machine"]["date"], rows)


def _share_as_it_reads(target: Mapping[str, Any], better: str) -> Row:
    factor = 100.0 if target["unit"] == "%" else 1.0
    return Row(target["value"] * factor, better, target["unit"])


def _machine(machine: Any) -> str:
    return f"{machine['cpu']}, {machine['cores']} cores" if isinstance(machine, dict) else str(machine)


_SHAPES: dict[str, Callable[[dict[str, Any]], Result]] = {
    "rows": _live,
    "quality": _translate,
    "photographs": _video,
    "clips": _video,
    "memory": _video,
}
"""By a key that no other has; the first that fits."""
