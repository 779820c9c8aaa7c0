"""Lines become signs: one call to the translator for a picture, no text asked twice."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from devices import Stamp
from language.translation import NONE, Translation
from pipeline.signs import signs_in_picture
from vision.text import TextRegion

STAMP = Stamp(source="test", seq=0, captured_ns=0, pts_ms=0.0)


@dataclass
class Book:
    """Knows some texts, and keeps what it was asked."""

    known: dict[str, str]
    calls: list[tuple[list[str], list[str]]] = field(default_factory=list)
    name: str = "book"

    def translate(
        self, texts: Sequence[str], *, source: str, to: str, neighbours: Sequence[str] = ()
    ) -> list[Translation]:
        self.calls.append((list(texts), list(neighbours)))
        return [
            Translation(text, self.known[text], "de", to, self.name, 1.0, True)
            if text in self.known
            else Translation(text, text, "und", to, NONE, 0.0, False)
            for text in texts
        ]


def line(text: str, x: int, y: int, width: int = 200, height: int = 30) -> TextRegion:
    quad = np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], np.float32)
    return TextRegion(STAMP, quad, text, "latin", 0.9)


def read(book: Book, *lines: TextRegion) -> list[tuple[tuple[str, ...], str]]:
    signs = signs_in_picture(lines, book, source="auto", to="en")
    return [(sign.texts, sign.translation.target) for sign in signs]


def test_single_lines_are_asked_once_and_together() -> None:
    book = Book({"Ausgang": "Exit"})
    assert read(book, line("Ausgang", 10, 10), line("Bahnhof", 400, 200)) == [
        (("Ausgang",), "Exit"),
        (("Bahnhof",), "Bahnhof"),
    ]
    assert book.calls == [(["Ausgang", "Bahnhof"], [])]


def test_a_joined_text_that_is_known_takes_one_call() -> None:
    book = Book({"Bitte nicht rauchen": "Please do not smoke", "Bitte": "Please"})
    found = read(book, line("Bitte nicht", 10, 10), line("rauchen", 10, 45), line("Kasse", 400, 10))
    assert found[0] == (("Bitte nicht", "rauchen"), "Please do not smoke")
    assert len(book.calls) == 1


def test_known_lines_stand_alone_and_only_the_rest_is_asked_again() -> None:
    book = Book({"Ausgang": "Exit", "zum alten Markt": "to the old market"})
    found = read(book, line("Ausgang", 10, 10), line("zum alten", 10, 45), line("Markt", 10, 80))
    assert found == [(("Ausgang",), "Exit"), (("zum alten", "Markt"), "to the old market")]
    assert [texts for texts, _ in book.calls] == [
        ["Ausgang zum alten Markt", "Ausgang", "zum alten", "Markt"],
        ["zum alten Markt"],
    ]
    assert book.calls[1][1] == ["de"]


def test_a_rest_of_one_line_is_not_asked_again() -> None:
    book = Book({"Ausgang": "Exit"})
    found = read(book, line("Ausgang", 10, 10), line("xyz", 10, 45))
    assert found == [(("Ausgang",), "Exit"), (("xyz",), "xyz")]
    assert len(book.calls) == 1


def test_no_text_is_asked_twice() -> None:
    book = Book({"Ausgang": "Exit"})
    found = read(
        book,
        line("Ausgang", 10, 10), line("zum Markt", 10, 45), line("am Fluss", 10, 80),
        line("Ausgang", 400, 10),
        line("zum Markt", 700, 10), line("am Fluss", 700, 45),
    )  # fmt: skip
    together = ("zum Markt", "am Fluss")
    assert [texts for texts, _ in found] == [("Ausgang",), together, ("Ausgang",), together]
    assert book.calls == [
        (["Ausgang zum Markt am Fluss", "Ausgang", "zum Markt am Fluss", "zum Markt", "am Fluss"], [])
    ]
