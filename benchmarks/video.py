"""`glossa bench video`: recorded video and photographs, ours beside the baselines, in one run on one machine.

In: the labelled media folder. Out: a JSON file with every number, a table, and whether each target is met.
Three parts: photographs (line recall and character F1 beside RapidOCR's default call), clips (virtual
camera and labelled, beside the same models on every frame), memory (a long clip against a short one).
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.cost import Cost, measure
from benchmarks.findings import load_findings
from benchmarks.grids import rich_tables
from benchmarks.machine import describe_machine
from benchmarks.metrics import ClipScore, pool, score_clip
from benchmarks.reading import Reading, score_reading
from benchmarks.report import grids, markdown
from benchmarks.runs import load_lines
from benchmarks.truth import ClipTruth, Photograph, find_media, load_clips, load_photographs, moved_photograph
from benchmarks.virtual_camera import VirtualCamera, loop_clip, render_clip
from devices.photo import read_photo

PHOTOGRAPHS = (
    "zh_street_yuyuan_rd",
    "es_sign_peligro",
    "ja_no_litter_minato",
    "ko_road_seoul_pyeongyang",
    "zh_care_label",
    "en_shoe_repairs_board",
)
"""Filmed by the virtual camera; the quick run takes the first two."""
PARTS = ("photographs", "clips", "memory")
RESULTS = Path(__file__).parent / "results" / "video.json"


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured."""

    clips: int
    seconds: float
    baseline_frames: int
    stock_frames: int
    short_s: float
    long_s: float


FULL = Extent(clips=6, seconds=6.0, baseline_frames=30, stock_frames=10, short_s=10.0, long_s=120.0)
QUICK = Extent(clips=2, seconds=3.0, baseline_frames=10, stock_frames=4, short_s=3.0, long_s=15.0)


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip, what is to be seen in it, and the language to translate it to."""

    path: Path
    truth: ClipTruth
    to: str
    virtual: bool


def run(media: Path, work: Path, extent: Extent, parts: Sequence[str], console: Console) -> dict[str, Any]:
    """Measure and return every number. Blocks for minutes; clips and findings stay in `work`."""
    engine, _ = measure("benchmarks.runs:choose_engine")
    result: dict[str, Any] = {"machine": describe_machine(), "engine": engine, "extent": asdict(extent)}
    photographs = load_photographs(media)
    if "photographs" in parts:
        result["photographs"] = _photographs(photographs, work, console)
    clips = _clips(media, photographs, work, extent, console) if {"clips", "memory"} & set(parts) else []
    if "clips" in parts:
        result["clips"] = _measure_clips(clips, work, extent, console)
    if "memory" in parts:
        result["memory"] = _memory(clips[0], work, extent, console)
    return result


def main(argv: Sequence[str] | None = None) -> int:
    """Run from the command line; returns 0, or 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="glossa bench video", description=__doc__)
    parser.add_argument("--media", type=Path, help="folder with text/gt and video/gt (default: ../shared/media)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the numbers go (JSON)")
    parser.add_argument("--work", type=Path, help="keep clips and findings here (default: a temporary folder)")
    parser.add_argument("--quick", action="store_true", help="two clips of three seconds")
    parser.add_argument("--long", type=float, metavar="MINUTES", help="length of the long clip of the memory part")
    parser.add_argument("--parts", default=",".join(PARTS), help="comma-separated (default: all)")
    parser.add_argument("--markdown", action="store_true", help="print the tables for the README")
    given = parser.parse_args(argv)
    parts = given.parts.split(",")
    if unknown := sorted(set(parts) - set(PARTS)):
        parser.error(f"unknown part {', '.join(unknown)}; known: {', '.join(PARTS)}")
    extent = QUICK if given.quick else FULL
    if given.long:
        extent = Extent(**{**asdict(extent), "long_s": given.long * 60})
    console = Console()
    with tempfile.TemporaryDirectory() as temporary:
        work = given.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        result = run(find_media(given.media), work, extent, parts, console)
    result["targets"] = targets(result)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for table in rich_tables(grids(result)):
        console.print(table)
    if given.markdown:
        console.print(markdown(result), markup=False, soft_wrap=True)
    console.print(f"Numbers are in {given.out}.")
    return 0 if all(target["met"] for target in result["targets"]) else 1


