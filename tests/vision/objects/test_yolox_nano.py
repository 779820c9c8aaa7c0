"""The real YOLOX-Nano on real pictures, where they lie beside the checkout."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from devices import InputError
from devices.photo import read_photo
from tests.conftest import ROOT
from vision.objects import DetectorOptions, OnnxDetector
from vision.objects.graph import can_reshape
from vision.text.engine import FULL_PRECISION, installed_engines

pytestmark = pytest.mark.models

MODEL = ROOT.parent / "shared" / "models" / "yolox_nano.onnx"
PICTURES = ROOT.parent / "shared" / "media" / "objects"


@pytest.fixture(scope="module")
def model() -> Path:
    if not MODEL.is_file() or not PICTURES.is_dir():
        pytest.skip(f"no detector or no pictures: {MODEL} and {PICTURES}")
    return MODEL


@pytest.mark.parametrize("engine", installed_engines())
def test_it_finds_what_is_there(model: Path, engine: str) -> None:
    detector = OnnxDetector(model, DetectorOptions(engine=engine))
    assert detector.name == f"yolox_nano ({engine})"
    found = detector.detect(read_photo(PICTURES / "coco_000000215245.jpg"))
    sure = [one for one in found if one.score >= detector.sure_score]
    assert {one.label for one in sure} == {"zebra"}
    assert 6 <= len(sure) <= 8


@pytest.mark.parametrize("engine", [engine for engine in installed_engines() if can_reshape(engine)])
def test_without_the_padding_it_finds_the_same(model: Path, engine: str) -> None:
    options = DetectorOptions(engine=engine, precision=FULL_PRECISION, least_score=0.5)
    picture = read_photo(PICTURES / "coco_000000038829.jpg")
    whole = OnnxDetector(model, replace(options, fit=False)).detect(picture)
    fitted = OnnxDetector(model, options).detect(picture)
    assert {one.label for one in fitted} == {one.label for one in whole}
    for one in fitted[:4]:
        assert any(one.label == other.label and np.allclose(one.box, other.box, atol=6) for other in whole)


def test_a_cut_off_model_is_refused(model: Path, tmp_path: Path) -> None:
    half = tmp_path / "half.onnx"
    half.write_bytes(model.read_bytes()[:1_000_000])
    for engine in installed_engines():
        with pytest.raises(InputError, match=r"half\.onnx"):
            OnnxDetector(half, DetectorOptions(engine=engine))
