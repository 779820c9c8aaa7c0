"""A detector of things from MediaPipe: EfficientDet-Lite or SSD as a .tflite file, or in a .task bundle, run by LiteRT.

In: frames. Out: detections in capture pixels, the surest first. Two kinds are known: networks that give raw boxes and
carry their anchors along, as MediaPipe publishes them, and those that end in TensorFlow's own choice of boxes.
"""

from pathlib import Path

import numpy as np

from devices import Frame, InputError
from vision.objects.boxes import Boxes, from_centres
from vision.objects.choice import chosen
from vision.objects.coco import NAMES_BY_ID
from vision.objects.detection import Detection
from vision.objects.families import Raw
from vision.objects.lite_metadata import Decoding, decoding_of
from vision.objects.onnx import DetectorOptions
from vision.objects.picture import stretched
from vision.task_file import labels_in, read_task
from vision.tflite import LiteNetwork, Tensor

SUFFIXES = (".tflite", ".task")

_LARGEST_BYTES = 500_000_000
_LARGEST_PX = 2048


class LiteDetector:
    """See ObjectDetector. Raises MissingError without LiteRT, InputError for a file that is no detector."""

    def __init__(self, model: Path, options: DetectorOptions | None = None) -> None:
        self._options = options or DetectorOptions()
        content = _content(model)
        self._network = network = LiteNetwork(content, model.name, self._options.threads)
        put = network.inputs[0].shape if len(network.inputs) == 1 else ()
        if len(put) != 4 or put[3] != 3 or not 32 <= min(put[1:3]) <= max(put[1:3]) <= _LARGEST_PX:
            raise InputError(f"{model.name}: expected a network that takes one picture, got inputs {_told(network)}")
        self._size = put[1], put[2]
        self._decoding: Decoding | None = None
        shapes = [port.shape for port in network.outputs]
        if len(shapes) == 2:
            self._decoding = decoding_of(content, model.name)
            count = len(self._decoding.anchors)
            wide = sorted(shape[-1] for shape in shapes if len(shape) == 3 and shape[:2] == (1, count))
            if len(wide) != 2 or 4 not in wide:
                raise InputError(f"{model.name}: {count} anchors do not fit its outputs, {_told(network)}")
        elif len(shapes) != 4:
            raise InputError(f"{model.name}: is no detector that is known here; its outputs: {_told(network)}")
        self._names = _names(labels_in(content))

    @property
    def name(self) -> str:
        """See ObjectDetector."""
        return f"{Path(self._network.title).stem} (LiteRT)"

    @property
    def labels(self) -> tuple[str, ...]:
        """See ObjectDetector."""
        return tuple(dict.fromkeys(filter(None, self._names)))

    @property
    def least_score(self) -> float:
        """See ObjectDetector."""
        return self._options.least_score

    @property
    def sure_score(self) -> float:
        """See ObjectDetector."""
        return self._options.sure_score

    def detect(self, frame: Frame) -> list[Detection]:
        """See ObjectDetector."""
        height, width = frame.rgb.shape[:2]
        if min(height, width) < 2:
            return []
        seen, _ = stretched(frame.rgb, *self._size)
        whole = self._network.inputs[0].dtype != "float32"
        outputs = self._network(seen[None] if whole else (seen[None].astype(np.float32) - 127.5) / 127.5)
        shares, scores, classes = self._chosen(outputs) if self._decoding is None else self._decoded(outputs)
        raw = Raw(shares * np.array([width, height, width, height], np.float32), scores, classes)
        most_overlap = None if self._decoding is None else self._options.most_overlap
        return chosen(raw, frame, self._names, self._options.least_score, most_overlap)

    def _decoded(self, outputs: list[Tensor]) -> tuple[Boxes, Tensor, Tensor]:
        """Raw boxes on their anchors; top before left, as all of TensorFlow's."""
        assert self._decoding is not None
        how = self._decoding
        raw, scores = (outputs[0][0], outputs[1][0]) if outputs[0].shape[-1] == 4 else (outputs[1][0], outputs[0][0])
        x, y, wide, high = how.anchors.T
        centre_y, centre_x = raw[:, 0] / how.scales[1] * high + y, raw[:, 1] / how.scales[0] * wide + x
        tall, broad = raw[:, 2] / how.scales[3], raw[:, 3] / how.scales[2]
        if how.exponential:
            tall, broad = np.exp(np.clip(tall, -20, 20)), np.exp(np.clip(broad, -20, 20))
        boxes = from_centres(np.stack([centre_x, centre_y, broad * wide, tall * high], 1).astype(np.float32))
        best = scores.argmax(axis=1)
        top = scores[np.arange(len(scores)), best].astype(np.float32)
        if how.sigmoid:
            top = 1 / (1 + np.exp(-np.clip(top, -80, 80)))
        return boxes, np.nan_to_num(top, nan=0.0), best

    def _chosen(self, outputs: list[Tensor]) -> tuple[Boxes, Tensor, Tensor]:
        """TensorFlow's TFLite_Detection_PostProcess: boxes, classes, scores, count."""
        boxes, classes, scores, count = (np.asarray(output, np.float32) for output in outputs)
        if boxes.ndim != 3 or boxes.shape[2] != 4 or classes.shape != boxes.shape[:2] or scores.shape != classes.shape:
            raise InputError(f"{self._network.title}: gave boxes of the shape {boxes.shape}; it is no detector")
        most = int(np.clip(np.nan_to_num(count.ravel()[0]), 0, boxes.shape[1])) if count.size else 0
        whole = np.where(np.isfinite(classes[0]), classes[0], -1).astype(np.int64)
        return boxes[0, :most][:, [1, 0, 3, 2]], np.nan_to_num(scores[0, :most]), whole[:most]


def _content(model: Path) -> bytes:
    if model.suffix.lower() == ".task":
        networks = read_task(model)
        if len(networks) != 1:
            raise InputError(f"{model.name}: holds {', '.join(sorted(networks))}; a detector is one network")
        return next(iter(networks.values()))
    try:
        size = model.stat().st_size
        if size > _LARGEST_BYTES:
            raise InputError(f"{model.name}: {size} bytes, expected at most {_LARGEST_BYTES}")
        return model.read_bytes()
    except OSError as why:
        raise InputError(f"{model}: the model cannot be read ({why.strerror})") from why


def _names(labels: list[str] | None) -> tuple[str, ...]:
    """Names by number; `???` stands for those that COCO left out."""
    if labels is None:
        return NAMES_BY_ID[1:]
    return tuple("" if "?" in label else " ".join(label.split())[:100] for label in labels)


def _told(network: LiteNetwork) -> str:
    return ", ".join("x".join(map(str, port.shape)) for port in (*network.inputs, *network.outputs))
