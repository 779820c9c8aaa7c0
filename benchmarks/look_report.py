"""The results of `glossa bench look` as rows that compare, as a table, and beside the promises."""

from collections.abc import Iterator
from statistics import mean
from typing import Any

from benchmarks.grids import markdown_table

FOOTNOTE = (
    "Processor time on one core, picture to boxes, 1280x720 in; accuracy at score 0.01 and overlap 0.65 on labelled "
    "pictures of COCO val2017, by pycocotools."
)
_SPEED_REACH_MS, _SPEED_GOAL_MS = 30.0, 12.0
_MOST_LOST_POINTS = 0.5
_MOST_LOST_POINTS_BY_PRECISION = 1.0
"""A precision that loses more is not one to be quick in."""
_NOISE_MS, _MOST_NOISE_MS = 1.0, 3.0  # a machine that is less steady than this cannot say


def describe(result: dict[str, Any]) -> dict[str, Any]:
    """`rows` and `baselines`, in the shape that `glossa bench compare` reads."""
    rows: dict[str, Any] = {}
    baselines: dict[str, Any] = {}

    def row(where: dict[str, Any], name: str, value: float | None, better: str, unit: str, samples: Any = ()) -> None:
        if value is not None:
            where[name] = {"value": value, "better": better, "unit": unit, "samples": list(samples)}

    if told := result.get("accuracy"):
        for name, ap in told["ap"].items():
            where = baselines.setdefault("plain script", {}) if name == "plain" else rows
            row(where, "mAP50" if name == "plain" else f"mAP50, {name}", ap["map50"], "higher", "points")
    if told := result.get("speed"):
        for name, one in told["detectors"].items():
            row(rows, f"detector, {name}, processor time", one["cpu_ms"], "lower", "ms")
            row(rows, f"mAP50, {name}", one["map50"], "higher", "points")
        for name, one in told["codes"].items():
            row(rows, f"{name}, processor time", one["cpu_ms"], "lower", "ms")
    if told := result.get("identity"):
        for name, one in told["systems"].items():
            where = rows if name == "glossa" else baselines.setdefault("overlap tracker", {})
            row(where, "identity switches", one["switches"], "lower", "", one["by_clip"])
            row(where, "things kept in view", one["coverage"], "higher", "")
            row(where, "trembling of boxes", one["tremble_px"], "lower", "px")
    if told := result.get("codes"):
        for name, one in told["systems"].items():
            where = rows if name == "glossa" else baselines.setdefault("OpenCV", {})
            row(where, "codes read", one["read"], "higher", "")
    if told := result.get("render"):
        for name, runs in told.items():
            where = rows if name == "on" else baselines.setdefault("without the look lane", {})
            values = [run["render_ms"]["p99"] for run in runs]
            row(where, "render lane, p99", mean(values), "lower", "ms", values)
    return {"rows": rows, "baselines": baselines}


def targets(result: dict[str, Any]) -> list[dict[str, Any]]:
    """The promises beside what was measured."""
    rows: list[dict[str, Any]] = []

    def row(name: str, value: float, bound: float, at_least: bool) -> None:
        met = value >= bound if at_least else value <= bound
        rows.append({"name": name, "value": value, "bound": bound, "at_least": at_least, "met": bool(met)})

    if told := result.get("accuracy"):
        ap = {name: one["map50"] for name, one in told["ap"].items()}
        gap = max(abs(value - ap["plain"]) for name, value in ap.items() if name != "plain")
        row("mAP50 beside the plain script, points apart", gap, _MOST_LOST_POINTS, False)
    if told := result.get("speed"):
        judged = [one for one in told["detectors"].values() if one["map50"] is not None]
        enough = max(one["map50"] for one in judged) - _MOST_LOST_POINTS_BY_PRECISION
        best = min(one["cpu_ms"] for one in judged if one["map50"] >= enough)
        row("detector on one core, ms (reach)", best, _SPEED_REACH_MS, False)
        row("detector on one core, ms (goal)", best, _SPEED_GOAL_MS, False)
    if told := result.get("identity"):
        systems = told["systems"]
        row(
            "identity switches, at most the baseline's",
            systems["glossa"]["switches"],
            systems["overlap"]["switches"],
            False,
        )
    if told := result.get("codes"):
        row("codes read, at least OpenCV's", told["systems"]["glossa"]["read"], told["systems"]["opencv"]["read"], True)
    if told := result.get("render"):
        on, off = (mean(run["render_ms"]["p99"] for run in told[name]) for name in ("on", "off"))
        spread = max(abs(a["render_ms"]["p99"] - b["render_ms"]["p99"]) for a in told["off"] for b in told["off"])
        noise = max(_NOISE_MS, min(spread, _MOST_NOISE_MS))
        row("render lane, p99 more with the look lane, ms", on - off, noise, False)
    return rows


