"""Readers and translators take what lies in the store, and say how to bring what does not."""

import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from devices import MissingError, UnknownNameError
from devices.store import Store
from devices.store.adding import Own, add_own
from devices.store.names import RECORD
from pipeline.engines import open_translator
from pipeline.stored import KOREAN, with_stored
from tests.devices.store.model_files import onnx_bytes
from vision.text import ReaderOptions


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


def test_translators_by_their_id(store: Store) -> None:
    with pytest.raises(MissingError, match="glossa models pull opus-mt-ko-en"):
        open_translator("opus-mt-ko-en")
    for name in ("yolox-nano", "firefox-ko-en", "nonsense", "../up"):
        with pytest.raises((UnknownNameError, MissingError), match=r"Unknown translation engine|Model folder"):
            open_translator(name)
