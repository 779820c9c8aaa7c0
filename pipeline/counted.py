"""Numbers with their nouns, for people."""

from collections.abc import Mapping


def counted(number: int, noun: str) -> str:
    """Return "1 text" or "3 texts"; for nouns that take an s."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def seen(counts: Mapping[str, int]) -> str:
    """Return "; 3 things, 1 code" of the counts of `objects` and `codes`; nothing where nothing was looked for."""
    nouns = {"objects": "thing", "codes": "code"}
    told = [counted(counts[name], noun) for name, noun in nouns.items() if name in counts]
    return "; " + ", ".join(told) if told else ""
