"""Whole models from a real server into the store."""

import gzip
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from devices import FetchError, InputError, MissingError, OutputError, UnknownNameError
from devices.store import Catalogue, Record, Store, read_catalogues
from devices.store.pulling import Terms, pull
from tests.devices.store.model_files import onnx_bytes
from tests.devices.store.model_server import ModelServer

MODEL = onnx_bytes(weights=50_000)
CONFIG = b'{"beam": 2}'
VOCABULARY = b"the\nof\nand\n" * 400


def sha(data: bytes) -> str:
    return sha256(data).hexdigest()


@pytest.fixture
def write_catalogue(tmp_path: Path) -> Callable[..., Catalogue]:
    """`write_catalogue(*files, **entry)`: a catalogue with the one model `tiny`."""

    def write(*files: dict[str, object], **more: object) -> Catalogue:
        entry: dict[str, object] = {
            "id": "tiny", "title": "Tiny", "task": "text", "engine": "onnx", "licence": "MIT", "commercial": True,
            "page": "https://example.org/tiny", **more,
        }  # fmt: skip
        rows = ["[[model]]", *(f"{key} = {json.dumps(value)}" for key, value in entry.items())]
        for file in files:
            rows += ["[[model.files]]", *(f"{key} = {_toml(value)}" for key, value in file.items())]
        path = tmp_path / "own.toml"
        path.write_text("\n".join(rows), encoding="utf-8")
        return read_catalogues([path])

    return write


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + " }"
    return json.dumps(value)


@pytest.fixture
def two_files(server: ModelServer, write_catalogue: Callable[..., Catalogue]) -> Callable[[str], Catalogue]:
    """A model of an ONNX file, served in the given manner, and a configuration."""
    server.files |= {"model.onnx": MODEL, "config.json": CONFIG}

    def make(manner: str) -> Catalogue:
        return write_catalogue(
            {
                "name": "config.json",
                "url": server.url("good", "config.json"),
                "size": len(CONFIG),
                "sha256": sha(CONFIG),
            },
            {"name": "model.onnx", "url": server.url(manner, "model.onnx"), "size": len(MODEL), "sha256": sha(MODEL)},
            opens="model.onnx",
        )

    return make


def bring(store: Store, terms: Terms | None = None) -> Record:
    return pull(store, store.catalogue.entry("tiny"), terms, sleep=lambda seconds: None)


def files(store: Store) -> list[str]:
    """All files below the store but locks."""
    found = (path.relative_to(store.folder).as_posix() for path in store.folder.rglob("*") if path.is_file())
    return sorted(name for name in found if not name.endswith(".lock"))


def test_a_model_is_there_whole(tmp_path: Path, two_files: Callable[[str], Catalogue]) -> None:
    store = Store(tmp_path / "store", two_files("cut"))
    with pytest.raises(MissingError, match="glossa models pull tiny"):
        store.path("tiny")
    record = bring(store)
    assert store.path("tiny") == tmp_path / "store" / "tiny" / "model.onnx"
    assert store.path("tiny").read_bytes() == MODEL
    assert files(store) == ["tiny/config.json", "tiny/glossa-model.json", "tiny/model.onnx"]
    assert [file.pinned for file in record.files] == ["catalogue"] * 2
    assert store.held() == [record]
    assert store.verify("tiny") == []
    assert store.remove("tiny") > len(MODEL)
    assert not store.has("tiny")
    assert files(store) == []


@pytest.mark.parametrize("manner", ["wrong", "missing", "down", "dead", "login", "long"])
def test_a_model_is_there_whole_or_not_at_all(
    tmp_path: Path, two_files: Callable[[str], Catalogue], manner: str
) -> None:
    store = Store(tmp_path / "store", two_files(manner))
    with pytest.raises(FetchError):
        bring(store)
    assert not store.has("tiny")
    assert not any(name.endswith("model.onnx") for name in files(store))
    with pytest.raises(MissingError):
        store.path("tiny")


def test_finished_files_are_not_fetched_again(
    tmp_path: Path, server: ModelServer, two_files: Callable[[str], Catalogue]
) -> None:
    with pytest.raises(FetchError):
        bring(Store(tmp_path / "store", two_files("dead")))
    server.asked.clear()
    bring(Store(tmp_path / "store", two_files("good")))
    assert [path for path, _ in server.asked] == ["/good/model.onnx"]
    assert server.ranges() == ["bytes=100-"]


def test_a_failed_repair_leaves_the_old_one(tmp_path: Path, two_files: Callable[[str], Catalogue]) -> None:
    store = Store(tmp_path / "store", two_files("good"))
    bring(store)
    with pytest.raises(FetchError):
        bring(Store(tmp_path / "store", two_files("wrong")))
    assert store.path("tiny").read_bytes() == MODEL


def test_damage_is_found_and_repaired(tmp_path: Path, two_files: Callable[[str], Catalogue]) -> None:
    store = Store(tmp_path / "store", two_files("good"))
    bring(store)
    path = store.path("tiny")
    path.write_bytes(bytes(len(MODEL)))
    (path.parent / "more.txt").write_text("?")
    assert [(fault.name, fault.what.split(" (")[0]) for fault in store.verify("tiny")] == [
        ("model.onnx", "has other bytes than when it was put there"),
        ("more.txt", "does not belong to the model"),
    ]
    path.write_bytes(b"short")
    with pytest.raises(InputError, match=r"has 5 bytes, expected.*Repair it: glossa models pull tiny"):
        store.path("tiny")
    path.unlink()
    path.symlink_to("/etc/hostname")
    with pytest.raises(InputError, match="is a link to somewhere else"):
        store.path("tiny")
    bring(store)
    assert store.path("tiny").read_bytes() == MODEL
    assert not store.path("tiny").is_symlink()
    assert store.verify("tiny") == []


