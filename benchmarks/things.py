"""Labelled pictures of things: boxes as people drew them, in the names that detectors use.

In: the media folder. Out: pictures with truth. Knows no detector.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from devices.errors import InputError
from vision.objects.coco import NAMES
from vision.objects.detection import Box

_OTHER_NAMES = {
    "motorbike": "motorcycle",
    "aeroplane": "airplane",
    "sofa": "couch",
    "pottedplant": "potted plant",
    "diningtable": "dining table",
    "tvmonitor": "tv",
}
"""Of the same things in older lists."""


@dataclass(frozen=True, slots=True)
class Truth:
    """One thing in a picture."""

    label: str
    box: Box


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in which every thing of COCO's 80 kinds is labelled."""

    path: Path
    width: int
    height: int
    things: tuple[Truth, ...]


def load_pictures(media: Path) -> list[Picture]:
    """The pictures of COCO in `objects` of the media folder, by name. Raises InputError where there are none."""
    folder = media / "objects"
    found = [_picture(folder, path) for path in sorted((folder / "gt").glob("coco_*.json"))]
    if not found:
        raise InputError(
            f"{folder}: expected labelled pictures gt/coco_*.json, found none; give the folder with --media"
        )
    return found


def _picture(folder: Path, path: Path) -> Picture:
    label = json.loads(path.read_text(encoding="utf-8"))
    things = []
    for one in label["objects"]:
        name = _OTHER_NAMES.get(one["label"], one["label"])
        if name not in NAMES:
            raise InputError(f"{path.name}: unknown thing {name!r}")
        x, y, wide, high = map(float, one["box"])
        things.append(Truth(name, (x, y, x + wide, y + high)))
    return Picture(folder / label["file"], label["width"], label["height"], tuple(things))
