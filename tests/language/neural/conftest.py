"""One tiny folder of our own, made once."""

from pathlib import Path

import pytest

from language.neural import NeuralTranslator
from language.neural.network import Network
from tests.language.neural.tiny import glossa_folder


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return glossa_folder(tmp_path_factory.mktemp("models") / "model")


@pytest.fixture(scope="session")
def network(folder: Path) -> Network:
    return Network(folder)


@pytest.fixture(scope="session")
def translator(folder: Path) -> NeuralTranslator:
    return NeuralTranslator(folder)
