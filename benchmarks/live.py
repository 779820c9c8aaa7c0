"""`glossa bench live`: a live picture, ours beside two baselines, in real time, in one run on one machine.

In: the labelled photographs. Out: a JSON file with every number, three plots, tables. Each photograph is filmed
beforehand by the seeded virtual camera into bare pictures, so that playing it costs what a camera costs; each system
then sees each clip in a process of its own. `--minutes` adds a long run that watches memory alone.
"""

import argparse
import itertools
import json
import math
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.cost import GivenUpError, measure, measure_unless
from benchmarks.findings import load_findings
from benchmarks.grids import rich_tables
from benchmarks.live_clip import Clip, film
from benchmarks.live_plots import draw_plots
from benchmarks.live_report import LONG_ROW, TITLES, grids, markdown, targets
from benchmarks.live_scores import LONG, Played, outcomes, played, rows, stages, still_lines
from benchmarks.machine import describe_machine, stolen_s
from benchmarks.quiet import QUIET, Patience
from benchmarks.truth import find_media, load_photographs
from benchmarks.video import PHOTOGRAPHS

RESULTS = Path(__file__).parent / "results" / "live.json"
OURS = "glossa"
_RUNS = {OURS: "ours", "newest_wins": "newest_wins", "held_still": "held_still"}
_LONG_CLIPS = 2
_SETTLED_S = 300.0
_TURNS = 2  # of a play that was disturbed, however little patience there is
_WIDE = 150  # columns, where nobody's terminal says how many there are


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured."""

    photographs: tuple[str, ...]
    seconds: float
    minutes: float = 0.0
    """Of the long run; 0: none."""
    patience_min: float = 0.0
    """How long, in all, to wait for other machines to leave the processors alone."""
    resume: bool = False
    """Whether plays that an interrupted run left in the work folder count."""


class Bench:
    """One run of the benchmark."""

    def __init__(self, media: Path, work: Path, extent: Extent, console: Console) -> None:
        self.systems: dict[str, list[Played]] = {name: [] for name in _RUNS}
        self._work = work
        self._extent = extent
        self._console = console
        self._patience = Patience(60 * extent.patience_min)
        named = {photo.path.stem: photo for photo in load_photographs(media)}
        self._photographs = [named[name] for name in extent.photographs]

    def run(self) -> dict[str, Any]:
        """Measure and return every number. Blocks for minutes; clips and findings stay in the work folder."""
        measure("benchmarks.runs:choose_engine")  # measured and remembered, so that no measured run pays for it
        clips = self.film()
        machine = describe_machine()
        still, _ = measure("benchmarks.live_runs:still", photographs=[str(photo.path) for photo in self._photographs])
        runs = []
        for clip in clips:
            for name in self.systems:
                self._console.print(f"{clip.photo.path.stem}: {TITLES[name]}")
                runs.append((name, clip, self._play(clip, name)))
        # Only now, so that the plays, which need the machine for themselves, are over sooner.
        self._console.print("scoring")
        lines_of = {clip.path: still_lines(clip, lines) for clip, lines in zip(clips, still, strict=True)}
        for name, clip, run in runs:
            found = load_findings(Path(run["record"]))
            self.systems[name].append(played(clip, run, found, lines_of[clip.path], by_line=name != OURS))
        result = self._result(machine)
        if self._extent.minutes:
            result["long"] = self._long(clips[:_LONG_CLIPS])
        return result

    def film(self) -> list[Clip]:
        """Film every clip that is not there yet. Blocks for a minute or two for each minute of each clip."""
        clips = []
        for seed, photo in enumerate(self._photographs, 1):
            self._console.print(f"filming {photo.path.stem}, {self._extent.seconds:g} s")
            clips.append(film(photo, self._work, self._extent.seconds, seed))
        return clips

    def _play(self, clip: Clip, name: str) -> dict[str, Any]:
        """Play a clip, again where others had the processors: the play with least of that counts."""
        kept = self._work / f"{clip.path.stem}.{name}.json"
        if self._extent.resume and kept.exists():
            return dict(json.loads(kept.read_text(encoding="utf-8")))
        best: dict[str, Any] = {}
        for turn in itertools.count():
            self._patience.wait(QUIET)
            record = self._work / f"{clip.path.stem}.{name}.{turn}.jsonl"
            stolen, began_s = stolen_s(), time.monotonic()
            # With patience, a play that cannot become quiet any more makes room for the next.
            most_s = math.inf if self._patience.over else 2 * QUIET * clip.seconds * (os.cpu_count() or 1)
            try:
                run, _ = measure_unless(
                    lambda since=stolen, most_s=most_s: stolen_s() - since > most_s,  # type: ignore[misc]
                    f"benchmarks.live_runs:{_RUNS[name]}",
                    clips=[str(clip.path)],
                    seconds=clip.seconds,
                    to=clip.to,
                    record=str(record),
                )
            except GivenUpError:
                self._console.print("other machines took the processors; once more")
                self._patience.spend(time.monotonic() - began_s)
                continue
            took_s = time.monotonic() - began_s
            share = (stolen_s() - stolen) / took_s / (os.cpu_count() or 1)
            if not best or share < best["stolen"]:
                best = run | {"stolen": share, "record": str(record)}
                kept.write_text(json.dumps(best), encoding="utf-8")
            if share <= QUIET:
                break
            self._console.print(f"other machines took {share:.1%} of the processors")
            if self._patience.over and turn + 1 >= _TURNS:
                break
            self._patience.spend(took_s)
        return best

    def _result(self, machine: dict[str, Any]) -> dict[str, Any]:
        measured = {name: rows(runs) for name, runs in self.systems.items()}
        ours = self.systems[OURS]
        return {
            "what": "live",
            "machine": machine,
            "date": machine["date"],
            "extent": {"clips": len(ours), "seconds": self._extent.seconds},
            "tuned": all(one.run["tuned"] for one in ours),
            "stolen": {name: [round(one.run["stolen"], 4) for one in runs] for name, runs in self.systems.items()},
            "rows": measured.pop(OURS),
            "baselines": measured,
            "clips": [one.clip.photo.path.stem for one in ours],
            "stages": {name: stages(runs) for name, runs in self.systems.items()},
            "outcomes": {name: outcomes(runs) for name, runs in self.systems.items()},
            "scores": {name: [_score(one) for one in runs] for name, runs in self.systems.items()},
        }

    def _long(self, clips: Sequence[Clip]) -> dict[str, Any]:
        seconds = self._extent.minutes * 60
        self._console.print(f"a run of {self._extent.minutes:g} minutes: memory")
        run, cost = measure(
            "benchmarks.live_runs:ours",
            clips=[str(clip.path) for clip in clips],
            seconds=seconds,
            to=clips[0].to,
            settled_s=min(_SETTLED_S, seconds / 3),
        )
        kept = ("frames", "displayed", "late", "outcomes", "failures", "rss", "rss_growth_mb", "summary")
        return {"minutes": self._extent.minutes, "peak_rss_mb": cost.peak_rss_mb} | {key: run[key] for key in kept}


def main(argv: Sequence[str] | None = None) -> int:
    """Run from the command line; returns 0: a target that is not reached is told in the table."""
    parser = argparse.ArgumentParser(prog="glossa bench live", description=__doc__)
    parser.add_argument("--media", type=Path, help="folder with text/gt (default: ../shared/media)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the numbers go (JSON; the plots beside it)")
    parser.add_argument("--work", type=Path, help="keep clips (42 MB a second each) and findings here")
    parser.add_argument("--film-only", action="store_true", help="only make the clips (with --work): nothing is timed")
    parser.add_argument("--seconds", type=float, default=60.0, help="length of each clip (default: 60)")
    parser.add_argument("--photographs", help="names, comma-separated (default: six of them)")
    parser.add_argument("--minutes", type=float, default=0.0, help="also a long run of so many minutes, for memory")
    parser.add_argument(
        "--patience",
        type=float,
        default=0.0,
        metavar="MINUTES",
        help="wait so long, in all, for other machines on this host to leave the processors alone",
    )
    parser.add_argument("--resume", action="store_true", help="count the plays that an interrupted run left in --work")
    parser.add_argument("--markdown", action="store_true", help="print the table for the README")
    given = parser.parse_args(argv)
    names = tuple(given.photographs.split(",")) if given.photographs else PHOTOGRAPHS
    media = find_media(given.media)
    if unknown := set(names) - {photo.path.stem for photo in load_photographs(media)}:
        parser.error(f"unknown photograph {', '.join(sorted(unknown))}; see text/gt in {media}")
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDE)
    with tempfile.TemporaryDirectory() as temporary:
        work = given.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        extent = Extent(names, given.seconds, given.minutes, given.patience, given.resume)
        bench = Bench(media, work, extent, console)
        if given.film_only:
            bench.film()
            return 0
        result = bench.run()
    _add_long(result, given.out)
    result["targets"] = targets(result)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for table in rich_tables(grids(result)):
        console.print(table)
    if given.markdown:
        console.print(markdown(result), markup=False, soft_wrap=True)
    plots = draw_plots(bench.systems, TITLES, given.out)
    console.print(f"Numbers are in {given.out}, plots in {', '.join(path.name for path in plots)} beside it.")
    return 0


def _add_long(result: dict[str, Any], out: Path) -> None:
    """Make the long run a row; one that was not measured now is taken over from before, with its own date."""
    if "long" in result:
        result["long"]["date"] = result["date"]
    else:
        try:
            before = json.loads(out.read_text(encoding="utf-8"))
            if before["machine"]["cpu"] != result["machine"]["cpu"]:
                return
            result["long"] = before["long"]
        except (OSError, ValueError, KeyError, TypeError):
            return
    value = result["long"]["rss_growth_mb"]
    result["rows"][LONG_ROW] = {"value": value, "unit": LONG.unit, "better": LONG.better, "samples": []}


def _score(one: Played) -> dict[str, Any]:
    kept = ("frames", "displayed", "late", "occupancy", "failures")
    return {**one.score.summary(), **{key: one.run[key] for key in kept}}


if __name__ == "__main__":
    raise SystemExit(main())
