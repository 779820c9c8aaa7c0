"""The findings file: one JSON object a line, `run`, then a `frame` each, then `summary`.

Holds only what can be said again: no times of day, no durations, so that the same input gives the same bytes.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

from language.translation import Translation
from pipeline.signs import Sign
from vision.codes import Code
from vision.objects import Detection
from vision.quad import Quad

VERSION = 1


def write_line(file: TextIO, record: dict[str, Any]) -> None:
    """Appends one record."""
    file.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")


def run_record(source: Path, width: int, height: int, fps: float, **choices: str) -> dict[str, Any]:
    """The first line: what was read and what was asked. Only the file's name, never its folder."""
    size = {"width": width, "height": height, "fps": round(fps, 3)}
    return {"type": "run", "version": VERSION, "source": source.name, **size, **choices}


def frame_record(
    seq: int, pts_ms: float, signs: Iterable[Sign], things: Iterable[Detection] = (), codes: Iterable[Code] = ()
) -> dict[str, Any]:
    """What stands where on one frame."""
    labels = [label_record(sign, seq) for sign in signs]
    return {
        "type": "frame",
        "seq": seq,
        "pts_ms": round(pts_ms, 3),
        "labels": labels,
        "objects": [object_record(thing) for thing in things],
        "codes": [code_record(code) for code in codes],
    }


def label_record(sign: Sign, seq: int) -> dict[str, Any]:
    """One sign on one frame."""
    lines = [
        (track.id, track.path[seq], text)
        for track, text in zip(sign.tracks, sign.texts, strict=True)
        if seq in track.path
    ]
    return label(sign.id, sign.placed[seq], sign.translation, sign.score, lines)


def label(
    track: int, quad: Quad, told: Translation, score: float, lines: Iterable[tuple[int, Quad, str]]
) -> dict[str, Any]:
    """One text on one frame, with a gloss where there is one; `lines` are its lines, with their own tracks."""
    return {
        "track": track,
        "quad": _corners(quad),
        "source": told.source,
        "source_lang": told.source_lang,
        "target": told.target,
        "target_lang": told.target_lang,
        "engine": told.engine,
        "score": round(score, 3),
        "confidence": round(told.confidence, 3),
        "sure": told.sure,
        **({"gloss": told.gloss} if told.gloss else {}),
        "lines": [{"track": number, "quad": _corners(at), "text": text} for number, at, text in lines],
    }


def object_record(thing: Detection) -> dict[str, Any]:
    """One thing on one frame, by its English name."""
    box = [round(side, 2) for side in thing.box]
    return {"track": thing.track, "label": thing.label, "score": round(thing.score, 3), "box": box}


def code_record(code: Code) -> dict[str, Any]:
    """One code on one frame: what was shown of it, not what it holds, which may be a password."""
    content = code.content
    return {
        "track": code.track,
        "quad": _corners(code.quad),
        "format": code.format,
        "kind": content.kind.value,
        "preview": content.preview,
        "warnings": [warning.value for warning in content.warnings],
    }


def _corners(quad: Quad) -> list[list[float]]:
    return [[round(float(x), 2), round(float(y), 2)] for x, y in quad]
