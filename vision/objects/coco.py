"""The 80 things that detectors are usually taught: their English names, in the order of their numbers.

Source: Lin et al., "Microsoft COCO: Common Objects in Context", ECCV 2014; the numbers are those of its annotations.
"""

NAMES = (
    "person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat", "traffic light",
    "fire hydrant", "stop sign", "parking meter", "bench", "bird", "cat", "dog", "horse", "sheep", "cow",
    "elephant", "bear", "zebra", "giraffe", "backpack", "umbrella", "handbag", "tie", "suitcase", "frisbee",
    "skis", "snowboard", "sports ball", "kite", "baseball bat", "baseball glove", "skateboard", "surfboard",
    "tennis racket", "bottle", "wine glass", "cup", "fork", "knife", "spoon", "bowl", "banana", "apple",
    "sandwich", "orange", "broccoli", "carrot", "hot dog", "pizza", "donut", "cake", "chair", "couch",
    "potted plant", "bed", "dining table", "toilet", "tv", "laptop", "mouse", "remote", "keyboard", "cell phone",
    "microwave", "oven", "toaster", "sink", "refrigerator", "book", "clock", "vase", "scissors", "teddy bear",
    "hair drier", "toothbrush",
)  # fmt: skip
"""Numbered from 0 without gaps, as most detectors do."""

_UNUSED = {12, 26, 29, 30, 45, 66, 68, 69, 71, 83}
LAST_ID = 90
IDS = tuple(number for number in range(1, LAST_ID + 1) if number not in _UNUSED)
"""The numbers of the same names in the annotations, which have gaps."""

NAMES_BY_ID = tuple(NAMES[IDS.index(number)] if number in IDS else "" for number in range(LAST_ID + 1))
"""By the annotations' number, as detectors of TensorFlow and torchvision count; empty: no such thing."""
