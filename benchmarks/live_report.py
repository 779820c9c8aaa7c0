"""Tables of the live benchmark, and its targets beside what was measured.

In: the result as it is stored in JSON. Out: targets, rich tables, markdown. Measures nothing.
"""

from collections.abc import Iterator
from typing import Any

from benchmarks.grids import Grid
from benchmarks.live_scores import LONG, MEASURES, Measure
from benchmarks.rows import HIGHER

TITLES = {
    "glossa": "Glossa",
    "newest_wins": "no tracks, newest frame wins",
    "held_still": "every 15th frame, held still",
}
LONG_ROW = "rss_growth_long_mb"
FOOTNOTE = (
    "Photographs moved by the seeded virtual camera, played in real time from bare pictures filmed before (one read "
    "and one colour conversion a frame, as a camera costs). Late: ready to be shown later than 33 ms after capture, or "
    "never shown. Registration: RMS corner distance between the drawn quad and the place that the same track claims on "
    "the true plane (its median over the clip), on the frame it was drawn on; 'against the world' compares with where "
    "that place is when the frame is ready to be shown, which is what a wearer sees through the glass. Reading F1, "
    "lines that have a label and first translation: what is on the screen when each captured frame is due, be it the "
    "labels of an older frame, also before the first label; the still picture is one sharp frame of the scene read by "
    "the same models. The baselines run the same models with the same threads in the same lanes; they have no tracks "
    "and are followed by the labelled line they lie on. The first shows so few frames that no three are neighbours: it "
    "has no jitter."
)

"""Title, header, rows."""


def targets(result: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the promises beside what was measured; a measure that is missing is not met."""
    found = []
    for name, measure in (MEASURES | {LONG_ROW: LONG}).items():
        if measure.reach is None or measure.goal is None or (name == LONG_ROW and name not in result["rows"]):
            continue
        value = result["rows"].get(name, {}).get("value")
        reached, met = (_holds(measure, value, bound) for bound in (measure.reach, measure.goal))
        found.append(
            {"name": measure.title, "value": value, "unit": measure.unit, "better": measure.better}
            | {"reach": measure.reach, "goal": measure.goal, "reached": reached, "goal_met": met}
        )
    return found


def markdown(result: dict[str, Any]) -> str:
    """Return the table for the README, with machine, date and footnote."""
    title, header, lines = next(grids(result))
    every = [header, ["---"] + ["---:"] * (len(header) - 2) + ["---"], *lines]
    table = "\n".join("| " + " | ".join(line) + " |" for line in every)
    machine = result["machine"]
    where = f"{machine['cpu']}, {machine['cores']} cores, {machine['system']}, {result['date']}"
    return f"{title}\n\n{table}\n\n{where}. {_strangers(result)}{FOOTNOTE}"


def _strangers(result: dict[str, Any]) -> str:
    """Say what the host took from the machine meanwhile; nothing where it took nothing."""
    shares = [share for one in result.get("stolen", {}).values() for share in one]
    if max(shares, default=0.0) < 0.0005:
        return ""
    return (
        f"Meanwhile the host gave {min(shares):.1%} to {max(shares):.1%} of the processors to other machines (a play is"
        " repeated where that is much, and the one with least of it counts). "
    )


def grids(result: dict[str, Any]) -> Iterator[Grid]:
    """Yield title, header and rows of each table."""
    systems = {"glossa": result["rows"], **result["baselines"]}
    extent = result["extent"]
    header = ["measure", "reach", "goal", *(TITLES[name] for name in systems), ""]
    measures = MEASURES | ({LONG_ROW: LONG} if LONG_ROW in result["rows"] else {})
    yield (
        f"Live, 1280x720 at 30 fps, {extent['clips']} clips of {extent['seconds']:g} s",
        header,
        [
            _line(measure, [one.get(name, {}).get("value") for one in systems.values()])
            for name, measure in measures.items()
        ],
    )
    for name, stages in result.get("stages", {}).items():
        yield (
            f"Stages: {TITLES[name]}",
            ["lane", "stage", "tier", "runs", "p50, ms", "p95, ms", "p99, ms"],
            [
                [one["lane"], one["stage"], one["tier"], str(one["runs"])]
                + [_number(one[f"p{q}_ms"], 1) for q in (50, 95, 99)]
                for one in stages
            ],
        )
    for name, lanes in result.get("outcomes", {}).items():
        kinds = ["done", "degraded", "skipped", "stale", "failed"]
        yield (
            f"Outcomes: {TITLES[name]}",
            ["lane", *kinds],
            [[lane, *(str(counts.get(kind, 0)) for kind in kinds)] for lane, counts in lanes.items()],
        )


def _line(measure: Measure, values: list[float | None]) -> list[str]:
    title = f"{measure.title}, {measure.unit}" if measure.unit else measure.title
    bounds = [measure.reach, measure.goal]
    verdict = ""
    if measure.reach is not None and measure.goal is not None:
        reached, met = (_holds(measure, values[0], bound) for bound in (measure.reach, measure.goal))
        verdict = "goal" if met else "reached" if reached else "NOT YET"
    sign = "≥" if measure.better == HIGHER else "≤"
    shown = ["" if bound is None else f"{sign} {bound:g}" for bound in bounds]
    return [title, *shown, *(_number(value, measure.digits) for value in values), verdict]


def _holds(measure: Measure, value: float | None, bound: float) -> bool:
    return value is not None and (value >= bound if measure.better == HIGHER else value <= bound)


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
