"""What doctor says of the store: empty, filled, damaged."""

from pathlib import Path

from devices.store import Store
from devices.store.adding import Own, add_own
from pipeline.doctor_store import store_lines
from tests.devices.store.model_files import onnx_bytes


def test_empty_filled_and_damaged(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    lines = store_lines(store)
    assert str(store.folder) in lines[0][1]
    assert "free on its disk" in lines[0][1]
    assert "glossa models list" in lines[1][1]
    assert not store.folder.exists()
    (tmp_path / "m.onnx").write_bytes(onnx_bytes())
    add_own(store, tmp_path / "m.onnx", Own("mine", "text", licence="MIT"))
    good, line = store_lines(store)[1]
    assert good
    assert "mine" in line
    assert "MIT" in line
    store.path("mine").write_bytes(b"")
    (store.folder / "broken").mkdir()
    told = store_lines(store)
    assert [good for good, _ in told[1:]] == [False, False]
    assert "has 0 bytes" in told[1][1]
    assert "glossa models remove broken" in told[2][1]


def test_a_disk_that_is_nearly_full(tmp_path: Path) -> None:
    class Small(Store):
        def free(self) -> int | None:
            return 10_000_000

    assert store_lines(Small(tmp_path))[0] == (False, f"store: {tmp_path}, 10.0 MB free on its disk")
