"""A detector from an ONNX file: the network, how its kind is fed and read, and the choice among its answers.

In: frames. Out: detections in capture pixels, within the picture, the surest first. Blocks; starts no thread of its own
(an engine may, as many as it is given). The file is not trusted: what it gives is checked, and only numbers come of it.
"""

from dataclasses import dataclass
from pathlib import Path

from devices import Frame, InputError
from vision.objects import detr, ssd, yolox
from vision.objects.choice import chosen
from vision.objects.detection import Detection
from vision.objects.families import Family
from vision.objects.graph import Graph, can_reshape

_MOST_NAMES, _LONGEST_NAME = 10_000, 100
_MOST_SHAPES = 3  # kept; a stream has one


@dataclass(frozen=True, slots=True)
class DetectorOptions:
    """How to run a detector."""

    engine: str | None = None
    """See `vision.text.engine.load_network`."""
    threads: int = 1
    precision: str | None = None
    least_score: float = 0.1
    """Below this nothing is returned; between this and `sure_score` is what a tracker may use to keep a track."""
    sure_score: float = 0.45
    most_overlap: float = 0.45
    """Of two boxes of one class; intersection over union."""
    fit: bool = True
    """Run the network at the shape of the picture, where engine and network allow that: padding costs as much as what
    is to be seen."""
    labels: Path | None = None
    """A text file with a name a line, in the order of the classes; None: COCO's."""


def family_of(graph: Graph) -> Family:
    """Raises InputError where the network is of no known kind."""
    for build in (yolox.recognised, detr.recognised, ssd.recognised):
        family = build(graph)
        if family is not None:
            return family
    raise InputError(
        f"{graph.title}: no known kind of detector, it {graph.ports()}; expected YOLOX (a picture in, a table out), "
        "D-FINE or RT-DETR (labels, boxes and scores, or logits and pred_boxes), or SSD"
    )


class OnnxDetector:
    """See ObjectDetector. Raises InputError for a file that is no detector of a known kind."""

    def __init__(self, model: Path, options: DetectorOptions | None = None) -> None:
        self._options = options or DetectorOptions()
        self._model = model
        self._graph = self._load(None)
        self._family: Family = family_of(self._graph)
        self._names = self._read_names()
        self._fitted: dict[tuple[int, ...] | None, tuple[Graph, Family]] = {None: (self._graph, self._family)}

    @property
    def name(self) -> str:
        """See ObjectDetector."""
        return f"{Path(self._graph.title).stem} ({self._graph.engine})"

    @property
    def labels(self) -> tuple[str, ...]:
        """See ObjectDetector."""
        return tuple(filter(None, self._names))

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
        graph, family = self._fitting(height, width)
        tensors, about = family.feed(frame.rgb)
        raw = family.read(graph.run(tensors), about, self._options.least_score)
        most_overlap = self._options.most_overlap if family.suppress else None
        return chosen(raw, frame, self._names, self._options.least_score, most_overlap)

    def _load(self, shape: tuple[int, ...] | None) -> Graph:
        options = self._options
        return Graph(self._model, options.engine, options.threads, options.precision, shape, rows=True)

    def _fitting(self, height: int, width: int) -> tuple[Graph, Family]:
        """The network at the shape that suits such pictures: loaded when the first of them comes."""
        shape = self._family.fitting(height, width) if self._options.fit and can_reshape(self._graph.engine) else None
        if shape not in self._fitted:
            if len(self._fitted) > _MOST_SHAPES:
                return self._fitted[None]
            try:
                graph = self._load(shape)
                self._fitted[shape] = graph, family_of(graph)
            except InputError:  # its layers know their sizes: then it is run as it is
                self._fitted[shape] = self._fitted[None]
        return self._fitted[shape]

    def _read_names(self) -> tuple[str, ...]:
        title, classes = self._graph.title, self._family.classes
        if self._options.labels is None:
            names = self._family.default_names()
            if names is None:
                raise InputError(
                    f"{title}: was taught {classes} things, which are not COCO's 80; give their names, one a line, in "
                    f"a file {Path(title).stem}.txt beside it"
                )
            return names
        try:
            text = self._options.labels.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as why:
            raise InputError(f"{self._options.labels}: the names cannot be read ({why})") from why
        names = tuple(" ".join(line.split())[:_LONGEST_NAME] for line in text.splitlines()[:_MOST_NAMES])
        if classes is not None and len(names) != classes:
            raise InputError(f"{self._options.labels}: expected {classes} names, one a line, got {len(names)}")
        return names