def test_unknown_hashes_are_pinned_on_the_first_pull(
    tmp_path: Path, server: ModelServer, write_catalogue: Callable[..., Catalogue]
) -> None:
    server.files["model.onnx"] = MODEL
    https = {"name": "model.onnx", "url": "https://example.org/model.onnx", "about_mb": 1}
    entry = write_catalogue(https).entry("tiny")
    assert not entry.pinned
    # The test's server has no certificate: what the catalogue may not say is said here.
    from dataclasses import replace

    local = replace(entry, files=(replace(entry.files[0], url=server.url("good", "model.onnx")),))
    store = Store(tmp_path / "store", Catalogue({"tiny": local}))
    assert [file.pinned for file in bring(store).files] == ["first pull"]
    store.remove("tiny")
    assert [file.pinned for file in bring(store).files] == ["first pull"]
    store.remove("tiny")
    server.files["model.onnx"] = other = onnx_bytes(weights=50_001)
    with pytest.raises(FetchError, match=r"not what it was on the first pull.*--repin"):
        bring(store)
    assert bring(store, Terms(repin=True)).files[0].sha256 == sha(other)


def test_what_the_server_has_compressed(
    tmp_path: Path, server: ModelServer, write_catalogue: Callable[..., Catalogue]
) -> None:
    server.files |= {"vocab.txt.gz": gzip.compress(VOCABULARY), "bomb.gz": gzip.compress(bytes(50_000_000))}
    file = {"name": "vocab.txt", "size": len(VOCABULARY), "sha256": sha(VOCABULARY)}
    packed = server.files["vocab.txt.gz"]
    known = {"packed": {"size": len(packed), "sha256": sha(packed)}, "url": server.url("cut", "vocab.txt.gz")}
    store = Store(tmp_path / "store", write_catalogue({**file, **known}))
    bring(store)
    assert store.path("tiny").read_bytes() == VOCABULARY
    bomb = server.files["bomb.gz"]
    known = {"packed": {"size": len(bomb), "sha256": sha(bomb)}, "url": server.url("good", "bomb.gz")}
    other = Store(tmp_path / "other", write_catalogue({**file, **known}))
    with pytest.raises(InputError, match="more than the expected 4400 bytes"):
        bring(other)
    known["packed"] = {"size": len(packed), "sha256": sha(packed)}
    known["url"] = server.url("good", "vocab.txt.gz")
    with pytest.raises(InputError, match="what comes out of it is not"):
        bring(Store(tmp_path / "other", write_catalogue({**file, **known, "sha256": sha(b"")})))
    assert files(other) == []


def test_a_hostile_file_with_the_right_hash(
    tmp_path: Path, server: ModelServer, write_catalogue: Callable[..., Catalogue]
) -> None:
    data = onnx_bytes(outside="../../../etc/passwd")
    server.files["model.onnx"] = data
    file = {"name": "model.onnx", "url": server.url("good", "model.onnx"), "size": len(data), "sha256": sha(data)}
    store = Store(tmp_path / "store", write_catalogue(file))
    with pytest.raises(InputError, match=r"etc/passwd"):
        bring(store)
    assert files(store) == []


def test_licences_are_asked_for(tmp_path: Path, two_files: Callable[[str], Catalogue], server: ModelServer) -> None:
    from dataclasses import replace

    entry = two_files("good").entry("tiny")
    for asks in (replace(entry, commercial=False, asks=True, licence="CC-BY-NC-4.0"), replace(entry, asks=True)):
        store = Store(tmp_path / "store", Catalogue({"tiny": asks}))
        with pytest.raises(InputError, match="--accept-licence"):
            bring(store)
    assert server.asked == []
    assert bring(store, Terms(accept_licence=True)).id == "tiny"
    never = Store(tmp_path / "other", Catalogue({"tiny": replace(entry, refused="It is a pickle.")}))
    with pytest.raises(InputError, match="It is a pickle"):
        bring(never, Terms(accept_licence=True))


def test_a_disk_that_is_too_small_is_said_before_the_first_byte(
    tmp_path: Path, two_files: Callable[[str], Catalogue], server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "store", two_files("good"))
    monkeypatch.setattr(Store, "free", lambda self: 1000)
    with pytest.raises(OutputError, match="are free; make room"):
        bring(store)
    assert server.asked == []


def test_two_at_a_time(tmp_path: Path, two_files: Callable[[str], Catalogue]) -> None:
    store = Store(tmp_path / "store", two_files("good"))
    with store.locked("tiny"), pytest.raises(OutputError, match="another glossa is at work on it"):
        bring(store)
    bring(store)


def test_names_that_are_not_known(tmp_path: Path, two_files: Callable[[str], Catalogue]) -> None:
    store = Store(tmp_path / "store", two_files("good"))
    with pytest.raises(UnknownNameError, match=r"Did you mean tiny\?"):
        store.path("tinny")
    for name in ("../tiny", "/etc", "", "a/b", "..", "con", "Tiny"):
        with pytest.raises(InputError, match="no id of a model"):
            store.path(name)
        with pytest.raises(InputError, match="no id of a model"):
            store.remove(name)
