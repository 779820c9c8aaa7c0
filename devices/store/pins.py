"""What files that no catalogue knows turned out to be on the first pull: from then on they must stay the same.

In: a model's id, a file's name. Out: size and SHA-256 of the first time, or None. A JSON file in the store, which
outlives the model's removal.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from devices.files import whole_file
from devices.store.records import BY_FIRST_PULL, HeldFile, Record

_NAME = "pins.json"


def pinned(folder: Path, name: str, file: str) -> HeldFile | None:
    """What that file was when it was first pulled into the store in `folder`."""
    row = _read(folder).get(name, {})
    try:
        size, sha256 = row[file]
        return HeldFile(file, int(size), str(sha256), BY_FIRST_PULL)
    except (KeyError, ValueError, TypeError):
        return None


def remember(folder: Path, record: Record) -> None:
    """Keep what the files of a model are that nobody knew before. Raises OutputError."""
    new = {file.name: [file.size, file.sha256] for file in record.files if file.pinned == BY_FIRST_PULL}
    if not new:
        return
    pins = {**_read(folder), record.id: new}
    with whole_file(folder / _NAME) as path:
        path.write_text(json.dumps(pins, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def forget(folder: Path, name: str) -> None:
    """Let the next pull of a model pin anew. Raises OutputError."""
    pins = dict(_read(folder))
    if pins.pop(name, None) is not None:
        with whole_file(folder / _NAME) as path:
            path.write_text(json.dumps(pins, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _read(folder: Path) -> Mapping[str, Any]:
    try:
        found = json.loads((folder / _NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
