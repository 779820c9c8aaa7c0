"""Ordinary files: can this be read, may that be written, and writing that leaves a whole file or none.

Comes in: a path. Goes out: a path that is safe to open, or one sentence that says what to do instead.
Refuses to know: what is inside the file.
"""

import errno
import lzma
import os
import secrets
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import file_digest
from pathlib import Path

from devices.errors import InputError, OutputError

ZIP_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
)
"""What unpacking a damaged zip may raise, besides what the disk does."""

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def check_input(path: Path | str) -> Path:
    """Return `path` as an absolute path to a readable, ordinary, non-empty file.

    Raises InputError when it is missing, a directory, not an ordinary file, empty, or not readable.
    """
    path = Path(path)
    try:
        absolute = path.resolve()
        if not absolute.exists():
            raise InputError(f"{path}: there is no such file; check the name and the folder")
        if absolute.is_dir():
            raise InputError(f"{path}: is a folder, a media file was expected; name a file inside it")
        if not absolute.is_file():
            raise InputError(f"{path}: is not an ordinary file; copy its content to a file first")
        if absolute.stat().st_size == 0:
            raise InputError(f"{path}: is empty (0 bytes); copy or download it again")
        with absolute.open("rb"):
            pass
    except PermissionError as why:
        raise InputError(f"{path}: may not be read; change its permissions (chmod +r)") from why
    except (OSError, RuntimeError, ValueError) as why:  # a loop of links, a name too long, a null byte
        raise InputError(f"{path}: cannot be opened ({why}); check the name") from why
    return absolute


def check_output(path: Path | str, inputs: Sequence[Path | str] = ()) -> Path:
    """Return the absolute path that writing to `path` would create or replace.

    Raises OutputError when the folder is missing or not writable, when `path` is a folder or anything but an
    ordinary file, when it is write-protected, or when it is the same file as one of `inputs`.
    """
    path = Path(path)
    try:
        absolute = path.resolve()
        folder = absolute.parent
        if absolute.is_dir():
            raise OutputError(f"{path}: is a folder, a file name was expected; add a name to it")
        if not folder.is_dir():
            raise OutputError(f"{path}: the folder {folder} does not exist; create it first (mkdir -p)")
        if absolute.exists() and not absolute.is_file():
            raise OutputError(f"{path}: is not an ordinary file; choose another name")
        for given in inputs:
            source = Path(given)
            if absolute == source.resolve() or (absolute.exists() and source.exists() and absolute.samefile(source)):
                raise OutputError(
                    f"{path}: is the input itself, or named twice; choose another name, nothing was written"
                )
        if not os.access(folder, os.W_OK | os.X_OK):
            raise OutputError(f"{path}: the folder {folder} may not be written; choose another one")
        if absolute.exists() and not os.access(absolute, os.W_OK):
            raise OutputError(f"{path}: exists and is write-protected; choose another name")
    except (OSError, RuntimeError, ValueError) as why:
        raise OutputError(f"{path}: cannot be written ({why}); choose another name") from why
    return absolute


def part_path(path: Path) -> Path:
    """Create an empty hidden file beside `path`, to be written and then renamed to it.

    The name is short and does not contain the final one, which may already be as long as a name can be.
    Raises OutputError.
    """
    part = path.parent / f".glossa-{secrets.token_hex(6)}.part"
    try:
        # 0o666 is narrowed by the umask, as for any new file; tempfile would leave 0o600 behind.
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    except OSError as why:
        raise write_error(path, why) from why
    return part


def discard(part: Path) -> None:
    """Remove an unfinished file; quietly, because something else has already gone wrong."""
    with suppress(OSError):
        part.unlink(missing_ok=True)


@contextmanager
def whole_file(path: Path | str, inputs: Sequence[Path | str] = ()) -> Iterator[Path]:
    """Give a temporary path to write; rename it to `path` on success, remove it on any exception.

    Raises OutputError for everything that `check_output` refuses and for errors while writing.
    """
    final = check_output(path, inputs)
    part = part_path(final)
    try:
        yield part
        part.replace(final)
    except OSError as why:
        raise write_error(final, why) from why
    finally:
        discard(part)


def write_error(path: Path, why: Exception, *, written: int = 0, share_done: float | None = None) -> OutputError:
    """Return one sentence for an error while writing `path`.

    `written`: bytes on disk so far; `share_done`: how much of the work they hold, 0..1, when known.
    """
    number = getattr(why, "errno", None)
    if number not in _FULL:
        reason = getattr(why, "strerror", None) or str(why) or type(why).__name__
        return OutputError(f"{path}: cannot be written ({reason}); choose another place")
    if number == errno.EFBIG:
        what = "the largest file size allowed here is reached (see ulimit -f)"
    else:
        what = "the disk is full"
    with suppress(OSError):
        what += f", {megabytes(shutil.disk_usage(path.parent).free)} were left"
    need = ""
    if written:
        need = f" after {megabytes(written)}"
        if share_done is not None and 0.01 < share_done < 1:
            need += f" of about {megabytes(round(written / share_done))}"
    return OutputError(f"{path}: {what}, writing stopped{need}; make room or choose another place")


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file as it lies on the disk, in hexadecimal. Reads all of it. Raises OSError."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def megabytes(count: int) -> str:
    """Return a number of bytes for people: '3.1 MB'."""
    return f"{count / 1e6:.1f} MB"
