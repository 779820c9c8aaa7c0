"""`glossa models optimise`: the command line of making int8 variants."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from pipeline.cli_options import Quiet

if TYPE_CHECKING:
    from devices.store import Store
    from pipeline.live.tuning.pictures import Picture

_PICTURES = 24


def optimise(
    name: Annotated[str, typer.Argument(metavar="ID", help="A model in the store: see glossa models list --here.")],
    place: Annotated[str, typer.Option("--for", help="cpu, openvino, qnn or rknn-export.")] = "cpu",
    pictures: Annotated[
        Path | None, typer.Option(help="Folder of your own pictures, the more like your own use the better.")
    ] = None,
    most_lost: Annotated[
        float, typer.Option("--lose", min=0.0, max=1.0, help="Share of characters or boxes that may differ.")
    ] = 0.02,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="rknn-export: folder for the converter.")] = None,
    chip: Annotated[str, typer.Option(help="rknn-export: the board's chip.")] = "rk3588",
    quiet: Quiet = False,
    folder: Annotated[Path | None, typer.Option("--store", envvar="GLOSSA_MODELS", help="Folder of the store.")] = None,
) -> None:
    """Make a model int8, measure what that brings and costs, and keep it only where it is good enough.

    Half of the pictures calibrate it, the other half judge it. Without --pictures, signs are drawn: good for readers.
    """
    from devices.clock import SystemClock
    from devices.store import Store
    from pipeline.live.tuning.pictures import draw_pictures, read_pictures
    from pipeline.optimise.optimise import optimise as run
    from pipeline.optimise.table import show
    from pipeline.optimise.ways import place_called

    store = Store(folder.expanduser() if folder else None)
    console = Console(highlight=False, quiet=quiet)
    if place == "rknn-export":
        store.path(name)  # what is not there is said before pictures are drawn
    else:
        goal = place_called(place)
    found = read_pictures(pictures, _PICTURES) if pictures else draw_pictures(_PICTURES)
    if place == "rknn-export":
        made = _export(store, name, found, out, chip)
        console.print(
            f"{made}: run convert.py there, where rknn-toolkit2 is installed; nothing of it was measured here"
        )
        return
    outcome = run(store, name, goal, found, most_lost, SystemClock(), console.print)
    show(outcome, goal, console)
    if pictures is None:
        console.print("Judged on drawn signs, which are easy: give photographs of your own by --pictures FOLDER.")
    if outcome.kept is None:
        raise typer.Exit(1)
    console.print(str(store.path(outcome.kept.id)), soft_wrap=True)


def _export(store: "Store", name: str, found: "list[Picture]", out: Path | None, chip: str) -> Path:
    from devices import UnknownNameError
    from pipeline.optimise.rknn import CHIPS, export
    from pipeline.optimise.subjects import subject_of

    if chip not in CHIPS:
        raise UnknownNameError(f"Unknown chip '{chip}'. Known: {', '.join(CHIPS)}.")
    model = store.path(name)
    feeds = subject_of(store.record(name), model).feeds(found)
    return export(model, name, feeds, out or Path(f"{name}-rknn"), chip)
