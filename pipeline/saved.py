"""The texts that a wearer saved: a file of their own, one JSON object a line, in the folder for user data.

Only what was asked for by a gesture is written, never a picture.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import platformdirs

from devices.files import write_error
from language.translation import Translation


def saved_file() -> Path:
    """Where they lie unless another file is named."""
    return Path(platformdirs.user_data_dir("glossa", appauthor=False)) / "saved.jsonl"


class SavedTexts:
    """A file that only grows."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or saved_file()

    def add(self, source: str, texts: Sequence[Translation], now: datetime | None = None) -> None:
        """Append one line: when, from which camera or clip, and the texts. Raises OutputError."""
        told = [
            {
                "source": one.source,
                "source_lang": one.source_lang,
                "target": one.target,
                "target_lang": one.target_lang,
                "sure": one.sure,
            }
            for one in texts
        ]
        at = (now or datetime.now().astimezone()).isoformat(timespec="seconds")
        line = json.dumps({"at": at, "from": source, "texts": told}, ensure_ascii=False)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8", newline="\n") as file:
                file.write(line + "\n")
        except OSError as why:
            raise write_error(self.path, why) from why
