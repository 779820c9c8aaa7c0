"""Readers and translators take what lies in the store, and say how to bring what does not."""

import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from devices import InputError, MissingError, UnknownNameError
from devices.store import Store
from devices.store.adding import Own, add_own
from devices.store.names import RECORD
from pipeline.engines import open_reader, open_translator
from pipeline.store_uses import KOREAN, use_of
from pipeline.stored import asked_of_reader, with_stored
from tests.devices.store.model_files import onnx_bytes
from tests.pipeline.films import picture_of_a_sign
from vision.text import ReaderOptions
from vision.text.engine import installed_engines
from vision.text.models import DETECTOR, RECOGNISER, model_path


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("GLOSSA_MODELS", str(tmp_path / "store"))
    return Store()


def test_korean_from_the_store(store: Store, tmp_path: Path) -> None:
    assert with_stored(ReaderOptions()) == ReaderOptions()
    (tmp_path / "rec.onnx").write_bytes(onnx_bytes())
    add_own(store, tmp_path / "rec.onnx", Own("stand-in", "text"))
    shutil.move(store.folder / "stand-in", store.folder / KOREAN)
    record = store.folder / KOREAN / RECORD
    record.write_text(record.read_text().replace("stand-in", KOREAN))
    assert with_stored(ReaderOptions(threads=1)) == ReaderOptions(threads=1, korean=store.path(KOREAN))
    assert with_stored(ReaderOptions(second=False)).korean is None
    assert sha256(store.path(KOREAN).read_bytes()).hexdigest() == sha256(onnx_bytes()).hexdigest()


def test_the_networks_of_a_reader_by_what_they_are(store: Store, tmp_path: Path) -> None:
    for name in (DETECTOR, RECOGNISER):
        add_own(store, model_path(name), Own(name[9:12], "text"))
    finds, reads = store.path("det"), store.path("rec")
    assert asked_of_reader("rec") == ReaderOptions(recogniser=reads)
    assert asked_of_reader("det, onnxruntime, rec") == ReaderOptions("onnxruntime", detector=finds, recogniser=reads)
    assert asked_of_reader(f"{model_path(DETECTOR)}").detector == model_path(DETECTOR)
    for said, why in (("rec,rec", "2 networks that read"), ("openvino,onnxruntime", "2 engines")):
        with pytest.raises(InputError, match=why):
            asked_of_reader(said)
    for said in ("yolox-nano", "nonsense", "Steam", ""):
        with pytest.raises(UnknownNameError, match="Unknown reading engine"):
            asked_of_reader(said)
    with pytest.raises(MissingError, match="glossa models pull ppocrv6-rec-medium"):
        asked_of_reader("ppocrv6-rec-medium")
    with pytest.raises(MissingError, match="there is no such file"):
        asked_of_reader(str(tmp_path / "none.onnx"))
    with pytest.raises(MissingError, match="there is no such file"):
        asked_of_reader("../up")
    (tmp_path / "broken.onnx").write_bytes(b"no network")
    with pytest.raises(InputError, match="is no whole ONNX network"):
        asked_of_reader(str(tmp_path / "broken.onnx"))


def test_a_reader_is_opened_with_the_models_that_were_named(store: Store) -> None:
    add_own(store, model_path(RECOGNISER), Own("rec", "text"))
    rgb = picture_of_a_sign()
    assert [line.text for line in open_reader("rec,onnxruntime").read(rgb)] == ["出口"]
    add_own(store, model_path(DETECTOR), Own("det", "text"))
    with pytest.raises(InputError, match="2 networks that find lines"):
        open_reader(f"det,{model_path(DETECTOR)}")


def test_a_network_that_is_no_reader_is_told_at_once(store: Store) -> None:
    turns = model_path(DETECTOR).with_name("ch_ppocr_mobile_v2.0_cls_mobile.onnx")  # says whether a line is upright
    for engine in installed_engines():
        with pytest.raises(InputError, match="does not find or read lines of text"):
            open_reader(f"{engine},{turns}")


def test_a_folder_of_two_networks_is_one_reader(store: Store, tmp_path: Path) -> None:
    (tmp_path / "both").mkdir()
    for name in (DETECTOR, RECOGNISER):
        shutil.copy(model_path(name), tmp_path / "both")
    add_own(store, tmp_path / "both", Own("both", "text"))
    asked = asked_of_reader("both")
    assert (asked.detector, asked.recogniser) == tuple(store.path("both") / name for name in (DETECTOR, RECOGNISER))


def test_what_was_tuned_holds_for_the_networks_that_were_not_named(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_own(store, model_path(RECOGNISER), Own("rec", "text"))
    made: list[ReaderOptions] = []
    monkeypatch.setattr("pipeline.engines.TextReader", made.append)
    monkeypatch.setattr("pipeline.engines._try_out", lambda reader, said: None)
    tuned = ReaderOptions("onnxruntime", threads=1, detector=model_path(DETECTOR))
    open_reader("rec", tuned)
    assert made == [ReaderOptions("onnxruntime", 1, detector=model_path(DETECTOR), recogniser=store.path("rec"))]


def test_what_each_model_is_for(store: Store) -> None:
    said = {entry.id: use_of(entry.id, entry.task, entry.engine) for entry in store.catalogue}
    assert said["opus-mt-ko-en"] == "To translate with it: --engine opus-mt-ko-en"
    assert said["ppocrv6-rec-medium"] == "To read with it: --reader ppocrv6-rec-medium"
    assert said[KOREAN] == "Korean is read with it from now on."
    assert said["firefox-ko-en"] == said["phi-3-mini"] == ""


def test_translators_by_their_id(store: Store) -> None:
    with pytest.raises(MissingError, match="glossa models pull opus-mt-ko-en"):
        open_translator("opus-mt-ko-en")
    for name in ("yolox-nano", "firefox-ko-en", "nonsense", "../up"):
        with pytest.raises((UnknownNameError, MissingError), match=r"Unknown translation engine|Model folder"):
            open_translator(name)
