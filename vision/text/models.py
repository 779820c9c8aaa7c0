"""Where the reading models lie: the PP-OCRv6 networks that the rapidocr wheel carries. Reads no network."""

import importlib.util
from pathlib import Path

from devices import MissingError

DETECTOR = "PP-OCRv6_det_small.onnx"
RECOGNISER = "PP-OCRv6_rec_small.onnx"


def model_path(name: str) -> Path:
    """Path of a model file inside the installed rapidocr package; raises `MissingError` if it is not there."""
    spec = importlib.util.find_spec("rapidocr")  # located, never imported: its import costs a second
    for folder in spec.submodule_search_locations or [] if spec else []:
        path = Path(folder) / "models" / name
        if path.is_file():
            return path
    raise MissingError(
        f"The reading model {name} is missing: it comes inside the rapidocr package (3.9 or newer). "
        "Bring it with: pip install --force-reinstall 'rapidocr>=3.9'"
    )
