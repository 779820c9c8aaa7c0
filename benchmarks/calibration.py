"""Whether a confidence means what it says: bins, wrong among the sure, and a plot.

In: for each translation its confidence, whether it was shown as sure, and whether it was right. Out: numbers and a
PNG. Knows nothing of how right was judged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BINS = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """One translation after the fact."""

    confidence: float
    sure: bool
    right: bool


def summary(judged: Sequence[Judged]) -> dict[str, Any]:
    """Return shares of all, wrong among the sure (None when nothing was sure), the bins of the curve and its error.

    The error is the expected calibration error of Naeini, Cooper & Hauskrecht (2015) over ten bins of equal width.
    """
    if not judged:
        return {"texts": 0}
    sure = [one for one in judged if one.sure]
    unsure = [one for one in judged if not one.sure]
    curve = bins(judged)
    return {
        "texts": len(judged),
        "right": _share([one.right for one in judged]),
        "sure": len(sure) / len(judged),
        "wrong_among_sure": 1 - _share([one.right for one in sure]) if sure else None,
        "right_among_unsure": _share([one.right for one in unsure]) if unsure else None,
        "calibration_error": sum(b["texts"] * abs(b["confidence"] - b["right"]) for b in curve) / len(judged),
        "bins": curve,
    }


def bins(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Return the filled bins of the curve, by confidence: texts, mean confidence, share that is right."""
    groups: dict[int, list[Judged]] = {}
    for one in judged:
        groups.setdefault(min(BINS - 1, int(one.confidence * BINS)), []).append(one)
    return [
        {
            "texts": len(group),
            "confidence": sum(one.confidence for one in group) / len(group),
            "right": _share([one.right for one in group]),
        }
        for _, group in sorted(groups.items())
    ]


def plot(curves: Mapping[str, Sequence[Mapping[str, Any]]], path: Path) -> None:
    """Draw each curve, its dots as large as their bins are full, beside the line on which confidence is honest."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(5.0, 4.6), dpi=110)
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1, label="honest")
    for name, curve in curves.items():
        x, y = [b["confidence"] for b in curve], [b["right"] for b in curve]
        total = sum(b["texts"] for b in curve)
        (line,) = axes.plot(x, y, linewidth=1.3, label=f"{name} ({total} texts)")
        axes.scatter(x, y, s=[12 + 300 * b["texts"] / total for b in curve], color=line.get_color(), alpha=0.6)
    axes.set(xlim=(0, 1.02), ylim=(0, 1.02), xlabel="confidence", ylabel="share that was right")
    axes.set_title("Does the confidence mean what it says?", fontsize=10)
    axes.legend(loc="upper left", fontsize=8, frameon=False)
    figure.tight_layout()
    figure.savefig(path, metadata={"Software": None})
    pyplot.close(figure)


def _share(values: Sequence[bool]) -> float:
    return sum(values) / len(values)
