"""What a tune found, for people: tables of durations, what a faster precision costs, what is used from now on."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from devices.profile import Profile
from pipeline.live.costs import Cost
from pipeline.live.session import EFFORTS
from pipeline.live.stand_in import flags, loads
from pipeline.live.tuning.choice import LEAST_BOXES, LEAST_CHARACTERS, good_enough
from pipeline.live.tuning.store import Choice, Tuned
from pipeline.live.tuning.trials import DETECTOR, INT8, RECOGNISER, Measured, Setup


def show_tuned(tuned: Tuned, console: Console) -> None:
    """Print it."""
    for model, title in (
        (DETECTOR, "finding lines: ms a picture (p50/p95), by its short side"),
        (RECOGNISER, "reading lines: ms a line (p50/p95), by its width"),
    ):
        rows = [one for one in tuned.measured if one.model == model]
        if rows:
            console.print(_networks(rows, title))
    for (engine, precision), agreement in tuned.agreements.items():
        verdict = "" if good_enough(agreement) else "; not used: too much is lost"
        console.print(
            f"{engine} in {precision} against full precision: {agreement.of_boxes:.1%} of {agreement.boxes} boxes, "
            f"{agreement.of_characters:.1%} of {agreement.characters} characters alike{verdict}"
        )
    for note in tuned.notes:
        console.print(note, soft_wrap=True)
    for choice in tuned.choices:
        console.print(_reading(choice))
    if tuned.choices:
        console.print(_verdict(tuned.choices[0].setup))


def show_profile(profile: Profile, console: Console) -> None:
    """Print what a device would take, and what of that was derived."""
    table = Table(title=f"{profile.title}: estimated ms and mJ a run", title_justify="left")
    for heading in ("stage", "tier", "p50", "p95", "mJ at p50"):
        table.add_column(heading, justify="left" if heading in ("stage", "tier") else "right")
    for (stage, tier), load in loads(profile).items():
        energy_mj = load.cost.p50_ms * load.power_w
        table.add_row(stage, tier, f"{load.cost.p50_ms:.0f}", f"{load.cost.p95_ms:.0f}", f"{energy_mj:.0f}")
    console.print(table)
    for one in profile.networks:
        origin = one.ms.rule or "published"
        console.print(f"{one.job} in {one.precision} on the {one.unit}: {one.ms.value:g} ms ({origin})")
    for flag in flags(profile):
        console.print(f"! {flag}")
    used = dict.fromkeys(key for one in profile.networks for key in one.ms.source)
    for key in used:
        console.print(f"[{key}] {profile.sources[key]}", markup=False)


def _networks(rows: Sequence[Measured], title: str) -> Table:
    sizes = sorted({one.size_px for one in rows}, reverse=rows[0].model == DETECTOR)
    table = Table(title=title, title_justify="left")
    for heading in ("engine", "precision"):
        table.add_column(heading, no_wrap=True)
    for heading in ("threads", *(f"{size} px" for size in sizes)):
        table.add_column(heading, justify="right")
    cells: dict[Setup, dict[int, Cost]] = {}
    for one in rows:
        cells.setdefault(one.setup, {})[one.size_px] = one.cost
    for setup, costs in cells.items():
        shown = [f"{costs[size].p50_ms:.0f}/{costs[size].p95_ms:.0f}" if size in costs else "-" for size in sizes]
        table.add_row(setup.engine, setup.precision, str(setup.threads), *shown)
    return table


def _reading(choice: Choice) -> Table:
    table = Table(title=f"live reading with {_named(choice.setup)}: ms", title_justify="left")
    for heading in ("tier", "short side", "lines", "p50", "p95"):
        table.add_column(heading, justify="left" if heading == "tier" else "right")
    for tier, cost in choice.reading.items():
        effort = EFFORTS[tier]
        sizes = (f"{effort.short_side_px} px", str(effort.most_lines))
        table.add_row(tier, *sizes, f"{cost.p50_ms:.0f}", f"{cost.p95_ms:.0f}")
    return table


def _named(setup: Setup) -> str:
    threads = "1 thread" if setup.threads == 1 else f"{setup.threads} threads"
    detector = ", its detector in int8" if setup.precision == INT8 else f" in {setup.precision}"
    return f"{setup.engine}{detector}, {threads}"


def _verdict(setup: Setup) -> str:
    return (
        f"From now on live reading uses {_named(setup)}: the fastest with at least {LEAST_BOXES:.0%} of the boxes and "
        f"{LEAST_CHARACTERS:.0%} of the characters as in full precision. Photographs and recorded videos are read the "
        "fastest way that is not int8, on all cores."
    )
