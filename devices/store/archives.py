"""Zip and gzip files, unpacked without trusting them: no path leaves the folder, no bomb goes off.

In: an archive and an empty folder, or a compressed file. Out: ordinary files, or an InputError. Executes nothing,
follows no link, keeps no permissions.
"""

import errno
import zipfile
import zlib
from pathlib import Path

from devices.errors import InputError
from devices.files import ZIP_DAMAGE, megabytes, write_error
from devices.store.names import checked_name

_MOST_FILES = 2000
_MOST_BYTES = 12_000_000_000
_HIGHEST_RATIO = 200  # weights shrink to a half; text to a tenth
_FROM_BYTES = 10_000_000  # a ratio is judged from this size on
_LONGEST_ZIP_LIST = 20_000_000
_CHUNK = 1 << 18
_GZIP = 16 + zlib.MAX_WBITS
_LINK, _KIND = 0o120000, 0o170000
_READING = (
    None,
    errno.EINVAL,
)  # of an OSError that a damaged zip causes: bzip2 says so, and a seek to before its start


def checked_members(path: Path, *, most: int = _MOST_BYTES, called: str = "") -> list[zipfile.ZipInfo]:
    """The files of a zip, if all of them may be unpacked. Raises InputError, which names it as `called`; unpacks
    nothing."""
    called = called or path.name
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            if archive.start_dir and path.stat().st_size - archive.start_dir > _LONGEST_ZIP_LIST:
                raise InputError(f"{called}: its list of files is too long; not unpacked")
    except (OSError, *ZIP_DAMAGE) as why:
        raise InputError(f"{called}: is no whole zip file ({str(why)[:120]}); copy or download it again") from why
    if len(members) > _MOST_FILES:
        raise InputError(f"{called}: holds {len(members)} files, expected at most {_MOST_FILES}; not unpacked")
    names = set()
    for one in members:
        name = checked_name(one.filename, called).lower()
        if name in names:
            raise InputError(f"{called}: holds {one.filename} twice; not unpacked")
        if one.external_attr >> 16 & _KIND == _LINK or one.flag_bits & 1:
            raise InputError(f"{called}: {one.filename} is a link, or locked by a password; not unpacked")
        names.add(name)
    size, packed = sum(one.file_size for one in members), max(1, path.stat().st_size)
    if size > most or (size > _FROM_BYTES and size > packed * _HIGHEST_RATIO):
        raise InputError(
            f"{called}: {megabytes(packed)} would become {megabytes(size)}; expected at most {megabytes(most)} and"
            f" {_HIGHEST_RATIO} times as much. That is made to fill a disk; not unpacked"
        )
    return members


def unzip(path: Path, folder: Path, *, most: int = _MOST_BYTES) -> list[Path]:
    """Unpack a zip into `folder`, which is there, and return its files. Raises InputError and OutputError."""
    members = checked_members(path, most=most)
    written: list[Path] = []
    with zipfile.ZipFile(path) as archive:
        for one in members:
            target = folder / checked_name(one.filename, path.name)
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                _copy(archive, one, target)
            except ZIP_DAMAGE as why:
                raise InputError(f"{path.name}: {one.filename} is damaged ({str(why)[:120]})") from why
            except OSError as why:
                if why.errno in _READING:
                    raise InputError(f"{path.name}: {one.filename} is damaged ({str(why)[:120]})") from why
                raise write_error(target, why) from why
            written.append(target)
    return written


def _copy(archive: zipfile.ZipFile, one: zipfile.ZipInfo, target: Path) -> None:
    """One file; stops where more comes out than its header says."""
    left = one.file_size
    with archive.open(one) as source, target.open("xb") as out:
        while piece := source.read(_CHUNK):
            left -= len(piece)
            if left < 0:
                raise zipfile.BadZipFile("more comes out of it than it says")
            out.write(piece)
    if left:
        raise zipfile.BadZipFile("less comes out of it than it says")


def gunzip(path: Path, target: Path, size: int) -> None:
    """Unpack a gzip file that must give exactly `size` bytes. Raises InputError and OutputError."""
    stream = zlib.decompressobj(_GZIP)
    done = 0
    try:
        with path.open("rb") as source, target.open("wb") as out:
            while not stream.eof:
                piece = stream.unconsumed_tail or source.read(_CHUNK)
                if not piece:
                    raise InputError(f"{path.name}: ends in the middle; expected {size} bytes to come out, got {done}")
                plain = stream.decompress(piece, _CHUNK)
                done += len(plain)
                if done > size:
                    raise InputError(f"{path.name}: more than the expected {size} bytes come out of it; not unpacked")
                out.write(plain)
    except zlib.error as why:
        raise InputError(f"{path.name}: is no whole gzip file ({why})") from why
    except OSError as why:
        raise write_error(target, why, written=done) from why
    if done != size:
        raise InputError(f"{path.name}: expected {size} bytes to come out of it, got {done}")
