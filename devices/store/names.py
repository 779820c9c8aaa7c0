"""Names that may become paths in the store, and addresses that may be fetched. Touches no disk and no network.

In: words of a catalogue, a record, an archive or a person, none of them trusted. Out: the same, or an InputError.
"""

import re
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from devices.errors import InputError

_ID = re.compile(r"[a-z0-9](?:[a-z0-9]|[.-](?=[a-z0-9])){0,63}")
_PART = re.compile(r"[A-Za-z0-9_+@-][A-Za-z0-9_+@ .-]{0,119}")
_DEEPEST = 4
_SHA256 = re.compile(r"[0-9a-f]{64}")
# Windows opens a device under these names, whatever their ending.
_DEVICES = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}

RECORD = "glossa-model.json"
"""Each model's folder has this file; no model may bring its own."""


def checked_id(name: str, where: str = "model") -> str:
    """`name` if it can be a model's id and so a folder's name; raises InputError."""
    if _ID.fullmatch(name) and name.split(".")[0] not in _DEVICES:
        return name
    raise InputError(
        f"{where}: {name[:80]!r} is no id of a model; expected small letters, digits, and single . or - between them"
    )


def checked_name(name: str, where: str = "model") -> str:
    """`name` if it is a path that stays in its folder on every system: `model.onnx`, `onnx/model.onnx`.

    Raises InputError for what is absolute, leads upwards, is hidden, is a device, or is the store's own record.
    """
    parts = name.split("/")
    fine = (
        0 < len(parts) <= _DEEPEST
        and all(_PART.fullmatch(part) and part[-1] not in ". " for part in parts)
        and all(part.split(".")[0].strip().lower() not in _DEVICES for part in parts)
        and name.lower() != RECORD
    )
    if not fine:
        raise InputError(
            f"{where}: {name[:120]!r} cannot be the name of a model's file; expected letters, digits and _ + @ - . in a"
            f" path of at most {_DEEPEST} parts that stays in the model's folder"
        )
    return str(PurePosixPath(*parts))


def checked_sha256(text: str, where: str) -> str:
    """`text` in small letters if it is a SHA-256 in hexadecimal; raises InputError."""
    if _SHA256.fullmatch(text.lower()):
        return text.lower()
    raise InputError(f"{where}: expected 64 hexadecimal digits as 'sha256', got {text[:80]!r}")


def checked_url(url: str, where: str, *, proven: bool) -> str:
    """`url` if it may be fetched: https, or http where the SHA-256 of the file is known (`proven`).

    Raises InputError, also for an address with a name and a password in it.
    """
    try:
        parts = urlsplit(url)
        sound = bool(parts.hostname) and (parts.port or 1) > 0 and url.isascii() and url.isprintable()
    except ValueError:
        raise InputError(f"{where}: {url[:200]!r} is no address; expected https://...") from None
    if not sound or " " in url or parts.username is not None or parts.password is not None:
        raise InputError(f"{where}: {url[:200]!r} is no address that is fetched; expected https://host/path")
    if parts.scheme == "https" or (parts.scheme == "http" and proven):
        return url
    if parts.scheme == "http":
        raise InputError(f"{where}: {url[:200]!r} is not protected and the file's sha256 is not known; expected https")
    raise InputError(f"{where}: {url[:200]!r}: expected an address that begins with https://")
