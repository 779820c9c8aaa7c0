"""MediaPipe's .task files: zips of TensorFlow Lite networks, some in zips of their own. Not trusted.

In: a file. Out: the networks by their names, and the words that a network carries along. Unpacks to memory only.
"""

import io
import zipfile
from pathlib import Path

from devices import InputError, MissingError
from devices.files import ZIP_DAMAGE

_MOST_BYTES = 200_000_000
_MOST_FILES = 50
_DEEPEST = 2
_DAMAGE = (*ZIP_DAMAGE, OSError)


def read_task(path: Path) -> dict[str, bytes]:
    """All .tflite files in it, by their last name; those of inner bundles too. Raises MissingError and InputError."""
    if not path.is_file():
        raise MissingError(f"{path}: there is no such file; expected one of MediaPipe's .task files")
    if path.stat().st_size > _MOST_BYTES:
        raise InputError(f"{path}: {path.stat().st_size} bytes, expected at most {_MOST_BYTES}; this is no such model")
    found: dict[str, bytes] = {}
    _open(path.read_bytes(), path.name, found, 0)
    if not found:
        raise InputError(f"{path}: holds no .tflite network; expected one of MediaPipe's .task files")
    return found


def labels_in(network: bytes) -> list[str] | None:
    """Names of a network's answers: a text file in the zip that its maker put behind it. None: there is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(network)) as archive:
            names = [one for one in archive.infolist() if one.filename.endswith(".txt") and one.file_size < 100_000]
            if not names:
                return None
            return archive.read(names[0]).decode().splitlines()
    except _DAMAGE:
        return None


def _open(content: bytes, title: str, found: dict[str, bytes], depth: int) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > _MOST_FILES or sum(one.file_size for one in members) > _MOST_BYTES or depth > _DEEPEST:
                raise InputError(f"{title}: too much is in it; not unpacked. Get the file again")
            for one in members:
                name = one.filename.rpartition("/")[2]
                if name.endswith(".tflite"):
                    found[name] = archive.read(one)
                elif name.endswith(".task"):
                    _open(archive.read(one), name, found, depth + 1)
    except _DAMAGE as why:
        raise InputError(f"{title}: is no whole .task file ({str(why)[:120]}); get it again") from why
