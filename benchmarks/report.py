"""Tables of a benchmark's numbers, for a terminal and for the README.

In: the result as it is stored in JSON. Out: rich tables and markdown text. Measures nothing.
"""

from collections.abc import Iterator
from typing import Any

from benchmarks.grids import Grid, markdown_table, where

FOOTNOTE = (
    "Registration: RMS corner distance between the drawn quad and the place that the same track claims "
    "on the true plane (its median over the clip), so a constant margin between a detector's box and "
    "the hand-drawn label does not count; placement IoU, against the hand-drawn label, is where that "
    "margin shows. The baselines have no tracks: they are followed by the labelled line they lie on, "
    "over their first frames only. Frames per second include loading the models."
)
SYSTEMS = {
    "glossa": "Glossa",
    "glossa_part": "Glossa, on the baseline's frames",
    "per_frame": "same models on every frame",
    "rapidocr": "RapidOCR on every frame",
}
MEASURES = {
    "reading_f1": ("reading F1", 3),
    "registration_px_median": ("registration, median px", 2),
    "registration_px_p95": ("registration, p95 px", 2),
    "jitter_px": ("jitter, px", 2),
    "placement_iou": ("placement IoU", 2),
    "erasure": ("erasure", 3),
    "coverage": ("coverage", 3),
    "first_ms_median": ("first shown, ms", 0),
    "stable_ms_median": ("stable, ms", 0),
    "tracks_per_line": ("tracks per line", 2),
    "fps": ("frames per second", 1),
    "cpu_s_per_media_s": ("CPU s per media s", 2),
    "peak_rss_mb": ("peak memory, MB", 0),
    "frames": ("frames measured", 0),
}
KINDS = {"virtual": "Virtual camera, 1280x720", "labelled": "Labelled clips"}


def markdown(result: dict[str, Any]) -> str:
    """Return the tables as markdown, with machine, date and footnote."""
    parts: list[str] = []
    for title, header, rows in grids(result):
        parts.append(f"{title}\n\n{markdown_table(header, rows)}")
    return "\n\n".join([*parts, f"{where(result['machine'])}. {FOOTNOTE}"])


def grids(result: dict[str, Any]) -> Iterator[Grid]:
    """Yield title, header and rows of each table."""
    if photographs := result.get("photographs"):
        yield (
            "Photographs",
            ["reader", "line recall", "character F1", "seconds", "peak memory, MB"],
            [
                [
                    {"glossa": "Glossa", "rapidocr": "RapidOCR, default call"}[name],
                    _number(one["line_recall"], 3),
                    _number(one["f1"], 3),
                    _number(one["wall_s"], 1),
                    _number(one["peak_rss_mb"], 0),
                ]
                for name, one in photographs.items()
            ],
        )
    for kind, systems in result.get("clips", {}).items():
        yield (
            KINDS[kind],
            ["measure", *(title for name, title in SYSTEMS.items() if name in systems)],
            [
                [label, *(_number(systems[name].get(key), digits) for name in SYSTEMS if name in systems)]
                for key, (label, digits) in MEASURES.items()
            ],
        )
    if memory := result.get("memory"):
        yield (
            "Memory",
            ["clip, seconds", "peak memory, MB", "frames per second"],
            [
                [_number(one["seconds"], 0), _number(one["peak_rss_mb"], 0), _number(one["fps"], 1)]
                for one in memory.values()
            ],
        )
    if rows := result.get("targets"):
        yield (
            "Targets",
            ["target", "bound", "measured", "met"],
            [
                [
                    row["name"],
                    ("≥ " if row["at_least"] else "≤ ") + f"{row['bound']:.4g}",
                    "-" if row["value"] is None else f"{row['value']:.4g}",
                    "yes" if row["met"] else "NO",
                ]
                for row in rows
            ],
        )


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
