"""What the tests of reading share."""

import warnings
from pathlib import Path

import pytest

from tests.vision.text.paddle_models import missing, paddle_folder


@pytest.fixture(scope="session")
def paddle_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installed networks in PaddleOCR's format."""
    if without := missing():
        pytest.skip(f"no PaddleOCR models can be made here: pip install {' '.join(without)}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return paddle_folder(tmp_path_factory.mktemp("paddleocr") / "models")
