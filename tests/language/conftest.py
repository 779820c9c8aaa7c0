"""A phrase book of a few rows, full of traps, so that matching is tested apart from the book that is shipped."""

from pathlib import Path

import pytest

from language.memory import Memory

SMALL_BOOK = Path(__file__).parent / "small_book"


@pytest.fixture(scope="session")
def memory() -> Memory:
    return Memory(SMALL_BOOK)


@pytest.fixture(scope="session")
def shipped() -> Memory:
    return Memory()
