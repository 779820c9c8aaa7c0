"""What doctor says of the senses is what opening them says: nothing there, something there, something damaged."""

from pathlib import Path

import numpy as np
import pytest

from devices.store import Store
from devices.store.adding import Own, add_own
from pipeline.anonymise import open_faces
from pipeline.doctor_senses import senses_lines
from pipeline.senses import open_senses
from tests.vision.faces.stand_in import installed, yunet
from tests.vision.objects.tiny_networks import write_network

THINGS, CODES, GESTURES, FACES = range(4)


@pytest.fixture(autouse=True)
def _empty_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLOSSA_MODELS", str(tmp_path / "store"))


def detector(path: Path) -> Path:
    logits = np.full((1, 1, 80), -9.0, np.float32)
    shares = np.array([[[0.25, 0.5, 0.2, 0.5]]], np.float32)
    return write_network(path, {"image": ("float32", (1, 3, 64, 64))}, {"logits": logits, "pred_boxes": shares})


def test_an_empty_store() -> None:
    lines = senses_lines()
    assert [line.split(":")[0] for _, line in lines] == [
        "things (--look objects)", "codes (--look codes)", "gestures", "faces (--anonymise)"
    ]  # fmt: skip
    note = open_senses(frozenset(("objects",))).notes[0]
    assert note in lines[THINGS][1]
    assert lines[CODES][0]
    assert "ZXing-C++" in lines[CODES][1]
    for number, pull in ((GESTURES, "gesture-recognizer"), (FACES, "yunet")):
        assert not lines[number][0]
        assert f"glossa models pull {pull}" in lines[number][1]


def test_the_detector_that_would_be_opened(tmp_path: Path) -> None:
    add_own(Store(), detector(tmp_path / "detr.onnx"), Own("mine", "objects"))
    good, line = senses_lines()[THINGS]
    assert good
    assert open_senses(frozenset(("objects",))).notes[0] in line
    assert "Kinds of things: 80." in line


@pytest.mark.skipif(not installed(), reason="no stand-in for YuNet can be made: pip install onnx")
def test_the_finder_of_faces_that_would_be_opened(tmp_path: Path) -> None:
    add_own(Store(), yunet(tmp_path / "face.onnx"), Own("my-faces", "faces"))
    good, line = senses_lines()[FACES]
    assert good
    assert open_faces().name in line


def test_what_is_damaged_is_said_and_the_others_are_told_still(tmp_path: Path) -> None:
    add_own(Store(), detector(tmp_path / "detr.onnx"), Own("mine", "objects"))
    Store().path("mine").write_bytes(b"no network")
    lines = senses_lines()
    assert not lines[THINGS][0]
    assert "mine" in lines[THINGS][1]
    assert "damaged" in lines[THINGS][1]
    assert lines[CODES][0]
