"""From live runs to measures: what each clip scored, and all of them together.

In: clips, what was shown on them, what each run cost. Out: rows of measures, each with one sample a clip, as
`glossa bench compare` wants them. Measures nothing itself.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.findings import Drawn, Findings, FrameFindings
from benchmarks.geometry import area, intersection
from benchmarks.live_clip import Clip
from benchmarks.metrics import ClipScore, pool, score_clip
from benchmarks.reading import SHARE, Reading
from benchmarks.rows import HIGHER, LOWER
from benchmarks.truth import TruthLine

RENDER = "render/render/"
"""The lane, its own work, no tier."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of the table."""

    title: str
    unit: str
    better: str
    digits: int
    reach: float | None = None
    goal: float | None = None
    note: str = ""


MEASURES = {
    "render_p50_ms": Measure("render lane, p50", "ms", LOWER, 1),
    "render_p95_ms": Measure("render lane, p95", "ms", LOWER, 1),
    "render_p99_ms": Measure("render lane, p99", "ms", LOWER, 1, 20, 10),
    "light_p50_ms": Measure("capture to light, p50", "ms", LOWER, 1),
    "light_p99_ms": Measure("capture to light, p99", "ms", LOWER, 1),
    "late": Measure("late frames", "%", LOWER, 2, 0.5, 0.0),
    "registration_px_median": Measure("registration, median", "px", LOWER, 2, 2, 1),
    "registration_px_p95": Measure("registration, p95", "px", LOWER, 2, 6, 2.5),
    "now_px_median": Measure("registration against the world at that moment, median", "px", LOWER, 2),
    "now_px_p95": Measure("the same, p95", "px", LOWER, 2),
    "jitter_px": Measure("jitter", "px", LOWER, 2, 0.5, 0.2),
    "erasure": Measure("erasure", "", LOWER, 3, 0.10, 0.02),
    "first_ms_median": Measure("first translation, median", "ms", LOWER, 0, 800, 300),
    "never_shown": Measure("lines never shown", "%", LOWER, 1),
    "reading_f1_still": Measure("reading F1 against the same models on a still picture", "", HIGHER, 3, 0.90, 0.97),
    "reading_f1": Measure("reading F1 against the labels", "", HIGHER, 3),
    "coverage": Measure("lines in view that have a label", "", HIGHER, 3),
    "placement_iou": Measure("placement IoU", "", HIGHER, 2),
    "rss_growth_mb": Measure("growth of RSS, last two thirds of a clip", "MB", LOWER, 1),
}
LONG = Measure("growth of RSS in a long run, after minute 5", "MB", LOWER, 1, 20, 0)


@dataclass(frozen=True, slots=True)
class Played:
    """One clip through one system."""

    clip: Clip
    run: dict[str, Any]
    """What `benchmarks.live_runs` gave."""
    score: ClipScore
    """The frames that were shown, each against its own truth."""
    now: ClipScore
    """The same frames against what was to be seen when they were ready to be shown."""
    screen: ClipScore
    """What was on the screen when each captured frame was due, against that frame's truth; see `on_screen`."""
    still: Reading
    """The same against what the same models read on a still picture."""


def played(clip: Clip, run: dict[str, Any], findings: Findings, still: Sequence[TruthLine], *, by_line: bool) -> Played:
    """Score what was shown on a clip; `still` are the lines of `still_lines`."""
    lags_s = [run["shown_ms"].get(str(seq), 0.0) / 1000 for seq in range(clip.frames)]
    screen = on_screen(clip, run, findings)
    return Played(
        clip,
        run,
        score=score_clip(findings, clip.truth(), by_line=by_line),
        now=score_clip(findings, clip.truth(lags_s=lags_s), by_line=by_line),
        screen=score_clip(screen, clip.truth(), by_line=by_line),
        still=score_clip(screen, clip.truth(lines=still), by_line=by_line).reading,
    )


def on_screen(clip: Clip, run: dict[str, Any], findings: Findings) -> Findings:
    """For each captured frame what is on the screen when it is due: the labels of the newest frame that is ready then.

    A system that shows few frames, and each of them late, shows the labels of the past meanwhile.
    """
    interval_ms = 1000 / clip.camera.fps
    shown_ms = run["shown_ms"]
    ready = [(frame.pts_ms + shown_ms.get(str(frame.seq), 0.0), frame.labels) for frame in findings.frames]
    frames: list[FrameFindings] = []
    labels: tuple[Drawn, ...] = ()
    newest = 0
    for seq in range(clip.frames):
        while newest < len(ready) and ready[newest][0] <= (seq + 1) * interval_ms:
            labels = ready[newest][1]
            newest += 1
        frames.append(FrameFindings(seq, seq * interval_ms, labels))
    return Findings(findings.run, tuple(frames), findings.summary)


