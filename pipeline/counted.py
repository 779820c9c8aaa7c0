"""Numbers with their nouns, for people."""


def counted(number: int, noun: str) -> str:
    """Return "1 text" or "3 texts"; for nouns that take an s."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
