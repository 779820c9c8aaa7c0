"""`glossa models` through its own door: a person's view of the store, with the network refused to all but pull."""

import io
import json
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from devices.store import Store
from pipeline.cli import main
from pipeline.store_table import rows, show
from tests.devices.store.model_files import onnx_bytes
from tests.devices.store.model_server import ModelServer
from tests.test_privacy import run_guarded
from vision.text.models import DETECTOR, model_path

MODEL = onnx_bytes(weights=5000)


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of its own for each test."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("GLOSSA_MODELS", str(tmp_path / "store"))
    return tmp_path / "store"


def catalogue(folder: Path, url: str, *, licence: str = "MIT", commercial: bool = True) -> Path:
    """A catalogue with one model."""
    from hashlib import sha256

    path = folder / "own.toml"
    path.write_text(
        f'[[model]]\nid = "tiny"\ntitle = "Tiny"\ntask = "text"\nengine = "onnx"\nlicence = "{licence}"\n'
        f'commercial = {str(commercial).lower()}\npage = "https://example.org"\n[[model.files]]\nname = "tiny.onnx"\n'
        f'url = "{url}"\nsize = {len(MODEL)}\nsha256 = "{sha256(MODEL).hexdigest()}"\n'
    )
    return path


def test_list(capsys: pytest.CaptureFixture[str], own_store: Path) -> None:
    assert main(["models", "list", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["id"] for row in rows} >= {"yolox-nano", "ppocrv5-rec-korean", "nllb-600m"}
    assert not any(row["here"] for row in rows)
    assert main(["models", "list", "--task", "hands"]) == 0
    assert "gesture-recognizer" in capsys.readouterr().out
    assert main(["models", "list", "--task", "cooking"]) == 1
    assert "Known tasks: text, objects" in capsys.readouterr().err
    assert not own_store.exists()  # looking writes nothing


def test_pull_use_verify_remove(tmp_path: Path, capsys: pytest.CaptureFixture[str], own_store: Path) -> None:
    with ModelServer() as server:
        server.files["tiny.onnx"] = MODEL
        own = ["--catalogue", str(catalogue(tmp_path, server.url("good", "tiny.onnx")))]
        assert main(["models", "pull", "tiny", *own]) == 0
        assert main(["models", "pull", "tiny", *own]) == 0
        assert len(server.asked) == 1
    assert "lies here already" in capsys.readouterr().out
    assert main(["models", "path", "tiny"]) == 0
    path = Path(capsys.readouterr().out.strip())
    assert path.read_bytes() == MODEL
    assert main(["models", "verify"]) == 0
    path.write_bytes(bytes(len(MODEL)))
    assert main(["models", "verify"]) == 1
    assert "tiny.onnx has other bytes" in capsys.readouterr().err
    assert main(["models", "remove", "tiny"]) == 0
    assert main(["models", "path", "tiny"]) == 1
    assert "glossa models list" in capsys.readouterr().err


def test_licence_and_link(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with ModelServer() as server:
        server.files["tiny.onnx"] = MODEL
        path = catalogue(tmp_path, server.url("missing"), licence="CC-BY-NC-4.0", commercial=False)
        words = ["models", "pull", "tiny", "--catalogue", str(path)]
        assert main(words) == 1
        assert "--accept-licence" in capsys.readouterr().err
        assert server.asked == []
        assert main([*words, "--accept-licence"]) == 1
        assert "404" in capsys.readouterr().err


def test_ctrl_c_keeps_what_has_arrived(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], own_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.store_progress import PullProgress

    def stop(self: PullProgress, file: object, done: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(PullProgress, "watch", stop)
    with ModelServer() as server:
        server.files["tiny.onnx"] = MODEL
        own = catalogue(tmp_path, server.url("good", "tiny.onnx"))
        assert main(["models", "pull", "tiny", "--catalogue", str(own)]) == 130
    assert "the same command goes on from there" in capsys.readouterr().err
    begun = {path.name for path in (own_store / ".work" / "tiny").iterdir()}
    assert begun == {"tiny.onnx.part", "tiny.onnx.part.json"}
    assert not (own_store / "tiny").exists()


def test_add(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.onnx").write_bytes(MODEL)
    assert main(["models", "add", str(tmp_path / "mine.onnx"), "--as", "mine"]) == 2
    assert main(["models", "add", str(tmp_path / "mine.onnx"), "--as", "mine", "--task", "cooking"]) == 1
    assert main(["models", "add", str(tmp_path / "mine.onnx"), "--as", "mine", "--task", "text"]) == 0
    capsys.readouterr()
    assert main(["models", "list", "--here"]) == 0
    assert "mine" in capsys.readouterr().out
    (tmp_path / "mine.onnx").write_bytes(b"<html>")
    assert main(["models", "add", str(tmp_path / "mine.onnx"), "--as", "other", "--task", "text"]) == 1
    assert "no whole .onnx file" in capsys.readouterr().err


def test_what_mends_a_model_that_no_catalogue_has(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.onnx").write_bytes(MODEL)
    assert main(["models", "add", str(tmp_path / "mine.onnx"), "--as", "mine", "--task", "text"]) == 0
    assert main(["models", "path", "mine"]) == 0
    Path(capsys.readouterr().out.splitlines()[-1]).write_bytes(b"short")
    for words in (["verify"], ["path", "mine"]):
        assert main(["models", *words]) == 1
        said = capsys.readouterr().err
        assert "epair it: glossa models remove mine, then add or make it again" in said
        assert "pull" not in said


def test_a_damaged_store_is_no_traceback(own_store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (own_store / "tiny").mkdir(parents=True)
    (own_store / "tiny" / "glossa-model.json").write_text("[")
    (own_store / "Other Things").mkdir()
    assert main(["models", "list"]) == 0
    assert main(["models", "verify"]) == 1
    said = capsys.readouterr().err
    assert "tiny: is no model that can be read: glossa models remove tiny\n" in said
    assert f"Other Things: is no model that can be read: delete the folder {own_store / 'Other Things'}\n" in said
    assert main(["models", "path", "tiny"]) == 1
    assert "is damaged" in capsys.readouterr().err
    assert main(["models", "remove", "tiny"]) == 0
    assert (own_store / "Other Things").is_dir()


def test_one_line_a_model_in_a_pipe_and_on_a_terminal(own_store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    store = Store(own_store)
    assert [line.split("\t")[1] for line in lines] == [row.id for row in rows(store)]
    assert {line.count("\t") for line in lines} == {5}
    for width in (80, 200):
        told = io.StringIO()
        show(rows(store), store, Console(file=told, width=width, force_terminal=True, color_system=None))
        shown = told.getvalue().splitlines()
        assert all(len(line) <= width for line in shown if not line.startswith("store:"))
        for row in rows(store):
            assert sum(row.id in line.split() for line in shown) == 1
        assert len(shown) <= 1 + len(lines) + 5


@pytest.mark.e2e
@pytest.mark.parametrize("present", [True, False])
def test_nothing_but_pull_touches_the_network(tmp_path: Path, present: bool) -> None:
    """Every command but pull, with sockets refused; and pull, to see that the refusal bites."""
    results, store = tmp_path / "results", tmp_path / "results" / "store"
    results.mkdir()
    shutil.copy(model_path(DETECTOR), results / "det.onnx")
    place = ["--store", store]
    if present:
        added = run_guarded(
            tmp_path / "home", results, "models", "add", results / "det.onnx", "--as", "mine", "--task", "text", *place
        )
        assert added.returncode == 0, added.stderr
    for words in (["list"], ["list", "--here", "--json"], ["verify"], ["path"]):
        ended = run_guarded(tmp_path / "home", results, "models", *words, *place)
        assert ended.returncode == 0, ended.stderr
    for words in (["path", "mine"], ["remove", "mine"]):
        ended = run_guarded(tmp_path / "home", results, "models", *words, *place)
        assert ended.returncode == (0 if present else 1), ended.stderr
        assert "REFUSED" not in ended.stderr
    ended = run_guarded(tmp_path / "home", results, "models", "pull", "yolox-nano", *place)
    assert ended.returncode == 99
    assert "REFUSED ('socket." in ended.stderr
