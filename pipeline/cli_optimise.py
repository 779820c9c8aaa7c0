"""`glossa models optimise`: the command line of making smaller and faster variants."""

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
        float, typer.Option("--lose", min=0.0, max=1.0, help="Share of characters, boxes or answers that may differ.")
    ] = 0.02,
    bits: Annotated[int, typer.Option(help="8, or 4: the weights alone, for language models.")] = 8,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="rknn-export: folder for the converter.")] = None,
    chip: Annotated[str, typer.Option(help="rknn-export: the board's chip.")] = "rk3588",
    quiet: Quiet = False,
    folder: Annotated[Path | None, typer.Option("--store", envvar="GLOSSA_MODELS", help="Folder of the store.")] = None,
) -> None:
    """Make a model int8 or int4, measure what that brings and costs, and keep it only where it is good enough.

    Half of the pictures calibrate it, the other half judge it. Without --pictures, signs are drawn: good for readers.
    """
    from devices import UnknownNameError
    from devices.store import Store
    from pipeline.live.tuning.pictures import draw_pictures, read_pictures
    from pipeline.optimise.optimise import Wish
    from pipeline.optimise.optimise import optimise as run
    from pipeline.optimise.subjects import WORDS
    from pipeline.optimise.table import show
    from pipeline.optimise.timing import ProcessorClock
    from pipeline.optimise.ways import place_called, ways_of
    from pipeline.store_uses import use_of

    store = Store(folder.expanduser() if folder else None)
    console = Console(highlight=False, quiet=quiet)
    if bits not in (8, 4):
        raise UnknownNameError(f"Unknown number of bits {bits}. Known: 8, 4.")
    store.path(name)  # what is not there is said before pictures are drawn
    if place != "rknn-export":
        goal = place_called(place)
        ways_of(goal, bits)
    elif bits != 8:
        raise UnknownNameError("rknn-export is for 8 bits: Rockchip's tool for language models is rkllm-toolkit")
    if store.record(name).task in WORDS:
        found = []
    else:
        found = read_pictures(pictures, _PICTURES) if pictures else draw_pictures(_PICTURES)
    if place == "rknn-export":
        made = _export(store, name, found, out, chip)
        console.print(
            f"{made}: run python3 convert.py there, on a PC with rknn-toolkit2, then copy {name}.rknn to the board and"
            " open it by rknn-toolkit-lite2. Nothing of it was measured here."
        )
        return
    outcome = run(store, name, Wish(goal, most_lost, bits), found, ProcessorClock(), console.print)
    show(outcome, goal, console)
    if found and pictures is None:
        console.print("Judged on drawn signs, which are easy: give photographs of your own by --pictures FOLDER.")
    if outcome.kept is None:
        raise typer.Exit(1)
    console.print(str(store.path(outcome.kept.id)), soft_wrap=True)
    if goal.next:
        console.print(goal.next)
    else:
        console.print(use_of(outcome.kept.id, outcome.kept.task, outcome.kept.engine), soft_wrap=True)


def _export(store: "Store", name: str, found: "list[Picture]", out: Path | None, chip: str) -> Path:
    from devices import UnknownNameError
    from pipeline.optimise.rknn import CHIPS, export
    from pipeline.optimise.subjects import subject_of

    if chip not in CHIPS:
        raise UnknownNameError(f"Unknown chip '{chip}'. Known: {', '.join(CHIPS)}.")
    model = store.path(name)
    feeds = subject_of(store.record(name), model).feeds(found)
    return export(model, name, feeds, out or Path(f"{name}-rknn"), chip)
