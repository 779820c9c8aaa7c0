"""Pulls a model of the catalogue into the store. The only door to the network; blocks for as long as it takes.

In: a store, an entry. Out: its record; or a GlossaError, and what has arrived so far waits for the next call.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from devices.errors import FetchError, InputError
from devices.files import sha256_of
from devices.store.answers import ChangedError, Wanted
from devices.store.archives import gunzip
from devices.store.catalogue import Entry, ModelFile
from devices.store.contents import inspect
from devices.store.download import Sleep, clear, fetch, open_session
from devices.store.pins import forget, pinned, remember
from devices.store.records import BY_CATALOGUE, BY_FIRST_PULL, HeldFile, Record
from devices.store.store import Store

if TYPE_CHECKING:
    import requests

Progress = Callable[[ModelFile, int], None]
"""Is told how many bytes of a file are there."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a person has agreed to."""

    accept_licence: bool = False
    repin: bool = False
    """Take files that are others than on the first pull, where the catalogue does not know what they must be."""


def pull(
    store: Store,
    entry: Entry,
    terms: Terms | None = None,
    progress: Progress = lambda file, done: None,
    sleep: Sleep = time.sleep,
) -> Record:
    """Bring all files of `entry`, check them, and put them in their place at once.

    Raises InputError for a model that is refused, whose licence was not accepted or whose files are not what they
    should be; FetchError for a link or a server; OutputError for the disk.
    """
    terms = terms or Terms()
    check_terms(entry, terms)
    with store.locked(entry.id), open_session() as session:
        if terms.repin:
            forget(store.folder, entry.id)
        folder = store.begun(entry.id)
        there = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        unpacked = max((file.expected for file in entry.files if file.packed), default=0)  # there twice for a moment
        store.check_space(entry.id, entry.size + unpacked - there)
        try:
            held = [_bring(store, entry, file, folder, session, progress, sleep) for file in entry.files]
            record = record_of(entry, held)
            look_through(folder, record)
            store.finish(record)
        finally:
            store.abandon(entry.id)
        remember(store.folder, record)
    return record


def check_terms(entry: Entry, terms: Terms) -> None:
    """Raise InputError where a model is never taken, or not without accepting its licence."""
    if entry.refused:
        raise InputError(f"The model {entry.id}: {entry.refused}")
    if entry.asks and not terms.accept_licence:
        use = "it has conditions" if entry.commercial else "it allows no commercial use, or none is stated"
        raise InputError(
            f"The model {entry.id} is under the licence {entry.licence}: {use}. Read it at {entry.page}; if you accept"
            " it, give the same command with --accept-licence"
        )


def record_of(entry: Entry, files: Sequence[HeldFile]) -> Record:
    """The record of a model of the catalogue with these files."""
    return Record(
        entry.id, entry.title, entry.task, entry.languages, entry.engine, entry.licence, entry.commercial, entry.opens,
        tuple(files),
    )  # fmt: skip


def look_through(folder: Path, record: Record) -> None:
    """Inspect all files of a model that is about to be finished; throws away what is wrong. Raises InputError."""
    names = {file.name for file in record.files}
    for file in record.files:
        try:
            inspect(folder / file.name, file.name, names)
        except InputError as why:
            clear(folder / file.name)
            raise InputError(f"The model {record.id}: {why}") from why


def _bring(
    store: Store,
    entry: Entry,
    file: ModelFile,
    folder: Path,
    session: "requests.Session",
    progress: Progress,
    sleep: Sleep,
) -> HeldFile:
    """One file under its name in `folder`, fetched or there already."""
    before = None if file.sha256 else pinned(store.folder, entry.id, file.name)
    sha256 = file.sha256 or (before.sha256 if before else "")
    size = file.size if file.size is not None else before.size if before else None
    target = folder / file.name
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_file() and sha256 and sha256_of(target) == sha256:
        progress(file, target.stat().st_size)
        return HeldFile(file.name, target.stat().st_size, sha256, BY_CATALOGUE if file.sha256 else BY_FIRST_PULL)
    part = target.with_name(target.name + ".part")
    try:
        if file.packed:
            found = _bring_packed(file, sha256, part, session, progress, sleep)
        else:
            wanted = Wanted(file.url, sha256, size, size if size is not None else file.most)
            found = fetch(wanted, part, session, lambda done: progress(file, done), sleep)
    except ChangedError as why:
        if file.sha256:
            raise
        raise FetchError(
            f"{why}. It is not what it was on the first pull; if it is a new version that you trust:"
            f" glossa models pull {entry.id} --repin"
        ) from why
    part.replace(target)
    return HeldFile(file.name, target.stat().st_size, found, BY_CATALOGUE if file.sha256 else BY_FIRST_PULL)


def _bring_packed(
    file: ModelFile, sha256: str, part: Path, session: "requests.Session", progress: Progress, sleep: Sleep
) -> str:
    """Fetch what the server has compressed, and unpack it into `part`."""
    assert file.packed is not None
    assert file.size is not None
    packed = part.with_name(part.name + ".gz")
    most = file.packed.size if file.packed.size is not None else file.size + 1_000_000
    wanted = Wanted(file.url, file.packed.sha256, file.packed.size, most)
    share = file.size / (file.packed.size or file.size)
    fetch(wanted, packed, session, lambda done: progress(file, min(file.expected, round(done * share))), sleep)
    try:
        gunzip(packed, part, file.size)
        found = sha256_of(part)
        if sha256 not in ("", found):
            raise InputError(
                f"{file.url}: what comes out of it is not {file.name}: expected sha256 {sha256}, got {found}"
            )
    except InputError:
        clear(part)
        raise
    finally:
        clear(packed)
    return found
