"""Opens what sees gestures: the file or folder that was named, or the model in the store; says how to get one."""

from pathlib import Path

from devices import GlossaError, MissingError, UnknownNameError
from devices.store import Store
from pipeline.stored import is_path
from vision.hands import HandReader
from vision.hands.reader import FILES, find_task
from vision.tflite import INSTALL, installed

AUTO, OFF = "auto", "off"

MODELS = ("gesture-recognizer", "hand-landmarker")
"""Models of the store, the better first."""


def find_hands(wanted: str) -> Path | None:
    """The .task file for what was asked: `auto`, `off`, a file, a folder, or a model of the store; None: no gestures.

    `auto` never fails. Raises MissingError for what was named and is not there, and as the store does.
    """
    if wanted == OFF:
        return None
    store = Store()
    if wanted == AUTO:
        try:
            return _held(store)
        except GlossaError:
            return None  # a damaged model: the doctor says so
    path = Path(wanted).expanduser()
    if path.is_dir():
        found = find_task(path)
        if found is None:
            raise MissingError(
                f"{path}: expected {' or '.join(FILES)} in it; bring one: glossa models pull {MODELS[0]}"
            )
    else:
        found = path if path.suffix == ".task" or is_path(wanted) else _stored(store, wanted)
        if found.suffix != ".task" and not found.is_file():
            raise MissingError(f"{found}: there is no such file; expected one of MediaPipe's .task files")
    if not installed():
        raise MissingError(f"Gestures are seen by MediaPipe's models in LiteRT, which is not installed: {INSTALL}")
    return found


def _held(store: Store) -> Path | None:
    """What `auto` takes. Raises InputError where it is damaged."""
    held = next((name for name in MODELS if store.has(name)), None)
    return store.path(held) if held and installed() else None


def _stored(store: Store, wanted: str) -> Path:
    if not store.has(wanted) and wanted not in store.catalogue.entries:
        raise UnknownNameError(
            f"Gestures: expected auto, off, a .task file, its folder, or a model such as {MODELS[0]}; got '{wanted}'."
        )
    return store.path(wanted)


def open_hands(task: Path | None) -> HandReader | None:
    """Ready to read. Blocks for a moment. Raises MissingError and InputError."""
    return HandReader(task) if task else None


def hands_line() -> tuple[bool, str]:
    """What the doctor says: what live would open by itself, or how to get it. Blocks; raises as opening does."""
    reader = open_hands(_held(Store()))
    if reader is not None:
        return True, f"Open palm, fist, finger and thumb up are seen by {reader.name}."
    missing = [] if any(map(Store().has, MODELS)) else [f"glossa models pull {MODELS[0]}"]
    missing += [] if installed() else [INSTALL]
    return False, f"Open palm, fist, finger and thumb up are off. To get them: {' and '.join(missing)}"
