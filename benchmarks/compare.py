"""`glossa bench compare`: the last results that were kept beside those of now, and what became worse.

In: two files that a benchmark wrote; by default the one in the repository's last commit and the one that lies in the
working folder. Out: a table with 95 % intervals (bootstrap over clips) and a verdict a row. Measures nothing.
"""

import argparse
import json
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from benchmarks.noise import Change, Interval, Verdict, judge, mean_interval
from benchmarks.rows import Result, Row, Rows, read_result
from devices.errors import InputError

RESULTS = Path(__file__).parent / "results"

_STYLES = {Verdict.WORSE: "bold red", Verdict.GONE: "red", Verdict.BETTER: "green"}
_BAD = (Verdict.WORSE, Verdict.GONE)
_WIDE = 132  # columns, where nobody's terminal says how many there are


def main(argv: Sequence[str] | None = None) -> int:
    """Run from the command line; returns 1 with --strict where something is worse or gone, else 0."""
    parser = argparse.ArgumentParser(prog="glossa bench compare", description=__doc__)
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="OLD.json and NEW.json; one alone, or its name (live), is compared with the one in git; none: all of them",
    )
    parser.add_argument("--against", default="HEAD", metavar="REVISION", help="which commit (default: HEAD)")
    parser.add_argument("--baselines", action="store_true", help="also show the baselines, which are never judged")
    parser.add_argument("--strict", action="store_true", help="status 1 where something is worse or gone")
    given = parser.parse_args(argv)
    if len(given.files) > 2:
        parser.error(f"expected at most two files, got {len(given.files)}")
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDE)
    bad: list[str] = []
    for old, new in _pairs(given.files, given.against, console):
        changes = compare(old.rows, new.rows, same_machine=old.machine == new.machine)
        _show(old, new, changes, console)
        if given.baselines:
            _show_baselines(old, new, console)
        bad += [f"{new.what}: {name}" for name, change in changes.items() if change.verdict in _BAD]
    console.print(f"Worse by more than noise: {'; '.join(bad)}." if bad else "Nothing is worse by more than its noise.")
    return 1 if bad and given.strict else 0


def compare(old: Rows, new: Rows, *, same_machine: bool) -> dict[str, Change]:
    """Each measure of either run, the new run's order first."""
    names = dict.fromkeys([*new, *old])
    return {name: judge(old.get(name), new.get(name), same_machine=same_machine) for name in names}


def _pairs(files: Sequence[str], revision: str, console: Console) -> Iterator[tuple[Result, Result]]:
    if len(files) == 2:
        old, new = (_from_file(Path(name)) for name in files)
        if old.what != new.what:
            raise InputError(f"expected two results of one benchmark, got one of {old.what} and one of {new.what}")
        yield old, new
        return
    every = not files
    for path in sorted(RESULTS.glob("*.json")) if every else [_named(files[0])]:
        try:
            kept = _from_git(path.name, revision)
        except InputError as error:
            if not every:
                raise
            console.print(f"{error}", markup=False)  # the first results of a benchmark have nothing before them
            continue
        yield kept, _from_file(path)


def _named(given: str) -> Path:
    return Path(given) if given.endswith(".json") else RESULTS / f"{given}.json"


def _from_file(path: Path) -> Result:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        known = ", ".join(sorted(one.stem for one in RESULTS.glob("*.json")))
        raise InputError(f"{path}: {error.strerror or error}; results that are kept here: {known}") from None
    return read_result(_parsed(text, str(path)), str(path))


def _from_git(name: str, revision: str) -> Result:
    """The kept result of this name as a commit has it."""
    place = f"{revision}:./{name}"
    try:
        done = subprocess.run(["git", "show", place], cwd=RESULTS, capture_output=True, text=True, encoding="utf-8")
    except OSError as error:
        raise InputError(f"git cannot be run ({error}); give two files instead") from None
    if done.returncode:
        raise InputError(f"{name}: not kept in {revision} ({done.stderr.strip()}); give two files instead")
    return read_result(_parsed(done.stdout, f"{revision}:{name}"), f"{revision}:{name}")


def _parsed(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise InputError(f"{name}: expected JSON, got something else ({error})") from None


def _show(old: Result, new: Result, changes: dict[str, Change], console: Console) -> None:
    table = Table(title=f"{new.what}: {old.date} against {new.date}", title_justify="left", box=SIMPLE_HEAD)
    table.add_column("measure (95 % of a clip's mean)")
    for heading in ("old", "", "new", "", "change", "95 %"):
        table.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    table.add_column("", no_wrap=True)
    for name, change in changes.items():
        row = change.new or change.old
        assert row is not None
        title = name if row.unit in name or row.unit == "fps" else f"{name}, {row.unit}"
        cells = (*_value(change.old), *_value(change.new), *_difference(change))
        table.add_row(title, *cells, change.verdict.value, style=_STYLES.get(change.verdict, ""))
    console.print(table)
    if old.machine != new.machine:
        console.print(f"Measured on {old.machine}, then on {new.machine}: time and memory are not judged.")


def _show_baselines(old: Result, new: Result, console: Console) -> None:
    for name, rows in new.baselines.items():
        table = Table(title=f"{new.what}, baseline {name}", title_justify="left", box=SIMPLE_HEAD)
        for heading in ("measure", "old", "", "new", ""):
            table.add_column(heading, justify="right" if heading in ("old", "new") else "left")
        for measure, row in rows.items():
            table.add_row(measure, *_value(old.baselines.get(name, {}).get(measure)), *_value(row))
        console.print(table)


def _value(row: Row | None) -> tuple[str, str]:
    return ("-", "") if row is None else (f"{row.value:.4g}", _interval(mean_interval(row.samples), ".3g"))


def _difference(change: Change) -> tuple[str, str]:
    if not change.difference and (change.interval is None or not any(change.interval)):
        return "", ""
    return f"{change.difference:+.3g}", _interval(change.interval, "+.3g")


def _interval(interval: Interval | None, form: str) -> str:
    return "" if interval is None else f"({interval[0]:{form}}, {interval[1]:{form}})"


if __name__ == "__main__":
    raise SystemExit(main())
