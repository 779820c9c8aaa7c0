"""`glossa models`: the command line of the store."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from devices.files import megabytes
from pipeline.cli_optimise import optimise
from pipeline.cli_options import Quiet, QuietStopError

if TYPE_CHECKING:
    from devices.store import Record, Store

models = typer.Typer(
    help="Models that do not come with the install. Only pull uses the network.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

models.command()(optimise)


Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of models: see glossa models list.")]
Folder = Annotated[
    Path | None,
    typer.Option("--store", envvar="GLOSSA_MODELS", help="Folder of the store. Default: in your data folder."),
]
Own = Annotated[list[Path] | None, typer.Option("--catalogue", help="A catalogue of your own (TOML), besides ours.")]
Accept = Annotated[bool, typer.Option("--accept-licence", help="I have read the licence and accept it.")]


def _open(folder: Path | None, own: list[Path] | None) -> "Store":
    from devices.store import Store, with_own

    return Store(folder.expanduser() if folder else None, with_own(own) if own else None)


@models.command("list")
def list_models(
    task: Annotated[str | None, typer.Option(help="Only of this task: text, objects, translation ...")] = None,
    here: Annotated[bool, typer.Option("--here", help="Only what lies in the store.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    folder: Folder = None,
    own: Own = None,
) -> None:
    """Say which models there are, on what terms, and which of them lie here."""
    from devices import UnknownNameError
    from devices.store.catalogue import TASKS
    from pipeline.store_table import rows, show

    if task is not None and task not in TASKS:
        raise UnknownNameError(f"Unknown task '{task}'. Known tasks: {', '.join(TASKS)}.")
    store = _open(folder, own)
    found = [row for row in rows(store) if (task in (None, row.task)) and (row.here or not here)]
    if as_json:
        for row in found:
            print(json.dumps(row.as_json(), ensure_ascii=False))
    else:
        show(found, store, Console(highlight=False))


@models.command()
def pull(
    ids: Ids,
    accept_licence: Accept = False,
    repin: Annotated[
        bool, typer.Option("--repin", help="Take new bytes for files whose hash only the first pull told.")
    ] = False,
    quiet: Quiet = False,
    folder: Folder = None,
    own: Own = None,
) -> None:
    """Fetch models and check every byte; what was begun goes on where it stopped."""
    from devices.store.pulling import Terms
    from devices.store.pulling import pull as fetch
    from pipeline.store_progress import PullProgress
    from pipeline.store_uses import UNUSED, use_of

    store = _open(folder, own)
    for entry in [store.catalogue.entry(name) for name in ids]:  # a wrong name is said before anything is fetched
        if store.has(entry.id) and not repin and not store.verify(entry.id):
            _say(quiet, f"{entry.id} lies here already, whole: {store.path(entry.id)}")
            continue
        if not use_of(entry.id, entry.task, entry.engine):
            _say(quiet, f"{entry.id}: {UNUSED}; it is fetched for later")
        try:
            with PullProgress(entry, quiet=quiet) as progress:
                record = fetch(store, entry, Terms(accept_licence, repin), progress.watch)
        except KeyboardInterrupt:
            print(f"glossa: {entry.id}: stopped; the same command goes on from there.", file=sys.stderr)
            raise QuietStopError from None
        _told(store, record, quiet)


@models.command()
def add(
    source: Annotated[Path, typer.Argument(metavar="PATH", help="A folder, a file, a zip, a USB stick.")],
    name: Annotated[str | None, typer.Option("--id", help="Which model of the catalogue it is.")] = None,
    called: Annotated[str | None, typer.Option("--as", help="Id for a model of your own.")] = None,
    task: Annotated[str | None, typer.Option(help="What a model of your own is for.")] = None,
    engine: Annotated[str, typer.Option(help="What opens a model of your own.")] = "onnx",
    licence: Annotated[str, typer.Option(help="The licence of a model of your own.")] = "not stated",
    commercial: Annotated[bool, typer.Option("--commercial", help="It allows commercial use.")] = False,
    accept_licence: Accept = False,
    quiet: Quiet = False,
    folder: Folder = None,
    own: Own = None,
) -> None:
    """Copy a model into the store from a disk; its hashes are checked, or say which one it is."""
    from devices import UnknownNameError
    from devices.store import adding
    from devices.store.catalogue import ENGINES, TASKS
    from devices.store.pulling import Terms
    from pipeline.store_uses import TAKEN

    if (name and called) or (called and not task):
        raise typer.BadParameter("Give --id for a model of the catalogue, or --as and --task for one of your own.")
    for word, known, what in ((task, TASKS, "task"), (engine, ENGINES, "engine")):
        if word is not None and word not in known:
            raise UnknownNameError(f"Unknown {what} '{word}'. Known: {', '.join(known)}.")
    store = _open(folder, own)
    if called in TAKEN or (called or "").endswith(".onnx"):
        raise UnknownNameError(f"--as {called}: options take that name for something else; choose another id.")
    if called:
        mine = adding.Own(called, task or "", engine, licence, commercial=commercial)
        record = adding.add_own(store, source, mine, lambda file: _say(quiet, f"copying {file}"))
    else:
        entry = store.catalogue.entry(name) if name else None
        terms = Terms(accept_licence)
        record = adding.add(store, source, entry, terms, lambda file: _say(quiet, f"copying {file}"))
    _told(store, record, quiet)


@models.command()
def verify(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID...]", help="Default: all that lie here.")] = None,
    quiet: Quiet = False,
    folder: Folder = None,
) -> None:
    """Read every byte again and compare with the hashes. Status 1 where something is not as it was put there."""
    store = _open(folder, None)
    damaged = 0
    if not ids:
        for name in store.faulty():
            damaged += 1
            print(f"glossa: {name}: is no model that can be read: {store.rid(name)}", file=sys.stderr)
    for name in ids or [record.id for record in store.held()]:
        faults = store.verify(name)
        for fault in faults:
            print(f"glossa: {name}: {fault.name} {fault.what}", file=sys.stderr)
        if faults:
            damaged += 1
            print(f"glossa: {name}: repair it: {store.mend(name)}", file=sys.stderr)
        else:
            _say(quiet, f"{name}: {megabytes(store.record(name).size)}, every byte as it was put there")
    if damaged:
        raise typer.Exit(1)


@models.command()
def remove(ids: Ids, quiet: Quiet = False, folder: Folder = None) -> None:
    """Delete models from the store, and what was begun of them."""
    store = _open(folder, None)
    for name in ids:
        _say(quiet, f"{name}: {megabytes(store.remove(name))} are free again")


@models.command()
def path(
    name: Annotated[str | None, typer.Argument(metavar="[ID]", help="A model; none: the store itself.")] = None,
    folder: Folder = None,
) -> None:
    """Print where a model lies: the file for its engine, or its folder where it has several."""
    store = _open(folder, None)
    print(store.path(name) if name else store.folder)


def _say(quiet: bool, what: str) -> None:
    if not quiet:
        print(what)


def _told(store: "Store", record: "Record", quiet: bool) -> None:
    """Where it is now, and what nobody could compare it with."""
    from devices.store.records import BY_FIRST_PULL
    from pipeline.store_uses import UNUSED, use_of

    _say(quiet, f"{record.id}: {megabytes(record.size)} in {store.path(record.id)}")
    _say(quiet, use_of(record.id, record.task, record.engine) or UNUSED[0].upper() + UNUSED[1:] + ".")
    new = [file for file in record.files if file.pinned == BY_FIRST_PULL]
    if new and not quiet:
        print(f"Nobody had told what {len(new)} of its files must be; from now on they must stay as they are:")
        for file in new:
            print(f"  {file.sha256}  {file.name}")
