"""Models from folders, files, zips and USB sticks."""

import gzip
import json
import shutil
import zipfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from devices import InputError, OutputError
from devices.store import Catalogue, Entry, ModelFile, Store
from devices.store.adding import Own, add, add_own
from devices.store.catalogue import Packed
from devices.store.pulling import Terms
from tests.devices.store.model_files import onnx_bytes

MODEL, WORDS = onnx_bytes(weights=1000), b"one\ntwo\n"


def sha(data: bytes) -> str:
    return sha256(data).hexdigest()


ENTRY = Entry(
    "tiny", "Tiny", "text", (), "onnx", "MIT", True, False, "https://example.org", 0, "onnx/model.onnx",
    (
        ModelFile("onnx/model.onnx", "https://example.org/m.onnx", len(MODEL), sha(MODEL), 0),
        ModelFile("words.txt", "https://example.org/words.txt.gz", len(WORDS), sha(WORDS), 0, Packed(None, "")),
    ),
    "",
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store", Catalogue({"tiny": ENTRY}))


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A folder with the model's files somewhere in it."""
    folder = tmp_path / "stick"
    (folder / "onnx").mkdir(parents=True)
    (folder / "onnx" / "model.onnx").write_bytes(MODEL)
    (folder / "words.txt").write_bytes(WORDS)
    (folder / "holiday.jpg").write_bytes(b"\xff\xd8\xff")
    return folder


def names(store: Store) -> set[str]:
    found = (path.relative_to(store.folder).as_posix() for path in store.folder.rglob("*") if path.is_file())
    return {name for name in found if not name.endswith(".lock")}


WHOLE = {"tiny/onnx/model.onnx", "tiny/words.txt", "tiny/glossa-model.json"}


@pytest.mark.parametrize("given", [ENTRY, None])
def test_from_a_folder(store: Store, stick: Path, given: Entry | None) -> None:
    record = add(store, stick, given)
    assert record.id == "tiny"
    assert names(store) == WHOLE
    assert store.path("tiny").read_bytes() == MODEL
    assert store.verify("tiny") == []
    assert {path.name for path in stick.rglob("*.onnx")} == {"model.onnx"}  # copied, not moved


def test_files_under_other_names_and_as_the_server_has_them(store: Store, stick: Path) -> None:
    (stick / "onnx" / "model.onnx").rename(stick / "m (2).onnx")
    (stick / "words.txt").unlink()
    (stick / "words.txt.gz").write_bytes(gzip.compress(WORDS))
    add(store, stick, ENTRY)
    assert names(store) == WHOLE
    assert (store.folder / "tiny" / "words.txt").read_bytes() == WORDS


def test_from_a_zip(store: Store, stick: Path, tmp_path: Path) -> None:
    path = tmp_path / "model.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in stick.rglob("*"):
            if file.is_file():
                archive.write(file, file.relative_to(stick).as_posix())
    add(store, path)
    assert names(store) == WHOLE


def test_from_another_store(store: Store, stick: Path, tmp_path: Path) -> None:
    add(store, stick, ENTRY)
    shutil.copytree(store.folder / "tiny", tmp_path / "usb")
    other = Store(tmp_path / "other", store.catalogue)
    add(other, tmp_path / "usb")
    assert names(other) == WHOLE


def test_what_is_not_the_model(store: Store, stick: Path) -> None:
    (stick / "onnx" / "model.onnx").write_bytes(onnx_bytes(weights=999))
    with pytest.raises(InputError, match=r"must have sha256.*another version, or damaged; nothing was added"):
        add(store, stick, ENTRY)
    (stick / "onnx" / "model.onnx").unlink()
    with pytest.raises(InputError, match=r"onnx/model.onnx of the model tiny is not there"):
        add(store, stick, ENTRY)
    with pytest.raises(InputError, match="none of the models of the catalogue"):
        add(store, stick)
    with pytest.raises(InputError, match="is the stick plugged in"):
        add(store, stick / "nowhere")
    assert names(store) == set()
    assert list((store.folder / ".work").glob("*/*")) == []


def test_a_begun_pull_stays(store: Store, stick: Path) -> None:
    (store.begun("tiny") / "words.txt.part").write_bytes(b"on")
    (stick / "words.txt").unlink()
    with pytest.raises(InputError):
        add(store, stick, ENTRY)
    assert ".work/tiny/words.txt.part" in names(store)


def test_licences_are_asked_for_here_too(store: Store, stick: Path) -> None:
    asking = replace(ENTRY, asks=True, commercial=False, licence="CC-BY-NC-4.0")
    with pytest.raises(InputError, match="--accept-licence"):
        add(store, stick, asking)
    assert add(store, stick, asking, Terms(accept_licence=True)).commercial is False


def test_unknown_hashes_are_pinned(store: Store, stick: Path) -> None:
    unknown = replace(ENTRY, files=tuple(replace(file, sha256="", size=None, about_mb=1) for file in ENTRY.files))
    assert {file.pinned for file in add(store, stick, unknown).files} == {"first pull"}
    store.remove("tiny")
    (stick / "words.txt").write_bytes(b"other words\n")
    with pytest.raises(InputError, match="must have sha256"):
        add(store, stick, unknown)


def test_a_model_of_ones_own(store: Store, stick: Path) -> None:
    (stick / "holiday.jpg").unlink()
    record = add_own(store, stick, Own("my-reader", "text", licence="mine"))
    assert store.path("my-reader") == store.folder / "my-reader"
    assert {file.name for file in record.files} == {"onnx/model.onnx", "words.txt"}
    assert [one.id for one in store.held()] == ["my-reader"]
    add_own(store, stick / "onnx" / "model.onnx", Own("my-net", "objects"))
    assert store.path("my-net").name == "model.onnx"


@pytest.mark.parametrize("name", ["../x", "tiny", "My Model", ""])
def test_ids_of_ones_own(store: Store, stick: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"no id of a model|is in the catalogue"):
        add_own(store, stick, Own(name, "text"))


def test_hostile_models_of_ones_own(store: Store, tmp_path: Path) -> None:
    for name, data in (("m.onnx", onnx_bytes(outside="/etc/passwd")), ("m.pt", b"x"), ("m.bin", b"\x80\x04.")):
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(InputError, match="The model mine: m"):
            add_own(store, path, Own("mine", "text"))
    assert names(store) == set()


def test_a_hostile_record(store: Store, stick: Path, tmp_path: Path) -> None:
    add(store, stick, ENTRY)
    path = store.folder / "tiny" / "glossa-model.json"
    good = json.loads(path.read_text())
    changes: tuple[dict[str, object], ...] = (
        {"files": [{**good["files"][0], "name": "../../etc/passwd"}]},
        {"files": [{**good["files"][0], "sha256": "0"}]},
        {"files": []},
        {"opens": "/etc/passwd"},
        {"id": "../tiny"},
        {"id": "other"},
        {"task": 7},
        {"format": 99},
    )
    for change in changes:
        path.write_text(json.dumps({**good, **change}))
        with pytest.raises(InputError):
            store.path("tiny")
        assert store.held() == []
        assert store.faulty() == ["tiny"]
    for text in ("", "[]", "{", "[" * 100_000, '{"format": 1}'):
        path.write_text(text)
        with pytest.raises(InputError):
            store.path("tiny")


def test_links_in_the_store_are_not_followed_when_removing(store: Store, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious.txt").write_text("!")
    store.folder.mkdir()
    (store.folder / "tiny").symlink_to(outside)
    store.remove("tiny")
    assert (outside / "precious.txt").exists()
    assert not (store.folder / "tiny").is_symlink()


def test_a_store_that_cannot_be_written(stick: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(OutputError, match="cannot be written"):
        add(Store(tmp_path / "file", Catalogue({"tiny": ENTRY})), stick)
