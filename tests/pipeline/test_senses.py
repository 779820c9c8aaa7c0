"""What looks at things: chosen by words, found in a file, a folder or the store, and said to the wearer."""

import json
from pathlib import Path

import numpy as np
import pytest
import zxingcpp

from devices import Frame, GlossaError, InputError, MissingError, Stamp, UnknownNameError
from devices.photo import write_photo
from devices.store import Store
from devices.store.adding import Own, add_own
from language.translation import Translation
from pipeline.anonymise import find_faces_model
from pipeline.hands import find_hands
from pipeline.live.looking import Senses
from pipeline.photo import look_at, translate_photos
from pipeline.senses import find_model, open_senses, parse_look
from pipeline.stored import asked_of_reader
from pipeline.video import Choices
from tests.pipeline.live.scenes import QuickTranslator
from tests.vision.objects.tiny_networks import write_network
from vision.codes import CodeReader
from vision.objects import Detection
from vision.objects.hog import has_hog
from vision.text import TextRegion


@pytest.fixture(autouse=True)
def _empty_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLOSSA_MODELS", str(tmp_path / "store"))


def test_words() -> None:
    assert parse_look("objects,codes") == {"objects", "codes"}
    assert parse_look(" Codes ") == {"codes"}
    assert parse_look("none") == frozenset()


@pytest.mark.parametrize("text", ["", ",", "faces", "none,codes", "objects;codes"])
def test_other_words_are_an_error_that_names_the_right_ones(text: str) -> None:
    with pytest.raises(UnknownNameError, match="expected objects, codes, both with a comma, or none"):
        parse_look(text)


def test_without_a_model_the_notes_say_how_to_get_one() -> None:
    senses = open_senses(frozenset(("objects", "codes")))
    assert senses.codes is not None
    assert (senses.objects is not None) == has_hog()
    assert "glossa models pull yolox-nano" in senses.notes[0]
    assert open_senses(frozenset(("codes",))).notes == ()
    assert open_senses(frozenset()) == Senses()


def network(path: Path) -> Path:
    logits = np.full((1, 1, 80), -9.0, np.float32)
    logits[0, 0, 0] = 3.0
    shares = np.array([[[0.25, 0.5, 0.2, 0.5]]], np.float32)
    return write_network(path, {"image": ("float32", (1, 3, 64, 64))}, {"logits": logits, "pred_boxes": shares})


def test_a_file_or_a_folder_with_one(tmp_path: Path) -> None:
    folder = tmp_path / "models"
    folder.mkdir()
    with pytest.raises(InputError, match=r"expected one \.onnx file in it, got 0"):
        find_model(str(folder))
    model = network(folder / "detr.onnx")
    assert find_model(str(folder)) == find_model(str(model)) == model
    senses = open_senses(frozenset(("objects",)), str(folder))
    assert senses.objects is not None
    assert senses.notes == (f"Things are found by {senses.objects.name}.",)


def test_models_that_are_not_there() -> None:
    with pytest.raises(MissingError, match="glossa models pull yolox-tiny"):
        find_model("yolox-tiny")
    with pytest.raises(UnknownNameError):
        find_model("yolov999")
    with pytest.raises(GlossaError, match=r"absent\.onnx"):
        open_senses(frozenset(("objects",)), "absent.onnx")


def test_a_detector_of_ones_own_in_the_store_is_found_by_itself(tmp_path: Path) -> None:
    model = network(tmp_path / "detr.onnx")
    add_own(Store(), model, Own("mine", "objects"))
    path = find_model(None)
    assert path is not None
    assert path.name == "detr.onnx"
    assert "detr" in open_senses(frozenset(("objects",))).notes[0]


def test_a_reader_that_runs_no_detectors_leaves_the_detector_alone(tmp_path: Path) -> None:
    model = network(tmp_path / "detr.onnx")
    assert open_senses(frozenset(("objects",)), str(model), asked_of_reader("paddleocr:FOLDER").engine).objects


class BlindReader:
    """Reads nothing."""

    def read(self, rgb: object, stamp: Stamp) -> list[TextRegion]:
        return []


class NobodyTranslates(QuickTranslator):
    def translate(self, *args: object, **wishes: object) -> list[Translation]:
        return []


class Eye:
    name, labels, least_score, sure_score = "eye", ("dog",), 0.1, 0.5

    def detect(self, frame: Frame) -> list[Detection]:
        box = (300.0, 150.0, 420.0, 300.0)
        return [Detection(frame.stamp, "dog", 0.9, box), Detection(frame.stamp, "cat", 0.2, box)]


def test_a_photograph_with_tags_and_findings(tmp_path: Path) -> None:
    rgb = np.full((360, 640, 3), 255, np.uint8)
    code = np.asarray(
        zxingcpp.create_barcode("WIFI:S:Cafe;T:WPA;P:hunter2;;", zxingcpp.BarcodeFormat.QRCode).to_image(scale=4)
    )
    rgb[100 : 100 + code.shape[0], 20 : 20 + code.shape[1]] = code[..., None]
    write_photo(tmp_path / "in.png", rgb)
    findings = tmp_path / "out.jsonl"
    choices = Choices("de", "auto", "inplace", findings)
    done, failures = translate_photos(
        [tmp_path / "in.png"],
        tmp_path,
        choices,
        reader=BlindReader(),  # type: ignore[arg-type]
        translator=NobodyTranslates(),
        senses=Senses(Eye(), CodeReader()),
    )
    assert (len(done), failures) == (1, [])
    text = findings.read_text(encoding="utf-8")
    (frame,) = [line for line in map(json.loads, text.splitlines()) if line["type"] == "frame"]
    assert [(one["track"], one["label"]) for one in frame["objects"]] == [(1, "dog")]
    assert [(one["kind"], one["preview"]) for one in frame["codes"]] == [("wifi", "Cafe (WPA)")]
    assert "hunter2" not in text


def test_without_senses_nothing_is_looked_for() -> None:
    frame = Frame(Stamp("x", 0, 0, 0.0), np.zeros((40, 40, 3), np.uint8))
    assert look_at(frame, Senses()) == ([], [])


@pytest.mark.parametrize("named", ["nowhere/hands", "/nowhere/model.tflite"])
def test_a_path_that_leads_nowhere_is_called_that_and_not_a_bad_name(named: str) -> None:
    with pytest.raises(MissingError, match="there is no such file"):
        find_hands(named)
    for find in (find_model, find_faces_model):
        found = find(named)
        assert found == Path(named)


def test_a_word_that_gestures_do_not_know() -> None:
    with pytest.raises(UnknownNameError, match=r"expected auto, off, a \.task file.*got 'on'"):
        find_hands("on")
