"""Opens what is measured: the installed engines and the networks, in every setup. Knows nothing of durations."""

from collections.abc import Sequence

import cv2
import numpy as np

from pipeline.live.tuning.pictures import HEIGHT, WIDTH, Picture
from pipeline.live.tuning.quantise import quantise
from pipeline.live.tuning.store import cores, int8_file
from pipeline.live.tuning.trials import INT8, Finds, Reads, ReadsPictures, Setup
from vision.text import ReaderOptions, TextReader
from vision.text.detect import Detector
from vision.text.engine import FULL_PRECISION, installed_engines, precisions
from vision.text.models import DETECTOR, model_path
from vision.text.recognise import Recogniser

_CALIBRATION_SIZE = (WIDTH // 2, HEIGHT // 2 // 32 * 32)


class Lab:
    """The real one."""

    @property
    def cores(self) -> int:
        """Cores that may be used."""
        return cores()

    def ways(self) -> list[tuple[str, str]]:
        """Engines and their precisions as they are without quantising; the reference, in full precision, is first."""
        found = [(engine, precision) for engine in installed_engines() for precision in precisions(engine)]
        full = [way for way in found if way[1] == FULL_PRECISION]
        return [*full, *(way for way in found if way not in full)]

    def quantise(self, engine: str, pictures: Sequence[Picture]) -> None:
        """Make the quantised detector for an engine. Blocks for ten seconds or more; raises MissingError."""
        sized = [cv2.resize(picture.rgb, _CALIBRATION_SIZE, interpolation=cv2.INTER_AREA) for picture in pictures]
        tensors = [cv2.dnn.blobFromImage(one, 1 / 127.5, mean=(127.5,) * 3, swapRB=True) for one in sized]
        floats = [np.asarray(tensor, np.float32) for tensor in tensors]
        quantise(model_path(DETECTOR), int8_file(engine), floats, engine)

    def detector(self, setup: Setup) -> Finds:
        """Ready to find."""
        options = _options(setup)
        return Detector.load(options.detector, options.engine, options.threads, options.precision)

    def recogniser(self, setup: Setup) -> Reads:
        """Ready to read lines."""
        options = _options(setup)
        return Recogniser.load(None, options.engine, options.threads, options.precision)

    def reader(self, setup: Setup, *, second: bool = True) -> ReadsPictures:
        """Ready to read pictures, with or without the second reader."""
        options = _options(setup)
        return TextReader(
            ReaderOptions(options.engine, options.threads, options.precision, options.detector, second=second)
        )


def _options(setup: Setup) -> ReaderOptions:
    quantised = setup.precision == INT8
    return ReaderOptions(
        engine=setup.engine,
        threads=setup.threads,
        precision=None if quantised else setup.precision,
        detector=int8_file(setup.engine) if quantised else None,
    )
