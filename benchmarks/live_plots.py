"""Three pictures of live runs: registration over time, how busy each lane was, how old frames were when shown.

In: the clips as they were played, by system. Out: PNG files. Measures nothing.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.live_scores import Played

COLOURS = {"glossa": "#0b6e4f", "newest_wins": "#c1440e", "held_still": "#7a6ccf"}
_BIN_S = 0.5
_DEADLINE_MS = 33.0
_LANES = ("render", "read", "translate", "record")


def draw_plots(systems: Mapping[str, Sequence[Played]], titles: Mapping[str, str], stem: Path) -> list[Path]:
    """Draw all three beside `stem`; returns where they are."""
    import matplotlib

    matplotlib.use("Agg")
    paths = [stem.with_name(f"{stem.stem}-{name}.png") for name in ("registration", "occupancy", "latency")]
    _registration(systems, titles, paths[0])
    _occupancy(systems, titles, paths[1])
    _latency(systems, titles, paths[2])
    return paths


def over_time(
    runs: Sequence[Played], percent: float, bin_s: float = _BIN_S
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Seconds into the clips, and that percentile of the errors of all clips then; nothing drawn, no entry."""
    times_s = np.concatenate([one.score.registration_ms for one in runs] or [np.empty(0)]) / 1000
    errors = np.concatenate([one.score.registration_px for one in runs] or [np.empty(0)])
    bins = np.floor(times_s / bin_s).astype(int)
    present = np.unique(bins)
    return (present + 0.5) * bin_s, np.array([np.percentile(errors[bins == b], percent) for b in present])


def _registration(systems: Mapping[str, Sequence[Played]], titles: Mapping[str, str], path: Path) -> None:
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8.0, 3.6), dpi=110)
    for name, runs in systems.items():
        times_s, median = over_time(runs, 50)
        if not len(times_s):
            continue
        axes.plot(times_s, median, color=COLOURS[name], linewidth=1.4, label=f"{titles[name]}: median, to p95")
        axes.fill_between(times_s, median, over_time(runs, 95)[1], color=COLOURS[name], alpha=0.15, linewidth=0)
    axes.axhline(2.0, color="0.5", linewidth=0.8, linestyle=":")
    axes.set(yscale="log", xlabel="seconds into the clip", ylabel="registration error, px", ylim=(0.02, 1000))
    axes.set_title("How far labels are from where they belong, all clips together", fontsize=10)
    _finish(figure, axes, path)


def _occupancy(systems: Mapping[str, Sequence[Played]], titles: Mapping[str, str], path: Path) -> None:
    from matplotlib import pyplot

    figure, every = pyplot.subplots(1, len(systems), figsize=(3.6 * len(systems), 3.0), dpi=110, sharey=True)
    lines: dict[str, Any] = {}
    for axes, (name, runs) in zip(np.atleast_1d(every), systems.items(), strict=True):
        for number, lane in enumerate(_LANES):
            busy = _mean_busy([one.run["occupancy"] for one in runs], lane)
            if busy.size:
                seconds = np.arange(len(busy)) + 0.5
                lines[lane] = axes.plot(seconds, 100 * busy, color=f"C{number}", linewidth=1.3)[0]
        axes.set(xlabel="seconds into the clip", ylim=(0, 105))
        axes.set_title(titles[name], fontsize=9)
    np.atleast_1d(every)[0].set_ylabel("busy, % of a second")
    figure.legend(list(lines.values()), list(lines), loc="lower center", ncol=len(lines), fontsize=8, frameon=False)
    figure.tight_layout(rect=(0, 0.07, 1, 1))
    figure.savefig(path, metadata={"Software": None})
    pyplot.close(figure)


def _latency(systems: Mapping[str, Sequence[Played]], titles: Mapping[str, str], path: Path) -> None:
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8.0, 3.6), dpi=110)
    edges = np.geomspace(0.5, 5000, 90)
    for name, runs in systems.items():
        ages = [ms for one in runs for ms in one.run["shown_ms"].values()]
        captured = sum(one.run["frames"] for one in runs)
        if not ages or not captured:
            continue
        weights = np.full(len(ages), 100 / captured)
        label = f"{titles[name]}: {100 * len(ages) / captured:.0f} % shown"
        axes.hist(ages, edges.tolist(), weights=weights, color=COLOURS[name], alpha=0.55, label=label)
    axes.axvline(_DEADLINE_MS, color="0.3", linewidth=0.9, linestyle=":")
    axes.set(xscale="log", xlabel="from capture to light, ms (dotted: the deadline)", ylabel="% of captured frames")
    axes.set_title("How old a frame is when it can be shown", fontsize=10)
    _finish(figure, axes, path)


def _mean_busy(occupancies: Sequence[Mapping[str, Sequence[float]]], lane: str) -> NDArray[np.float64]:
    """Mean over the clips; the last second of each, which is not a whole one, is left out."""
    known = [np.array(occupancy[lane][:-1]) for occupancy in occupancies if len(occupancy.get(lane, ())) > 1]
    if not known:
        return np.empty(0)
    length = min(map(len, known))
    return np.asarray(np.mean([one[:length] for one in known], axis=0))


def _finish(figure: Any, axes: Any, path: Path) -> None:
    from matplotlib import pyplot

    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.17), ncol=3, fontsize=8, frameon=False)
    figure.tight_layout()
    figure.savefig(path, metadata={"Software": None})
    pyplot.close(figure)
