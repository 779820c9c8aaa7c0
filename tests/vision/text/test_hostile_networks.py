"""Model files that no engine should take: each is one sentence, never a traceback or a crash."""

import random
from pathlib import Path

import numpy as np
import pytest

from devices import InputError
from tests.devices.store.model_files import onnx_bytes
from vision.text.engine import installed_engines, load_network
from vision.text.models import DETECTOR, model_path


@pytest.mark.parametrize("engine", installed_engines())
def test_damaged_files(tmp_path: Path, engine: str) -> None:
    path = tmp_path / "model.onnx"
    for data in (b"", b"<html>404</html>", bytes(1000), onnx_bytes()[:-20]):
        path.write_bytes(data)
        with pytest.raises(InputError, match=r"model\.onnx: this network cannot be opened"):
            load_network(path, engine)
    with pytest.raises(InputError, match="cannot be opened"):
        load_network(tmp_path / "none.onnx", engine)


@pytest.mark.parametrize("engine", installed_engines())
def test_chance_damage_to_a_real_network(tmp_path: Path, engine: str) -> None:
    """Bytes of the graph itself are changed: it loads and runs, or says that it does not."""
    chance, path = random.Random(5), tmp_path / "model.onnx"
    good = onnx_bytes()
    refused = 0
    for _ in range(15):
        data = bytearray(good)
        for _ in range(2):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data)
        try:
            load_network(path, engine, 1)(np.zeros((1,), np.float32))
        except InputError:
            refused += 1
    assert refused


def test_a_picture_of_the_wrong_form() -> None:
    """OpenVINO runs some of these and gives something; onnxruntime looks first."""
    network = load_network(model_path(DETECTOR), "onnxruntime", 1)
    with pytest.raises(InputError, match="cannot be run on 1x5x32x32"):
        network(np.zeros((1, 5, 32, 32), np.float32))
