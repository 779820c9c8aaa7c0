"""Looks at a model's files before any engine opens them. Opens no network, executes nothing, loads no weights.

In: a file and the names of those that belong to it. Out: nothing, or an InputError that says what is wrong with it. A
file that passes may still be refused by its engine; one that does not is damaged, hostile or not a model at all.

A Python pickle can run any program when it is opened (docs.python.org/3/library/pickle.html): none is ever kept.
"""

import json
import os
import struct
from collections.abc import Callable, Collection
from pathlib import Path, PurePosixPath

from devices.errors import InputError
from devices.store.archives import checked_members
from devices.store.names import checked_name
from devices.store.onnx_file import external_files

_PROGRAMS = {
    *(".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".joblib", ".dill", ".npy", ".npz"),
    *(".py", ".pyc", ".so", ".dll", ".dylib", ".exe", ".sh", ".bat", ".cmd", ".ps1", ".jar", ".js"),
}
_MAGICS = (b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!/", b"\x93NUMPY")
_LARGEST_JSON = 100_000_000
_LARGEST_TASK = 2_000_000_000


def inspect(path: Path, name: str, siblings: Collection[str]) -> None:
    """Raise InputError where the file at `path`, called `name` in its model, is not what that name promises.

    `siblings` are the names of all files of the model: nothing may point to others.
    """
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _PROGRAMS:
        raise InputError(
            f"{name}: files that end in {suffix} can hold programs; such a model is never opened. {_INSTEAD}"
        )
    try:
        with path.open("rb") as file:
            head = file.read(64)
        if not head:
            raise InputError(f"{name}: is empty (0 bytes)")
        if _is_pickle(path, name, head) or head.startswith(_MAGICS):
            raise InputError(
                f"{name}: holds a program (a Python pickle, say), not only numbers; never opened. {_INSTEAD}"
            )
        if check := _CHECKS.get(suffix):
            check(path, name, siblings)
    except (ValueError, struct.error, RecursionError) as why:
        raise InputError(f"{name}: is no whole {suffix} file ({str(why)[:160]}); get it again") from why
    except OSError as why:
        raise InputError(f"{name}: cannot be read ({why.strerror})") from why


_INSTEAD = "Take the model as .onnx, .gguf, .tflite, .task or CTranslate2"


def _is_pickle(path: Path, name: str, head: bytes) -> bool:
    """A pickle of protocol 2 and later, alone, as torch.save wrote it before 2020, or in a zip as it does since."""
    if head[:1] == b"\x80" and head[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        with path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"." or head[2:4] == b"\x8a\x0a"
    if head[:4] != b"PK\x03\x04":
        return False
    return any(
        one.filename.endswith((".pkl", ".pickle")) for one in checked_members(path, most=_LARGEST_TASK, called=name)
    )


def _onnx(path: Path, name: str, siblings: Collection[str]) -> None:
    beside = PurePosixPath(name).parent
    for location in sorted(external_files(path)):
        plain = location.removeprefix("./")
        wanted = str(beside / checked_name(plain, f"{name}, its weights"))
        if wanted not in siblings:
            raise InputError(
                f"{name}: takes weights from {location[:120]!r}, which is not one of the model's files"
                f" ({', '.join(sorted(siblings))})"
            )


def _tflite(path: Path, name: str, siblings: Collection[str]) -> None:
    """The head of a flat buffer: where its root is, and the mark of TensorFlow Lite."""
    with path.open("rb") as file:
        root, mark = struct.unpack("<I4s", file.read(8))
    if mark != b"TFL3" or not 8 <= root < path.stat().st_size - 4:
        raise ValueError("the mark of TensorFlow Lite is missing")
    with path.open("rb") as file:
        file.seek(root)
        (back,) = struct.unpack("<i", file.read(4))
    if not 0 <= root - back < path.stat().st_size - 4:
        raise ValueError("its root leads out of the file")


def _task(path: Path, name: str, siblings: Collection[str]) -> None:
    """MediaPipe's bundle: a zip of .tflite files."""
    members = checked_members(path, most=_LARGEST_TASK, called=name)
    if not any(one.filename.endswith((".tflite", ".task")) for one in members):
        raise ValueError("no .tflite in it")


def _gguf(path: Path, name: str, siblings: Collection[str]) -> None:
    """Source: github.com/ggml-org/ggml/blob/master/docs/gguf.md."""
    size = path.stat().st_size
    with path.open("rb") as file:
        mark, version, tensors, pairs = struct.unpack("<4sIQQ", file.read(24))
    if mark != b"GGUF" or not 1 <= version <= 3:
        raise ValueError("the mark of GGUF is missing")
    if tensors * 24 > size or pairs * 12 > size:
        raise ValueError(f"{tensors} tensors and {pairs} settings do not fit into {size} bytes")


def _safetensors(path: Path, name: str, siblings: Collection[str]) -> None:
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        if not 2 <= length <= min(_LARGEST_JSON, path.stat().st_size - 8):
            raise ValueError("its list of tensors does not fit into it")
        json.loads(file.read(length))


def _json(path: Path, name: str, siblings: Collection[str]) -> None:
    if path.stat().st_size > _LARGEST_JSON:
        raise ValueError(f"larger than {_LARGEST_JSON // 1_000_000} MB")
    json.loads(path.read_text(encoding="utf-8"))


_CHECKS: dict[str, Callable[[Path, str, Collection[str]], None]] = {
    ".onnx": _onnx,
    ".tflite": _tflite,
    ".task": _task,
    ".gguf": _gguf,
    ".safetensors": _safetensors,
    ".json": _json,
}