def markdown(result: dict[str, Any]) -> str:
    """The tables for the README, with machine and date."""
    parts = []
    for header, rows in _grids(result):
        parts.append(markdown_table(header, rows))
    machine = result["machine"]
    where = f"{machine['cpu']}, {machine['cores']} cores, load {machine['load_at_start']}, {machine['date']}"
    return "\n\n".join([*parts, f"{result['model']}. {where}. {FOOTNOTE}"])


def _grids(result: dict[str, Any]) -> Iterator[tuple[list[str], list[list[str]]]]:
    if told := result.get("accuracy"):
        names = {"plain": "plain script"}
        rows = [
            [names.get(name, f"Glossa, {name}"), f"{a['map50']:.1f}", f"{a['map']:.1f}"]
            for name, a in told["ap"].items()
        ]
        yield [f"{told['things']} things in {told['pictures']} pictures", "mAP50", "mAP50-95"], rows
    if told := result.get("speed"):
        rows = [
            [
                name,
                f"{one['cpu_ms']:.1f}",
                f"{one['wall_ms']:.1f}",
                "-" if one["map50"] is None else f"{one['map50']:.1f}",
            ]
            for name, one in told["detectors"].items()
        ]
        rows += [[name, f"{one['cpu_ms']:.1f}", f"{one['wall_ms']:.1f}", "-"] for name, one in told["codes"].items()]
        yield ["one core", "processor, ms", "wall, ms", "mAP50"], rows
    if told := result.get("identity"):
        names = {"glossa": "Glossa", "overlap": "overlap tracker"}
        rows = [
            [
                names[name],
                str(one["switches"]),
                f"{one['coverage']:.2f}",
                f"{one['false_per_look']:.2f}",
                f"{one['tremble_px']:.1f}",
            ]
            for name, one in told["systems"].items()
        ]
        title = f"{told['clips']} hand-held clips of {told['seconds']:g} s"
        yield [title, "identity switches", "things kept in view", "false, a true one", "trembling, px"], rows
    if told := result.get("codes"):
        names = {"glossa": "Glossa (ZXing)", "opencv": "OpenCV"}
        rows = [
            [names[name], str(one["read"]), str(one["wrong"]), " ".join(map(str, one["by_difficulty"]))]
            for name, one in told["systems"].items()
        ]
        yield [f"{told['count']} QR codes", "read", "wrongly", "by difficulty, easiest fifth first"], rows
    if told := result.get("render"):
        rows = [
            [
                f"look lane {name}",
                " ".join(f"{run['render_ms']['p50']:.1f}" for run in runs),
                " ".join(f"{run['render_ms']['p99']:.1f}" for run in runs),
                " ".join(str(run["looks"]) for run in runs),
            ]
            for name, runs in told.items()
        ]
        yield ["render lane, each run", "p50, ms", "p99, ms", "looks"], rows
    if told := result.get("targets"):
        rows = [
            [
                one["name"],
                ("≥ " if one["at_least"] else "≤ ") + f"{one['bound']:.4g}",
                f"{one['value']:.4g}",
                "yes" if one["met"] else "NO",
            ]
            for one in told
        ]
        yield ["target", "bound", "measured", "met"], rows
