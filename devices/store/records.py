"""What lies in a model's folder of the store: a JSON file with its files, their hashes, and on what terms it came.

In: a folder, perhaps from a USB stick and not trusted. Out: a frozen record, or an InputError.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from devices.errors import InputError
from devices.files import whole_file
from devices.store.catalogue import ENGINES, TASKS
from devices.store.names import RECORD, checked_id, checked_name, checked_sha256

_FORMAT = 1
_LARGEST = 1_000_000

BY_CATALOGUE, BY_FIRST_PULL, BY_PERSON = "catalogue", "first pull", "person"
"""Who said what a file must be: the catalogue; nobody, so that it is what came first; the person who added it."""


@dataclass(frozen=True, slots=True)
class HeldFile:
    """One file of a model in the store."""

    name: str
    size: int
    sha256: str
    pinned: str
    """`BY_CATALOGUE`, `BY_FIRST_PULL` or `BY_PERSON`."""


@dataclass(frozen=True, slots=True)
class Record:
    """One model in the store."""

    id: str
    title: str
    task: str
    languages: tuple[str, ...]
    engine: str
    licence: str
    commercial: bool
    opens: str
    """The file that an engine is given; empty: the folder."""
    files: tuple[HeldFile, ...]

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(file.size for file in self.files)


def write_record(folder: Path, record: Record) -> None:
    """Write it into a model's folder. Raises OutputError."""
    with whole_file(folder / RECORD) as path:
        path.write_text(json.dumps({"format": _FORMAT, **asdict(record)}, indent=1) + "\n", encoding="utf-8")


def read_record(folder: Path) -> Record:
    """The record of a model's folder. Raises InputError for one that is missing, damaged or not to be trusted."""
    path = folder / RECORD
    where = f"{folder.name}/{RECORD}"
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(f"{where}: is too large for a record of a model")
        content = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict) or content["format"] != _FORMAT:
            raise InputError(f"{where}: was written by another version of Glossa; pull or add the model again")
        return _record(content, where)
    except OSError as why:
        raise InputError(f"{folder}: is no model's folder ({RECORD} cannot be read: {why.strerror})") from why
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as why:
        raise InputError(f"{where}: is damaged ({str(why)[:120]}); pull or add the model again") from why


def _record(content: dict[str, Any], where: str) -> Record:
    files = tuple(_file(one, where) for one in content["files"])
    names = [file.name for file in files]
    opens = str(content["opens"])
    if not files or len(set(names)) < len(names) or (opens and opens not in names):
        raise ValueError("its list of files")
    if content["task"] not in TASKS or content["engine"] not in ENGINES:
        raise ValueError("task or engine")
    return Record(
        checked_id(content["id"], where),
        str(content["title"]),
        content["task"],
        tuple(str(code) for code in content["languages"]),
        content["engine"],
        str(content["licence"]),
        content["commercial"] is True,
        opens,
        files,
    )


def _file(content: dict[str, Any], where: str) -> HeldFile:
    pinned = content["pinned"] if content["pinned"] in (BY_CATALOGUE, BY_FIRST_PULL) else BY_PERSON
    size = content["size"]
    if not isinstance(size, int) or size < 0:
        raise ValueError("a file's size")
    return HeldFile(checked_name(content["name"], where), size, checked_sha256(content["sha256"], where), pinned)
