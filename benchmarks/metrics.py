"""How well labels stick to a moving scene: measures of a clip from its findings file and its truth alone.

A detector's box and a hand-drawn label differ by a constant margin, which says nothing about sticking. So
there are two numbers:

- `registration_px`: for each track the place it claims on the plane, q*, is the median over its frames of
  its quad taken back to the reference by the true motion H_f; the error of a frame is the RMS distance of
  the four corners between the drawn quad and H_f(q*). Median and 95th percentile over all frames of all
  tracks that cover a labelled line. A label that sits still in the world scores 0 wherever it sits.
- `placement_iou`: overlap of the drawn quad with the labelled one (with the rectangle around all the lines
  it covers, when lines were joined).

Shown over time: `jitter_px` is the RMS second difference of drawn - H_f(q*), px per frame²; `erasure` is
characters changed on screen per final character; `coverage` the share of (frame, line in view) with a label
on it; `first_ms` and `stable_ms` the time from a line's first full view to its first label and to the last
change of that label.

A series is followed by track number, or - for a reader that has no tracks - by the labelled line that it
lies on, which is kinder to that reader than any real linking could be.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from benchmarks.findings import Drawn, Findings
from benchmarks.geometry import Quad, enclosing, iou, project
from benchmarks.reading import Reading, ReadLine, group_lines, score_reading
from benchmarks.truth import ClipTruth, TruthLine


@dataclass(frozen=True, slots=True)
class Shown:
    """One label on one frame, and the labelled lines that it covers there."""

    seq: int
    label: Drawn
    covers: tuple[int, ...]
    """Indices into the clip's lines; empty: on no labelled line."""
    fair: bool
    """At least one of those lines is demanded: in view and large enough to be read."""
    iou: float


@dataclass(frozen=True, slots=True)
class ClipScore:
    """All measures of one clip. Single errors are kept, so that clips can be pooled."""

    name: str
    frames: int
    media_s: float
    """Length of what was measured."""
    reading: Reading
    registration_px: NDArray[np.float64]
    registration_ms: NDArray[np.float64]
    """Media time of each of these errors."""
    jitter_px: NDArray[np.float64]
    """Length of the second difference, one per corner and triple of frames; their RMS is the jitter."""
    placement: NDArray[np.float64]
    changed: int
    final: int
    covered: int
    demanded: int
    first_ms: tuple[float, ...]
    stable_ms: tuple[float, ...]
    tracks: int
    """Tracks that covered a labelled line."""
    unmatched: int
    """Tracks that never covered one: false alarms where labels are complete."""
    lines: int
    """Labelled lines that were demanded at least once."""

    def summary(self) -> dict[str, Any]:
        """Return the numbers that are printed and stored."""
        return {
            "name": self.name,
            "frames": self.frames,
            "reading_f1": self.reading.f1,
            "reading_precision": self.reading.precision,
            "reading_recall": self.reading.recall,
            "registration_px_median": _percentile(self.registration_px, 50),
            "registration_px_p95": _percentile(self.registration_px, 95),
            "placement_iou": float(np.mean(self.placement)) if self.placement.size else None,
            "jitter_px": float(np.sqrt(np.mean(self.jitter_px**2))) if self.jitter_px.size else None,
            "erasure": self.changed / self.final if self.final else None,
            "coverage": self.covered / self.demanded if self.demanded else None,
            "first_ms_median": _percentile(np.array(self.first_ms), 50),
            "stable_ms_median": _percentile(np.array(self.stable_ms), 50),
            "tracks": self.tracks,
            "tracks_unmatched": self.unmatched,
            "lines": self.lines,
            "tracks_per_line": self.tracks / self.lines if self.lines else None,
            "reading_counts": asdict(self.reading),
        }


def pool(name: str, scores: Sequence[ClipScore]) -> ClipScore:
    """Return the score of all frames of several clips together."""
    return ClipScore(
        name,
        sum(s.frames for s in scores),
        sum(s.media_s for s in scores),
        sum((s.reading for s in scores), Reading()),
        np.concatenate([s.registration_px for s in scores] or [np.empty(0)]),
        np.concatenate([s.registration_ms for s in scores] or [np.empty(0)]),
        np.concatenate([s.jitter_px for s in scores] or [np.empty(0)]),
        np.concatenate([s.placement for s in scores] or [np.empty(0)]),
        sum(s.changed for s in scores),
        sum(s.final for s in scores),
        sum(s.covered for s in scores),
        sum(s.demanded for s in scores),
        tuple(t for s in scores for t in s.first_ms),
        tuple(t for s in scores for t in s.stable_ms),
        sum(s.tracks for s in scores),
        sum(s.unmatched for s in scores),
        sum(s.lines for s in scores),
    )