def targets(result: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the promises of the first release beside what was measured."""
    rows: list[dict[str, Any]] = []

    def row(name: str, value: float | None, bound: float, at_least: bool) -> None:
        met = value is not None and (value >= bound if at_least else value <= bound)
        rows.append({"name": name, "value": value, "bound": bound, "at_least": at_least, "met": met})

    if photographs := result.get("photographs"):
        stock = photographs["rapidocr"]["line_recall"]
        row(
            "line recall on photographs, at least RapidOCR's",
            photographs["glossa"]["line_recall"],
            stock,
            True,
        )
    if clips := result.get("clips"):
        virtual, labelled = clips["virtual"], clips["labelled"]
        ratio = virtual["glossa"]["fps"] / virtual["per_frame"]["fps"]
        row("frames per second over baseline, 720p", ratio, 20.0, True)
        row("frames per second, 720p (goal)", virtual["glossa"]["fps"], 30.0, True)
        row("registration, virtual camera, median px", virtual["glossa"]["registration_px_median"], 1.5, False)
        row(
            "registration, labelled clips, median px",
            labelled["glossa"]["registration_px_median"],
            3.0,
            False,
        )
        row("erasure, virtual camera", virtual["glossa"]["erasure"], 0.0, False)
        row("erasure, labelled clips", labelled["glossa"]["erasure"], 0.0, False)
    if memory := result.get("memory"):
        row("peak memory of the long clip, MB", memory["long"]["peak_rss_mb"], 800.0, False)
        growth = memory["long"]["peak_rss_mb"] / memory["short"]["peak_rss_mb"]
        row("peak memory, long clip over short clip", growth, 1.1, False)
    return rows


def _photographs(photographs: list[Photograph], work: Path, console: Console) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for reader in ("glossa", "rapidocr"):
        console.print(f"photographs: {len(photographs)} read by {reader}")
        lines = work / f"photographs.{reader}.json"
        pictures = [str(photo.path) for photo in photographs]
        _, cost = measure("benchmarks.runs:read_photographs", pictures=pictures, reader=reader, lines=str(lines))
        scores = [
            score_reading(photo.lines, read, photo.complete)
            for photo, read in zip(photographs, load_lines(lines), strict=True)
        ]
        total = sum(scores, Reading())
        result[reader] = {
            **_reading(total),
            **asdict(cost),
            "pictures": {photo.path.name: _reading(s) for photo, s in zip(photographs, scores, strict=True)},
        }
    return result


def _reading(score: Reading) -> dict[str, Any]:
    rates = {
        "line_recall": score.line_recall,
        "f1": score.f1,
        "precision": score.precision,
        "recall": score.recall,
    }
    return {**rates, **asdict(score)}


def _clips(media: Path, photographs: list[Photograph], work: Path, extent: Extent, console: Console) -> list[Clip]:
    named = {photo.path.stem: photo for photo in photographs}
    clips: list[Clip] = []
    for seed, name in enumerate(PHOTOGRAPHS[: extent.clips], 1):
        photo = named[name]
        path = work / f"{name}-{extent.seconds:g}s-{seed}.mp4"
        camera = VirtualCamera(seed)
        if not path.exists():
            console.print(f"filming {path.name}")
            part = path.with_suffix(".partial.mp4")
            render_clip(read_photo(photo.path).rgb, part, extent.seconds, seed)
            part.rename(path)
        times_s = [seq / camera.fps for seq in range(camera.frame_count(extent.seconds))]
        moves = [camera.homography(t, photo.width, photo.height) for t in times_s]
        truth = moved_photograph(photo, moves, camera.width, camera.height)
        clips.append(Clip(path, truth, "en" if photo.lang.startswith("ko") else "ko", virtual=True))
    return clips + [Clip(path, truth, "ko", virtual=False) for path, truth in load_clips(media)]


def _measure_clips(clips: list[Clip], work: Path, extent: Extent, console: Console) -> dict[str, Any]:
    systems = {"glossa": 0, "per_frame": extent.baseline_frames, "rapidocr": extent.stock_frames}
    result: dict[str, Any] = {}
    for kind in ("virtual", "labelled"):
        chosen = [clip for clip in clips if clip.virtual == (kind == "virtual")]
        result[kind] = {}
        for system, frames in systems.items():
            scores: list[ClipScore] = []
            costs: list[Cost] = []
            for clip in chosen:
                console.print(f"{kind} clips: {clip.path.name} by {system}")
                score, cost = _measure_clip(clip, system, frames, work)
                scores.append(score)
                costs.append(cost)
            names = [clip.path.name for clip in chosen]
            each = [_row(n, [s], [c]) for n, s, c in zip(names, scores, costs, strict=True)]
            result[kind][system] = {**_row(kind, scores, costs), "clips": each}
        # Ours once more over only as much of each clip as the slow baseline saw, so that errors can be compared.
        part = [_score(clip, "glossa", work, extent.baseline_frames) for clip in chosen]
        result[kind]["glossa_part"] = pool(kind, part).summary()
    return result


def _measure_clip(clip: Clip, system: str, frames: int, work: Path) -> tuple[ClipScore, Cost]:
    findings = _findings_path(clip, system, work)
    where = {"source": str(clip.path), "out": str(findings.with_suffix(".mp4")), "findings": str(findings)}
    if system == "glossa":
        _, cost = measure("benchmarks.runs:translate", **where, to=clip.to)
    else:
        reader = "glossa" if system == "per_frame" else system
        _, cost = measure("benchmarks.runs:per_frame", **where, to=clip.to, reader=reader, frames=frames)
    return _score(clip, system, work, None), cost


def _score(clip: Clip, system: str, work: Path, frames: int | None) -> ClipScore:
    findings = load_findings(_findings_path(clip, system, work))
    return score_clip(findings, clip.truth, by_line=system != "glossa", frames=frames)


def _findings_path(clip: Clip, system: str, work: Path) -> Path:
    return work / f"{clip.path.stem}.{system}.jsonl"


def _row(name: str, scores: list[ClipScore], costs: list[Cost]) -> dict[str, Any]:
    score = pool(name, scores)
    wall_s, cpu_s = sum(c.wall_s for c in costs), sum(c.cpu_s for c in costs)
    media_s = sum(s.media_s for s in scores)
    return {
        **score.summary(),
        "fps": score.frames / wall_s,
        "cpu_s_per_media_s": cpu_s / media_s if media_s else None,
        "peak_rss_mb": max(c.peak_rss_mb for c in costs),
    }


def _memory(clip: Clip, work: Path, extent: Extent, console: Console) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, seconds in (("short", extent.short_s), ("long", extent.long_s)):
        times = max(1, round(seconds / extent.seconds))
        console.print(f"memory: {times * extent.seconds:g} seconds")
        source = work / f"{name}.mp4"
        loop_clip(clip.path, source, times)
        where = {"out": str(work / f"{name}.out.mp4"), "findings": str(work / f"{name}.jsonl"), "to": clip.to}
        _, cost = measure("benchmarks.runs:translate", source=str(source), **where)
        frames = len(load_findings(work / f"{name}.jsonl").frames)
        result[name] = {"seconds": times * extent.seconds, "fps": frames / cost.wall_s, **asdict(cost)}
    return result


if __name__ == "__main__":
    raise SystemExit(main())
