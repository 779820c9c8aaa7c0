"""YOLOX the plain way: the paper's arithmetic in a straight line, for comparison. Shares no code with `vision.objects`.

In: a model file and pictures. Out: labels by number, scores, boxes. Score 0.01 and overlap 0.65 are those with which
the figures of the YOLOX release were measured (its evaluator's `test_conf` and `nmsthre`); one class a cell, each class
suppressed by itself.
"""

from pathlib import Path

import cv2
import numpy as np
import onnxruntime

CONFIDENCE, OVERLAP = 0.01, 0.65
SIDE = 416


def detect_plainly(
    model: Path, pictures: list[Path]
) -> list[list[tuple[int, float, tuple[float, float, float, float]]]]:
    """Everything in each picture. Blocks for some tens of ms a picture."""
    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    put = session.get_inputs()[0].name
    found = []
    for path in pictures:
        bgr = cv2.imread(str(path))
        assert bgr is not None
        ratio = min(SIDE / bgr.shape[0], SIDE / bgr.shape[1])
        small = cv2.resize(bgr, (int(bgr.shape[1] * ratio), int(bgr.shape[0] * ratio)))
        seen = np.full((SIDE, SIDE, 3), 114.0, np.float32)
        seen[: small.shape[0], : small.shape[1]] = small
        rows = session.run(None, {put: np.ascontiguousarray(seen.transpose(2, 0, 1)[None])})[0][0]
        found.append(_things(rows, ratio))
    return found


def _things(rows: np.ndarray, ratio: float) -> list[tuple[int, float, tuple[float, float, float, float]]]:
    candidates: dict[int, list[tuple[float, tuple[float, float, float, float]]]] = {}
    at = 0
    for stride in (8, 16, 32):
        for y in range(SIDE // stride):
            for x in range(SIDE // stride):
                row = rows[at]
                at += 1
                best = int(np.argmax(row[5:]))
                score = float(row[4] * row[5 + best])
                if score < CONFIDENCE:
                    continue
                cx, cy = (float(row[0]) + x) * stride, (float(row[1]) + y) * stride
                w, h = float(np.exp(row[2])) * stride, float(np.exp(row[3])) * stride
                box = ((cx - w / 2) / ratio, (cy - h / 2) / ratio, (cx + w / 2) / ratio, (cy + h / 2) / ratio)
                candidates.setdefault(best, []).append((score, box))
    kept = []
    for number, many in candidates.items():
        many.sort(reverse=True)
        chosen: list[tuple[float, tuple[float, float, float, float]]] = []
        for score, box in many:
            if all(_overlap(box, other) <= OVERLAP for _, other in chosen):
                chosen.append((score, box))
        kept += [(number, score, box) for score, box in chosen]
    return kept


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> float:
    wide = min(a[2], b[2]) - max(a[0], b[0])
    high = min(a[3], b[3]) - max(a[1], b[1])
    if wide <= 0 or high <= 0:
        return 0.0
    common = wide * high
    return common / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - common)
