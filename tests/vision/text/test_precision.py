"""In what the engines multiply: their own choice, full precision, and what they do not know."""

import numpy as np
import pytest

from devices import UnknownNameError
from vision.text import ReaderOptions, TextReader
from vision.text.engine import FULL_PRECISION, installed_engines, load_network, precisions
from vision.text.models import DETECTOR, model_path

TENSOR = np.random.default_rng(0).uniform(-1, 1, (1, 3, 64, 96)).astype(np.float32)


@pytest.mark.parametrize("engine", installed_engines())
def test_every_engine_knows_full_precision(engine: str) -> None:
    known = precisions(engine)
    assert known[-1] == FULL_PRECISION
    assert len(set(known)) == len(known)


def test_an_unknown_precision_lists_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match=r"'int4'.*float32, bfloat16, float16"):
        load_network(model_path(DETECTOR), precision="int4")


@pytest.mark.models
def test_engines_agree_in_full_precision_and_a_coarser_one_is_another() -> None:
    if len(installed_engines()) < 2:
        pytest.skip("only one engine is installed: pip install openvino onnxruntime")
    model = model_path(DETECTOR)
    ways = {(engine, precision) for engine in installed_engines() for precision in precisions(engine)}
    outputs = {way: load_network(model, way[0], 1, way[1])(TENSOR) for way in ways}
    full = outputs["onnxruntime", FULL_PRECISION]
    for (_, precision), output in outputs.items():
        assert float(np.abs(output - full).max()) < (1e-4 if precision == FULL_PRECISION else 0.5)
    for engine, precision in ways:
        same = np.array_equal(outputs[engine, precision], outputs[engine, FULL_PRECISION])
        assert same == (precision == FULL_PRECISION)


@pytest.mark.models
def test_a_reader_takes_another_detector() -> None:
    reader = TextReader(ReaderOptions(detector=model_path(DETECTOR), precision=FULL_PRECISION, threads=1, second=False))
    assert reader.find(np.full((64, 96, 3), 200, np.uint8), 64) == []
