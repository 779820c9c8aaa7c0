"""Reads and writes findings files: JSON lines of type `run`, `frame` and `summary`.

In: a path. Out: the labels of every frame as typed records. Knows nothing of truth.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.geometry import Quad, as_quad, enclosing
from devices.errors import InputError


@dataclass(frozen=True, slots=True)
class Drawn:
    """One label as it was shown on one frame."""

    track: int
    quad: Quad
    source: str
    target: str
    lines: tuple[Quad, ...] = ()
    """The lines of a joined label; empty when it is one line."""
    line_texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FrameFindings:
    """What was shown on one frame."""

    seq: int
    pts_ms: float
    labels: tuple[Drawn, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """A whole findings file."""

    run: dict[str, Any]
    frames: tuple[FrameFindings, ...]
    summary: dict[str, Any]


def load_findings(path: Path) -> Findings:
    """Load a findings file. Raises InputError when a line is not JSON or a label lacks its track or quad."""
    run: dict[str, Any] = {}
    summary: dict[str, Any] = {}
    frames: list[FrameFindings] = []
    with path.open(encoding="utf-8") as file:
        for number, text in enumerate(file, 1):
            try:
                record = json.loads(text)
                if record["type"] == "frame":
                    labels = tuple(_drawn(label) for label in record["labels"])
                    frames.append(FrameFindings(int(record["seq"]), float(record["pts_ms"]), labels))
                elif record["type"] == "run":
                    run = record
                elif record["type"] == "summary":
                    summary = record
            except (ValueError, KeyError, TypeError) as error:
                raise InputError(f"{path}, line {number}: not a findings record: {error!r}") from error
    return Findings(run, tuple(frames), summary)


def write_findings(path: Path, run: dict[str, Any], frames: Iterable[FrameFindings]) -> None:
    """Write frames in the same format, for readers that have no pipeline of their own."""
    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps({"type": "run", "version": 1, **run}) + "\n")
        count = 0
        for frame in frames:
            count += 1
            labels = [
                {"track": d.track, "quad": d.quad.round(2).tolist(), "source": d.source, "target": d.target}
                for d in frame.labels
            ]
            record = {"type": "frame", "seq": frame.seq, "pts_ms": frame.pts_ms, "labels": labels}
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
        file.write(json.dumps({"type": "summary", "frames": count}) + "\n")


def _drawn(label: dict[str, Any]) -> Drawn:
    lines: Sequence[dict[str, Any]] = label.get("lines") or ()
    quads = tuple(as_quad(line["quad"]) for line in lines)
    quad = as_quad(label["quad"]) if label.get("quad") else enclosing(list(quads))
    texts = tuple(str(line.get("text") or "") for line in lines)
    source, target = str(label.get("source") or ""), str(label.get("target") or "")
    return Drawn(int(label["track"]), quad, source, target, quads, texts)
