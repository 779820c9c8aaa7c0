"""Adds a model from a folder, a file, a zip or a USB stick. Opens no network, trusts nothing that it is given.

In: a path, and the id of a model of the catalogue, or nothing: then the files' hashes say which one it is. Or a model
of one's own with a name and a task. Out: the record of what now lies in the store, or a GlossaError.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from devices.errors import GlossaError, InputError
from devices.files import sha256_of, write_error
from devices.store.archives import gunzip, unzip
from devices.store.catalogue import Entry, ModelFile
from devices.store.names import RECORD, checked_id, checked_name
from devices.store.pins import pinned, remember
from devices.store.pulling import Terms, check_terms, look_through, record_of
from devices.store.records import BY_CATALOGUE, BY_FIRST_PULL, BY_PERSON, HeldFile, Record, read_record
from devices.store.store import Store

_DEEPEST = 6
_MOST_FILES = 20_000

Progress = Callable[[str], None]
"""Is told which file is copied."""


@dataclass(frozen=True, slots=True)
class Own:
    """What a person says of a model that the catalogue does not have."""

    id: str
    task: str
    engine: str = "onnx"
    licence: str = "not stated"
    title: str = ""
    languages: tuple[str, ...] = ()
    commercial: bool = False
    """Whether the licence allows commercial use."""


def add(
    store: Store,
    source: Path,
    entry: Entry | None = None,
    terms: Terms | None = None,
    progress: Progress = lambda name: None,
) -> Record:
    """Copy a model of the catalogue from `source` into the store; without `entry` the hashes say which one it is.

    Files are found by name, and by hash where they were renamed. Raises InputError where one is missing or is not what
    the catalogue says, OutputError for the disk.
    """
    with _unpacked(store, source) as files:
        entry = entry or _recognised(store, source, files)
        check_terms(entry, terms or Terms())
        with store.locked(entry.id):
            store.check_space(entry.id, entry.size)
            folder = store.begun(entry.id)
            try:
                held = [_take(store, entry, file, files, folder, source, progress) for file in entry.files]
                record = record_of(entry, held)
                look_through(folder, record)
                store.finish(record)
            finally:
                store.abandon(entry.id, copied=True)
            remember(store.folder, record)
    return record


def add_own(store: Store, source: Path, own: Own, progress: Progress = lambda name: None) -> Record:
    """Copy a model of one's own into the store: all files of `source`, or the one file that it is.

    Raises InputError for what no engine may open, for an id that the catalogue has, and for names that are no names.
    """
    checked_id(own.id)
    if own.id in store.catalogue.entries:
        raise InputError(f"The id {own.id} is in the catalogue; add yours under another one with --as")
    with _unpacked(store, source) as files, store.locked(own.id):
        wanted = {checked_name(name, str(source)): path for name, path in files.items() if name != RECORD}
        if not wanted:
            raise InputError(f"{source}: holds no file; expected a model")
        store.check_space(own.id, sum(path.stat().st_size for path in wanted.values()))
        folder = store.begun(own.id)
        try:
            record = _copied(own, wanted, folder, progress)
            look_through(folder, record)
            store.finish(record)
        finally:
            store.abandon(own.id, copied=True)
    return record


def _copied(own: Own, wanted: Mapping[str, Path], folder: Path, progress: Progress) -> Record:
    held = []
    for name, path in wanted.items():
        progress(name)
        _copy(path, folder / name)
        held.append(HeldFile(name, (folder / name).stat().st_size, sha256_of(folder / name), BY_PERSON))
    opens = held[0].name if len(held) == 1 else ""
    title = own.title or own.id
    return Record(own.id, title, own.task, own.languages, own.engine, own.licence, own.commercial, opens, tuple(held))


class _unpacked:  # noqa: N801 - a context manager that reads like a function
    """The ordinary files at a path by their relative names; a zip is unpacked into the store's own work folder."""

    def __init__(self, store: Store, source: Path) -> None:
        self._store = store
        self._source = source
        self._folder: Path | None = None

    def __enter__(self) -> Mapping[str, Path]:
        source = self._source
        try:
            if source.is_dir():
                return dict(_files(source))
            if not source.is_file():
                raise InputError(f"{source}: is neither a folder nor a file; check the name, is the stick plugged in?")
        except OSError as why:
            raise InputError(f"{source}: cannot be read ({why.strerror})") from why
        if source.suffix.lower() != ".zip":
            return {source.name: source}
        self._folder = self._store.work / f"zip-{os.getpid()}"
        try:
            self._folder.mkdir(exist_ok=True)
            unzip(source, self._folder)
        except OSError as why:
            self.__exit__()
            raise write_error(self._folder, why) from why
        except GlossaError:
            self.__exit__()
            raise
        return dict(_files(self._folder))

    def __exit__(self, *_: object) -> None:
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Ordinary files below a folder; not through linked folders, not deeper and not more than a model has."""
    count = 0
    for top, folders, names in os.walk(folder, followlinks=False):
        depth = len(Path(top).relative_to(folder).parts)
        folders[:] = sorted(name for name in folders if not name.startswith(".")) if depth < _DEEPEST else []
        for name in sorted(names):
            path = Path(top) / name
            count += 1
            if count > _MOST_FILES:
                raise InputError(f"{folder}: holds more than {_MOST_FILES} files; name the folder of the model itself")
            if not name.startswith(".") and path.is_file():
                yield path.relative_to(folder).as_posix(), path


def _recognised(store: Store, source: Path, files: Mapping[str, Path]) -> Entry:
    """The entry of the catalogue that these files are, by the record of another store or by their hashes."""
    if RECORD in files:
        return store.catalogue.entry(read_record(files[RECORD].parent).id)
    sizes = {path.stat().st_size for path in files.values()}
    likely = [
        one
        for one in store.catalogue
        if one.pinned and all(file.size is None or file.size in sizes for file in one.files)
    ]
    candidates = {file.sha256: one for one in likely for file in one.files}
    names = {PurePosixPath(file.name).name for one in likely for file in one.files}
    for name, path in files.items():
        if PurePosixPath(name).name in names or len(files) == 1:
            found = candidates.get(sha256_of(path))
            if found:
                return found
    raise InputError(
        f"{source}: is none of the models of the catalogue, as far as their hashes are known. If you know which one"
        " it is: glossa models add PATH --id ID; a model of your own: glossa models add PATH --as NAME --task TASK"
    )


def _take(
    store: Store,
    entry: Entry,
    file: ModelFile,
    files: Mapping[str, Path],
    folder: Path,
    source: Path,
    progress: Progress,
) -> HeldFile:
    """Copy one file of a model, from under its own name, its name on the server, or any name with the right hash."""
    progress(file.name)
    known = pinned(store.folder, entry.id, file.name)
    sha256 = file.sha256 or (known.sha256 if known else "")
    target = folder / file.name
    seen = []
    for path in _candidates(file, files):
        _copy(path, target, file)
        found = sha256_of(target)
        if sha256 in ("", found):
            return HeldFile(file.name, target.stat().st_size, found, BY_CATALOGUE if file.sha256 else BY_FIRST_PULL)
        target.unlink()
        seen.append(f"{path.name} has {found}")
    if seen:
        raise InputError(
            f"{source}: {file.name} of the model {entry.id} must have sha256 {sha256}; {', '.join(seen)}. It is another"
            " version, or damaged; nothing was added"
        )
    raise InputError(
        f"{source}: {file.name} of the model {entry.id} is not there; expected {', '.join(f.name for f in entry.files)}"
    )


def _candidates(file: ModelFile, files: Mapping[str, Path]) -> list[Path]:
    """Where a file may be, the likeliest first."""
    plain = PurePosixPath(file.name).name
    by_path = [path for name, path in files.items() if name == file.name]
    by_name = [path for name, path in files.items() if PurePosixPath(name).name in (plain, file.served)]
    by_size = [path for path in files.values() if file.size is not None and path.stat().st_size == file.size]
    suffix = [path for path in by_size if path.suffix == PurePosixPath(plain).suffix]
    return list(dict.fromkeys([*by_path, *by_name, *suffix]))


def _copy(source: Path, target: Path, file: ModelFile | None = None) -> None:
    """Copy bytes, and nothing else, of an ordinary file; unpack what is as the server has it."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if file and file.packed and file.size and source.name == file.served and source.stat().st_size != file.size:
            gunzip(source, target, file.size)
        else:
            shutil.copyfile(source, target)
    except OSError as why:
        raise write_error(target, why) from why
