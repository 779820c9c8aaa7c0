"""Whether things keep their numbers in hand-held clips: identity switches, against boxes that the camera knows.

In: labelled pictures, filmed by the virtual camera; a detector; a way to follow. Out: switches, coverage, trembling.
The detector looks at every sixth frame at most, as the look lane does; the camera's motion is the one that is measured
on the frames, not the one that is known. Counting: Bernardin and Stiefelhagen, "Evaluating Multiple Object Tracking
Performance: The CLEAR MOT Metrics", 2008.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from benchmarks.geometry import Homography
from benchmarks.things import Picture, Truth
from benchmarks.virtual_camera import VirtualCamera
from devices import Frame, Rgb, Stamp
from devices.photo import read_photo
from pipeline.live.sights import camera_between
from vision import motion
from vision.carry import Carrier, Pose
from vision.objects import Detection, ObjectDetector
from vision.objects.boxes import overlaps
from vision.objects.track import ObjectTracker
from vision.quad import Matrix, move

SAME = 0.5
_SEEN_SHARE = 0.6  # of a thing's box that is in the frame: less of it is not asked for
_SMALLEST_PX = 24.0

Follow = Callable[[list[Detection], Stamp, Matrix | None], list[Detection]]


@dataclass(frozen=True, slots=True)
class Look:
    """One frame that was searched."""

    stamp: Stamp
    found: list[Detection]
    camera: Matrix | None
    """From the look before; capture pixels."""
    truth: list[Truth]
    """What is to be seen; the label is the thing's own number, so that two people are two."""


@dataclass(slots=True)
class Identity:
    """What came of following."""

    asked: int = 0
    """Things in view, over all frames that were searched."""
    matched: int = 0
    switches: int = 0
    false: int = 0
    """Things that were told and are not there."""
    jumps_px: list[float] = field(default_factory=list)
    """How much the error of a place changed from look to look."""


def looks(picture: Picture, detector: ObjectDetector, seconds: float, seed: int, every: int = 6) -> list[Look]:
    """Film the picture and search every so manieth frame. Blocks for about as long as the clip lasts, or longer."""
    camera = VirtualCamera(seed, fps=30.0)
    photo = read_photo(picture.path).rgb
    carrier, before, told = Carrier(), None, []
    for seq, (rgb, there) in enumerate(camera.film(photo, seconds)):
        gray, factor = motion.shrink(np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8))
        pose = carrier.see(seq, gray)
        if seq % every or pose.lost:
            continue
        stamp = Stamp(picture.path.stem, seq, round(seq / camera.fps * 1e9), seq / camera.fps * 1e3)
        told.append(_look(rgb, stamp, detector, _moved(before, pose, factor), truth_on(picture, there, rgb)))
        before = pose
    return told


def truth_on(picture: Picture, there: Homography, rgb: Rgb) -> list[Truth]:
    """The things of the picture that a frame shows, as upright boxes."""
    height, width = rgb.shape[:2]
    seen = []
    for number, thing in enumerate(picture.things):
        x0, y0, x1, y1 = thing.box
        corners = move(there, np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32))
        centre = corners.mean(axis=0)
        wide = float(np.linalg.norm(corners[1] - corners[0]) + np.linalg.norm(corners[2] - corners[3])) / 4
        high = float(np.linalg.norm(corners[3] - corners[0]) + np.linalg.norm(corners[2] - corners[1])) / 4
        half = np.array([wide, high])
        low, far = centre - half, centre + half
        inside = np.clip(far, 0, (width, height)) - np.clip(low, 0, (width, height))
        if min(wide, high) * 2 >= _SMALLEST_PX and inside.prod() >= _SEEN_SHARE * 4 * wide * high:
            seen.append(Truth(str(number), (float(low[0]), float(low[1]), float(far[0]), float(far[1]))))
    return seen


def ours(sure_score: float) -> Follow:
    """As the look lane follows."""
    tracker = ObjectTracker(sure_score)

    def follow(found: list[Detection], stamp: Stamp, camera: Matrix | None) -> list[Detection]:
        return [thing.detection for thing in tracker.follow(found, stamp, camera)]

    return follow


def by_overlap(sure_score: float) -> Follow:
    """The baseline: a detection continues the track that it overlaps most on the picture before, if it does at all."""
    known: list[Detection] = []
    last = 0

    def follow(found: list[Detection], stamp: Stamp, camera: Matrix | None) -> list[Detection]:
        nonlocal known, last
        told: list[Detection] = []
        left = list(known)
        for one in found:
            if one.score < sure_score:
                continue
            shared = overlaps(
                np.array([one.box], np.float32), np.array([k.box for k in left], np.float32).reshape(-1, 4)
            )
            track = None
            if left and shared.max() > 0.3:
                track = left.pop(int(shared.argmax())).track
            else:
                last += 1
            told.append(Detection(one.stamp, one.label, one.score, one.box, track or last))
        known = told
        return told

    return follow


def identity(told: Sequence[Look], follow: Follow) -> Identity:
    """Follow one clip and count."""
    result, owner, errors = Identity(), dict[str, int | None](), dict[str, NDArray[np.float64]]()
    for look in told:
        things = follow(look.found, look.stamp, look.camera)
        pairs = _pairs(look.truth, things, owner)
        result.asked += len(look.truth)
        result.matched += len(pairs)
        result.false += len(things) - len(pairs)
        fresh = {}
        for name, thing in pairs.items():
            if owner.get(name) not in (None, thing.track):
                result.switches += 1
            owner[name] = thing.track
            true = next(one.box for one in look.truth if one.label == name)
            fresh[name] = _centre(thing.box) - _centre(true)
            if name in errors:
                result.jumps_px.append(float(np.linalg.norm(fresh[name] - errors[name])))
        errors = fresh
    return result


def total(many: Sequence[Identity]) -> dict[str, float]:
    """The figures of several clips together."""
    asked = sum(one.asked for one in many)
    jumps = [jump for one in many for jump in one.jumps_px]
    return {
        "switches": sum(one.switches for one in many),
        "coverage": sum(one.matched for one in many) / max(1, asked),
        "false_per_look": sum(one.false for one in many) / max(1, asked),
        "tremble_px": float(np.sqrt(np.mean(np.square(jumps)))) if jumps else 0.0,
        "asked": asked,
    }


def _look(rgb: Rgb, stamp: Stamp, detector: ObjectDetector, camera: Matrix | None, truth: list[Truth]) -> Look:
    return Look(stamp, detector.detect(Frame(stamp, rgb)), camera, truth)


def _moved(before: Pose | None, now: Pose, factor: float) -> Matrix | None:
    return None if before is None else camera_between(before, now, factor)


def _pairs(truth: Sequence[Truth], things: Sequence[Detection], owner: dict[str, int | None]) -> dict[str, Detection]:
    """Which told thing is which true one: as before where they still overlap, else as well as possible."""
    if not truth or not things:
        return {}
    shared = overlaps(np.array([t.box for t in truth], np.float32), np.array([t.box for t in things], np.float32))
    kept = np.array([[owner.get(t.label) == thing.track for thing in things] for t in truth])
    rows, columns = linear_sum_assignment(np.where(shared >= SAME, shared + kept, 0.0), maximize=True)
    pairs = [(int(row), int(column)) for row, column in zip(rows, columns, strict=True)]
    return {truth[row].label: things[column] for row, column in pairs if shared[row, column] >= SAME}


def _centre(box: tuple[float, float, float, float]) -> NDArray[np.float64]:
    return np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])