def rows(runs: Sequence[Played]) -> dict[str, dict[str, Any]]:
    """Every measure of one system over its clips; the value is that of all frames together, not a mean of means."""
    whole, each = values(runs), [values([one]) for one in runs]
    return {
        name: {
            "value": whole[name],
            "unit": measure.unit,
            "better": measure.better,
            "samples": [one[name] for one in each],
        }
        for name, measure in MEASURES.items()
    }


def values(runs: Sequence[Played]) -> dict[str, float | None]:
    """The measures of some clips together, by name; None where there was nothing to measure."""
    score, now, screen = (
        pool("", [getattr(one, part) for one in runs]).summary() for part in ("score", "now", "screen")
    )
    frames = sum(one.run["frames"] for one in runs)
    render = np.array([ms for one in runs for ms in one.run["took_ms"].get(RENDER, ())])
    light = np.array([ms for one in runs for ms in one.run["shown_ms"].values()])
    growths = [one.run["rss_growth_mb"] for one in runs if one.run["rss_growth_mb"] is not None]
    lines, met = screen["lines"], sum(len(one.screen.first_ms) for one in runs)
    first_ms = np.array([ms + 1000 / one.clip.camera.fps for one in runs for ms in one.screen.first_ms])
    found: dict[str, float | None] = {name: score[name] for name in MEASURES if name in score}
    found |= {name: screen[name] for name in ("reading_f1", "coverage")}
    found |= {f"render_p{q}_ms": _percentile(render, q) for q in (50, 95, 99)}
    found |= {f"light_p{q}_ms": _percentile(light, q) for q in (50, 99)}
    found |= {f"now_px_{key}": now[f"registration_px_{key}"] for key in ("median", "p95")}
    found |= {
        "late": 100 * sum(one.run["late"] for one in runs) / frames if frames else None,
        "first_ms_median": _percentile(first_ms, 50),
        "never_shown": 100 * (1 - met / lines) if lines else None,
        "reading_f1_still": sum((one.still for one in runs), Reading()).f1,
        "rss_growth_mb": max(growths, default=None),
    }
    return found


def stages(runs: Sequence[Played]) -> list[dict[str, Any]]:
    """What each stage took in each tier, all clips together."""
    names = sorted({name for one in runs for name in one.run["took_ms"]})
    found = []
    for name in names:
        took = np.array([ms for one in runs for ms in one.run["took_ms"].get(name, ())])
        lane, stage, tier = name.split("/")
        spent = {f"p{q}_ms": _percentile(took, q) for q in (50, 95, 99)}
        found.append({"lane": lane, "stage": stage, "tier": tier, "runs": len(took), **spent})
    return found


def outcomes(runs: Sequence[Played]) -> dict[str, dict[str, int]]:
    """How often each outcome came, by lane or lane/stage, all clips together."""
    total: dict[str, Counter[str]] = defaultdict(Counter)
    for one in runs:
        for name, counts in one.run["outcomes"].items():
            total[name].update(counts)
    return {name: dict(counts) for name, counts in sorted(total.items())}


def still_lines(clip: Clip, read: Sequence[tuple[str, Any]]) -> tuple[TruthLine, ...]:
    """What the models read on a still picture as the truth; labelled lines that they miss there excuse what lies there.

    Corners are in pixels of the photograph.
    """
    lines = [TruthLine(text, np.asarray(quad, np.float64)) for text, quad in read]
    missed = [
        TruthLine(line.text, line.quad, ignore=True)
        for line in clip.photo.lines
        if line.quad is not None and not any(_same_place(line, other) for other in lines)
    ]
    return (*lines, *missed)


def _same_place(label: TruthLine, read: TruthLine) -> bool:
    assert label.quad is not None and read.quad is not None
    return intersection(label.quad, read.quad) >= SHARE * min(area(label.quad), area(read.quad))


def _percentile(values_ms: NDArray[np.float64], percent: float) -> float | None:
    return float(np.percentile(values_ms, percent)) if values_ms.size else None
