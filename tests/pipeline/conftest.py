"""The door: `glossa("video", path, ...)` calls the real command line in this process; the models load once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import pipeline.engines
from pipeline.cli import main
from tests.pipeline.films import Board, pan, shoot, wall, write_clip


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call of the program ended."""

    status: int
    out: str
    err: str

    def complaint(self) -> str:
        """The one line of a failure."""
        assert self.status != 0
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("glossa: ")
        assert "Traceback" not in self.out + self.err
        return lines[0]


Door = Callable[..., Outcome]


@pytest.fixture(scope="session")
def _models_load_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline.engines, "open_reader", cache(pipeline.engines.open_reader))
        patch.setattr(pipeline.engines, "open_translator", cache(pipeline.engines.open_translator))
        yield


@pytest.fixture
def glossa(_models_load_once: None, capfd: pytest.CaptureFixture[str]) -> Door:
    """Calls `main` and gives status, output and errors, those of the native libraries included."""

    def call(*words: object) -> Outcome:
        capfd.readouterr()
        status = main([str(word) for word in words])
        said = capfd.readouterr()
        return Outcome(status, said.out, said.err)

    return call


EXIT_SIGN = Board("出口", (200, 100, 240, 120))


@pytest.fixture(scope="session")
def short_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight frames of one sign, with sound. Never written to by the tests."""
    scene = wall(760, 420, [EXIT_SIGN])
    pictures = [shoot(scene, pan(30 + 2 * index, 20)) for index in range(8)]
    return write_clip(tmp_path_factory.mktemp("short") / "short.mp4", pictures, sound=True)
