"""The store: a folder with one folder for each model that was pulled or added. Opens no network.

In: a model's id. Out: the path for its engine, or one sentence with the command that brings it. A model's folder is
there whole or not at all: it is built beside its place and renamed.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from devices.errors import GlossaError, InputError, MissingError, OutputError
from devices.files import megabytes, sha256_of, write_error
from devices.store.catalogue import Catalogue, known
from devices.store.names import RECORD, checked_id
from devices.store.records import HeldFile, Record, read_record, write_record

_WORK = ".work"
"""Folder for what is not whole yet; the dot keeps it out of the list of models."""
_SPARE = 50_000_000  # bytes that are left free on the disk


def default_folder() -> Path:
    """Where the store lies: GLOSSA_MODELS, or the user's data folder. It need not exist."""
    own = os.environ.get("GLOSSA_MODELS")
    return Path(own).expanduser() if own else Path(platformdirs.user_data_dir("glossa", appauthor=False)) / "models"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one file of a model."""

    name: str
    what: str


class Store:
    """The models that lie in one folder. Makes nothing until something is written."""

    def __init__(self, folder: Path | None = None, catalogue: Catalogue | None = None) -> None:
        self.folder = folder or default_folder()
        self.catalogue = catalogue or known()

    def path(self, name: str) -> Path:
        """What the engine of a model is given: its file, or its folder where it has several. Fast: hashes nothing.

        Raises MissingError with the command that brings it, InputError for one that is not as it was put there, and
        UnknownNameError for one that neither the store nor the catalogue has.
        """
        record = self.record(name)
        folder = self._home(name)
        for file in record.files:
            if fault := _fault(folder, file, deep=False):
                raise InputError(f"The model {name} is damaged: {file.name} {fault}. Repair it: {self.mend(name)}")
        return folder / record.opens if record.opens else folder

    def has(self, name: str) -> bool:
        """True where that model lies in the store."""
        return (self._home(name) / RECORD).is_file()

    def record(self, name: str) -> Record:
        """What is known of a model in the store; raises as `path` does."""
        if not self.has(name):
            entry = self.catalogue.entry(name, self._names())
            way = entry.refused or f"Bring it with: {_bring(name)}"
            raise MissingError(f"The model {name} ({entry.title}) is not in the store {self.folder}. {way}")
        record = read_record(self._home(name))
        if record.id != name:
            raise InputError(f"{self._home(name)}: holds the model {record.id}; pull or add both again")
        return record

    def held(self) -> list[Record]:
        """All models in the store, by id; what is damaged is left out, `faulty` names it."""
        return [record for record in map(self._readable, self._names()) if record]

    def faulty(self) -> list[str]:
        """Names of folders in the store that hold no readable model."""
        return [name for name in self._names() if self._readable(name) is None]

    def rid(self, name: str) -> str:
        """What takes away one that is `faulty`: a command, or a folder where its name is no id that a command takes."""
        try:
            return f"glossa models remove {checked_id(name)}"
        except InputError:
            return f"delete the folder {self.folder / name}"

    def verify(self, name: str, watch: Callable[[HeldFile], None] = lambda file: None) -> list[Fault]:
        """Read every byte of a model again; what is not as it was put there. Raises as `record` does. Blocks."""
        folder = self._home(name)
        faults: list[Fault] = []
        record = self.record(name)
        for file in record.files:
            watch(file)
            if what := _fault(folder, file, deep=True):
                faults.append(Fault(file.name, what))
        known_names = {file.name for file in record.files} | {RECORD}
        for path in sorted(folder.rglob("*")):
            relative = path.relative_to(folder).as_posix()
            if not path.is_dir() and relative not in known_names:
                faults.append(Fault(relative, "does not belong to the model"))
        return faults

    def mend(self, name: str) -> str:
        """What brings a damaged model back: a command, or two where only a person knows where it came from."""
        if name in self.catalogue.entries:
            return _bring(name)
        return f"glossa models remove {name}, then add or make it again"

    def remove(self, name: str) -> int:
        """Delete a model and what is begun of it; returns the bytes that became free. Raises as `record` does."""
        home, begun = self._home(name), self.folder / _WORK / checked_id(name)
        if not (home.exists() or home.is_symlink() or begun.exists()):
            self.record(name)
        with self.locked(name):
            size = _size(home) + _size(begun)
            try:
                for folder in (home, begun):
                    if folder.is_symlink():
                        folder.unlink()
                    elif folder.exists():
                        shutil.rmtree(folder)
            except OSError as why:
                raise write_error(home, why) from why
        return size

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Keeps other processes from writing the same model. Raises OutputError where one does already."""
        from filelock import FileLock, Timeout

        work = self.work
        lock = FileLock(work / f"{checked_id(name)}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise OutputError(
                f"The model {name}: another glossa is at work on it; wait for that one, or stop it"
            ) from None
        except OSError as why:
            raise write_error(work, why) from why
        try:
            yield
        finally:
            lock.release()

    @property
    def work(self) -> Path:
        """The folder for what is not whole yet; made if need be. Raises OutputError."""
        path = self.folder / _WORK
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as why:
            raise write_error(self.folder, why) from why
        return path

    def begun(self, name: str) -> Path:
        """The folder in which a model grows; only under its lock. Raises OutputError."""
        path = self.work / checked_id(name)
        try:
            path.mkdir(exist_ok=True)
        except OSError as why:
            raise write_error(path, why) from why
        return path

    def abandon(self, name: str, *, copied: bool = False) -> None:
        """Remove what grew in `begun` if it is nothing, or only `copied` and no pull goes on from there."""
        begun = self.work / checked_id(name)
        if copied and not any(begun.rglob("*.part")):
            shutil.rmtree(begun, ignore_errors=True)
        elif begun.is_dir() and not any(begun.iterdir()):
            begun.rmdir()

    def finish(self, record: Record) -> None:
        """Put what grew in `begun` in its place, instead of what was there; only under its lock. Raises OutputError."""
        begun, home = self.begun(record.id), self._home(record.id)
        old = self.work / f"{record.id}.old"
        try:
            wanted = {file.name for file in record.files}
            for path in sorted(begun.rglob("*"), reverse=True):
                if path.is_dir():
                    if not any(path.iterdir()):
                        path.rmdir()
                elif path.relative_to(begun).as_posix() not in wanted:
                    path.unlink()
            for file in record.files:
                with (begun / file.name).open("rb") as data:
                    os.fsync(data.fileno())  # a power cut must not leave the name without the bytes
            write_record(begun, record)
            shutil.rmtree(old, ignore_errors=True)
            if home.exists():
                home.replace(old)
            begun.replace(home)
            shutil.rmtree(old, ignore_errors=True)
        except OSError as why:
            raise write_error(home, why) from why

    def free(self) -> int | None:
        """Bytes free on the disk of the store, or of where it would be; None where that cannot be told."""
        for folder in (self.folder, *self.folder.parents):
            if folder.is_dir():
                try:
                    return shutil.disk_usage(folder).free
                except OSError:
                    return None
        return None

    def check_space(self, name: str, need: int) -> None:
        """Say before the first byte that the disk is too small, not after the last that fits. Raises OutputError."""
        free = self.free()
        if free is not None and free < need + _SPARE:
            raise OutputError(
                f"{self.folder}: the model {name} needs {megabytes(need)} more, {megabytes(free)} are free; make room,"
                " or put the store on another disk (GLOSSA_MODELS=FOLDER)"
            )

    def _home(self, name: str) -> Path:
        return self.folder / checked_id(name)

    def _names(self) -> list[str]:
        try:
            return sorted(one.name for one in self.folder.iterdir() if one.is_dir() and not one.name.startswith("."))
        except OSError:
            return []

    def _readable(self, name: str) -> Record | None:
        try:
            return self.record(name)
        except GlossaError:
            return None


def _bring(name: str) -> str:
    return f"glossa models pull {name}"


def _fault(folder: Path, file: HeldFile, *, deep: bool) -> str:
    """What is wrong with a file, or nothing. `deep`: every byte is read."""
    path = folder / file.name
    try:
        if path.is_symlink() or not path.resolve().is_relative_to(folder.resolve()):
            return "is a link to somewhere else"
        size = path.stat().st_size
        if size != file.size:
            return f"has {size} bytes, expected {file.size}"
        if deep and sha256_of(path) != file.sha256:
            return "has other bytes than when it was put there (sha256)"
    except FileNotFoundError:
        return "is missing"
    except OSError as why:
        return f"cannot be read ({why.strerror})"
    return ""


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir()) if folder.is_dir() else 0
