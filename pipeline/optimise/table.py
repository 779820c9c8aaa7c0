"""What was tried, as a table."""

from rich.console import Console
from rich.table import Table

from devices.files import megabytes
from pipeline.optimise.optimise import Outcome
from pipeline.optimise.ways import Place


def show(outcome: Outcome, place: Place, console: Console) -> None:
    """Prints one line a variant, the model itself first."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    names = ("variant", "size", "ms", "before", f"{outcome.what} alike", "")
    for name in names:
        table.add_column(name, justify="left" if name in ("variant", "") else "right")
    for one in outcome.tried:
        if one.share is None:
            table.add_row(one.name, "", "", "", "", one.note)
            continue
        alike = f"{one.share.alike:.1%} of {one.share.of}"
        table.add_row(one.name, megabytes(one.size), f"{one.ms:.1f}", f"{one.before_ms:.1f}", alike, one.note)
    console.print(table)
    console.print(
        f"ms of the processor a run, {place.engine}, one thread; before: the model in turns with the variant."
    )
    if not place.timed:
        console.print(f"The times say nothing about {place.name}: measure there.")
    console.print(outcome.why)
