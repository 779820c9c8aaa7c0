"""What all tests share: a cache folder of their own, one loaded reader, and the way to the photographs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from vision.text import TextReader

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The measurement of the engines goes to a folder of this run, subprocesses included."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


@pytest.fixture(scope="session")
def reader() -> TextReader:
    """The real reader, loaded once."""
    return TextReader()


@pytest.fixture(scope="session")
def photographs() -> Path:
    """The labelled photographs that lie beside a development checkout."""
    folder = ROOT.parent / "shared" / "media" / "text"
    if not folder.is_dir():
        pytest.skip(f"no labelled photographs: {folder} does not exist")
    return folder