def score_clip(findings: Findings, truth: ClipTruth, *, by_line: bool = False, frames: int | None = None) -> ClipScore:
    """Measure a clip; `by_line` follows series by labelled line instead of track, `frames` stops early."""
    reading = Reading()
    covered = demanded = 0
    shown: list[Shown] = []
    in_view_ms: dict[int, float] = {}
    on_screen_ms: dict[int, list[tuple[float, str]]] = defaultdict(list)
    end = min(len(truth.homographies), frames or len(truth.homographies))
    kept = [frame for frame in findings.frames if frame.seq < end]
    for frame in kept:
        demands, index = truth.demands(frame.seq)
        reading += score_reading(demands, _read_lines(frame.labels), truth.complete)
        covers, owned = _cover(demands, frame.labels)
        for label, line_ids in zip(frame.labels, covers, strict=True):
            quads = [q for i in line_ids if (q := demands[i].quad) is not None]
            overlap = iou(label.quad, enclosing(quads)) if quads else 0.0
            fair = any(not demands[i].ignore for i in line_ids)
            shown.append(Shown(frame.seq, label, tuple(index[i] for i in line_ids), fair, overlap))
        for i, line in enumerate(demands):
            if line.ignore:
                continue
            in_view_ms.setdefault(index[i], frame.pts_ms)
            demanded += 1
            covered += i in owned
        for i, text in owned.items():
            on_screen_ms[index[i]].append((frame.pts_ms, text))
    series = _follow(shown, by_line)
    errors = [_registration(one, truth) for one in series]
    changes = [_changes([s.label.target for s in one]) for one in series]
    tracks = {s.label.track for s in shown if s.covers}
    met = [i for i in in_view_ms if on_screen_ms[i]]
    at_ms = {frame.seq: frame.pts_ms for frame in kept}
    return ClipScore(
        name=truth.name,
        frames=len(kept),
        media_s=_length_s([frame.pts_ms for frame in kept]),
        reading=reading,
        registration_px=np.concatenate([e[0] for e in errors] or [np.empty(0)]),
        registration_ms=np.array([at_ms[seq] for e in errors for seq in e[2]], np.float64),
        jitter_px=np.concatenate([e[1] for e in errors] or [np.empty(0)]),
        placement=np.array([s.iou for one in series for s in one if s.fair]),
        changed=sum(c[0] for c in changes),
        final=sum(c[1] for c in changes),
        covered=covered,
        demanded=demanded,
        first_ms=tuple(max(0.0, on_screen_ms[i][0][0] - in_view_ms[i]) for i in met),
        stable_ms=tuple(max(0.0, _last_change_ms(on_screen_ms[i]) - in_view_ms[i]) for i in met),
        tracks=len(series) if by_line else len(tracks),
        unmatched=len({s.label.track for s in shown} - tracks),
        lines=len(in_view_ms),
    )


def _read_lines(labels: Sequence[Drawn]) -> list[ReadLine]:
    read: list[ReadLine] = []
    for label in labels:
        if label.lines and all(label.line_texts):
            read += [ReadLine(t, q) for t, q in zip(label.line_texts, label.lines, strict=True)]
        else:
            read.append(ReadLine(label.source, label.quad))
    return read


def _cover(demands: list[TruthLine], labels: Sequence[Drawn]) -> tuple[list[tuple[int, ...]], dict[int, str]]:
    """Which lines each label covers, and the text on screen over each line."""
    parts = [ReadLine(label.target, quad) for label in labels for quad in label.lines or (label.quad,)]
    owner = [i for i, label in enumerate(labels) for _ in label.lines or (label.quad,)]
    covers: list[list[int]] = [[] for _ in labels]
    owned: dict[int, str] = {}
    for group in group_lines(demands, parts):
        for label in dict.fromkeys(owner[p] for p in group.read):
            covers[label] += group.truth
        if group.read:
            owned |= {t: " ".join(parts[p].text for p in group.read) for t in group.truth}
    return [tuple(sorted(set(c))) for c in covers], owned


def _follow(shown: list[Shown], by_line: bool) -> list[list[Shown]]:
    """Cut what was shown into series over time, each with at most one label per frame."""
    if not by_line:
        by_track: dict[int, list[Shown]] = defaultdict(list)
        for s in shown:
            by_track[s.label.track].append(s)
        return [one for one in by_track.values() if any(s.covers for s in one)]
    best: dict[tuple[int, ...], dict[int, Shown]] = defaultdict(dict)
    for s in shown:
        if s.covers and (s.seq not in best[s.covers] or best[s.covers][s.seq].iou < s.iou):
            best[s.covers][s.seq] = s
    return [list(by_seq.values()) for by_seq in best.values()]


def _registration(
    series: list[Shown], truth: ClipTruth
) -> tuple[NDArray[np.float64], NDArray[np.float64], Sequence[int]]:
    """Error of each frame, px, second differences of (drawn - true) where three frames are neighbours; the frames."""
    series = [s for s in series if s.fair and np.isfinite(truth.homographies[s.seq]).all()]
    if not series:
        return np.empty(0), np.empty(0), ()
    drawn = np.array([s.label.quad for s in series])  # (N, 4, 2)
    moves = [truth.homographies[s.seq] for s in series]
    home = [project(np.linalg.inv(h), q) for h, q in zip(moves, drawn, strict=True)]
    claimed: Quad = np.median(home, axis=0)
    off = drawn - np.array([project(h, claimed) for h in moves])  # (N, 4, 2)
    error = np.sqrt(np.mean(np.sum(off**2, axis=2), axis=1))  # (N,)
    seq = np.array([s.seq for s in series])
    row = (seq[2:] - seq[:-2]) == 2
    second = (off[2:] - 2 * off[1:-1] + off[:-2])[row]  # (M, 4, 2)
    return error, np.sqrt(np.sum(second**2, axis=2)).ravel(), [s.seq for s in series]


def _changes(texts: list[str]) -> tuple[int, int]:
    """Characters changed on screen, and characters of the last text."""
    changed = sum(Levenshtein.distance(a, b) for a, b in pairwise(texts))
    return changed, max(1, len(texts[-1]))


def _last_change_ms(history: list[tuple[float, str]]) -> float:
    last = history[0][0]
    for (_, before), (time_ms, now) in pairwise(history):
        if before != now:
            last = time_ms
    return last


def _length_s(pts_ms: list[float]) -> float:
    """Length of a clip: the last frame lasts as long as the others."""
    return (pts_ms[-1] - pts_ms[0]) * len(pts_ms) / (len(pts_ms) - 1) / 1000 if len(pts_ms) > 1 else 0.0


def _percentile(values: NDArray[np.float64], percent: float) -> float | None:
    return float(np.percentile(values, percent)) if values.size else None
