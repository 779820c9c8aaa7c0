"""`glossa translate`: arguments and lines, marks and JSON, and what is refused."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from devices import InputError
from language.translation import NONE, Translation
from pipeline.translate_text import as_json, readable, text_lines, translations

if TYPE_CHECKING:
    from tests.pipeline.conftest import Door

ROOT = Path(__file__).parents[2]


def told(target: str = "Exit", *, sure: bool = True, gloss: str = "") -> Translation:
    return Translation("出口", target, "ja", "en", "memory", 0.91234, sure, alternatives=("Way out",), gloss=gloss)


@dataclass
class Upper:
    """Answers in capitals and keeps what it was asked."""

    calls: list[list[str]] = field(default_factory=list)
    name: str = "upper"

    def translate(
        self, texts: Sequence[str], *, source: str, to: str, neighbours: Sequence[str] = ()
    ) -> list[Translation]:
        self.calls.append(list(texts))
        return [Translation(text, text.upper(), source, to, self.name, 1.0, True) for text in texts]


Stdin = Callable[[bytes], None]


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Stdin]:
    """Puts bytes where the program reads its lines."""
    with ExitStack() as files:

        def put(data: bytes) -> None:
            path = tmp_path / "stdin"
            path.write_bytes(data)
            monkeypatch.setattr(sys, "stdin", files.enter_context(path.open(encoding="utf-8")))

        yield put


# One answer as a line


def test_a_sure_translation_is_only_the_translation() -> None:
    assert readable(told(gloss="exit"), gloss=True) == "Exit"


def test_an_unsure_one_is_marked_and_shows_its_gloss_where_wanted() -> None:
    assert readable(told(sure=False, gloss="出口 exit")) == "Exit (?)"
    assert readable(told(sure=False, gloss="出口 exit"), gloss=True) == "Exit (?)  [出口 exit]"
    assert readable(told(sure=False), gloss=True) == "Exit (?)"
    assert readable(told(sure=False, gloss="exit"), gloss=True) == "Exit (?)"


def test_a_guess_that_would_mislead_gives_way_to_the_source() -> None:
    guess = replace(told(sure=False, gloss="exit"), confidence=0.05)
    assert readable(guess, gloss=True) == f"{guess.source} (?)  [exit]"


def test_a_translation_stays_on_its_line_and_commands_no_terminal() -> None:
    assert readable(told("two\nlines\x1b[2J\r\x07")) == "two lines[2J"


def test_json_holds_all_that_is_known() -> None:
    assert json.loads(as_json(told(sure=False, gloss="exit"))) == {
        "source": "出口",
        "target": "Exit",
        "source_lang": "ja",
        "target_lang": "en",
        "confidence": 0.9123,
        "sure": False,
        "engine": "memory",
        "alternatives": ["Way out"],
        "gloss": "exit",
    }
    assert "\n" not in as_json(told("two\nlines"))


# Lines


def test_lines_that_are_there_come_together_and_bounded() -> None:
    batches = list(text_lines(io.BytesIO("".join(f"{n}\r\n" for n in range(150)).encode())))
    assert [len(batch) for batch in batches] == [64, 64, 22]
    assert [line for batch in batches for line in batch] == [str(n) for n in range(150)]


def test_a_byte_order_mark_is_no_text_and_the_last_line_needs_no_end() -> None:
    assert list(text_lines(io.BytesIO(b"\xef\xbb\xbfa\n\nb"))) == [["a", "", "b"]]


def test_a_line_is_answered_before_the_next_one_comes() -> None:
    read, write = os.pipe()
    with os.fdopen(read, "rb") as lines, os.fdopen(write, "wb", buffering=0) as source:
        batches = text_lines(lines)
        source.write("출구\n입".encode()[:-1])
        assert next(batches) == ["출구"]
        source.write("입".encode()[-1:] + b"\n")
        assert next(batches) == ["입"]
        source.close()
        assert next(batches, None) is None


def test_what_comes_before_a_bad_line_is_answered_first() -> None:
    batches = text_lines(io.BytesIO(b"good\nfine\nb\xffd\nnever\n"))
    assert next(batches) == ["good", "fine"]
    with pytest.raises(InputError, match=r"line 3.*0xff at place 2"):
        next(batches)


def test_other_encodings_and_endless_lines_are_named() -> None:
    with pytest.raises(InputError, match="UTF-16"):
        next(text_lines(io.BytesIO("出口\n".encode("utf-16"))))
    with pytest.raises(InputError, match="line 2: longer than 100,000 bytes"):
        list(text_lines(io.BytesIO(b"a\n" + b"b" * 100_001)))


def test_an_endless_line_is_refused_before_all_of_it_is_read() -> None:
    with Path("/dev/zero").open("rb") as zeros, pytest.raises(InputError, match="line 1: longer"):
        next(text_lines(zeros))


def test_arguments_are_neighbours_in_one_call() -> None:
    upper = Upper()
    answers = list(translations(["a", "", "b"], None, upper, source="auto", to="en"))
    assert [[one.target for one in batch] for batch in answers] == [["A", "", "B"]]
    assert upper.calls == [["a", "", "b"]]


@pytest.mark.parametrize("texts", [[""], [" ", "\n"]])
def test_blank_arguments_are_refused_before_they_are_asked_for(texts: list[str]) -> None:
    upper = Upper()
    with pytest.raises(InputError, match="the text is empty"):
        list(translations(texts, None, upper, source="auto", to="en"))
    assert upper.calls == []


@pytest.mark.parametrize("lines", [None, io.TextIOWrapper(io.BytesIO(b""))])
def test_no_text_and_no_line_is_said(lines: io.TextIOWrapper | None) -> None:
    with pytest.raises(InputError, match="standard input was empty"):
        list(translations(None, lines, Upper(), source="auto", to="en"))


# Through the door


def test_arguments_through_the_door(glossa: Door) -> None:
    outcome = glossa("translate", "出口", "qwx zzkh", "--to", "ko", "--engine", "memory")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.splitlines() == ["출구", "qwx zzkh (?)"]


def test_lines_through_the_door_keep_their_places(glossa: Door, stdin: Stdin) -> None:
    stdin("出口\n\nNo smoking\n".encode())
    assert glossa("translate", "--to", "ko", "--engine", "memory").out == "출구\n\n금연\n"


def test_json_through_the_door(glossa: Door) -> None:
    outcome = glossa("translate", "出口", "zzkh qwx", "--to", "en", "--from", "ja", "--engine", "memory", "--json")
    known, unknown = map(json.loads, outcome.out.splitlines())
    assert (known["target"], known["source_lang"], known["engine"], known["sure"]) == ("Exit", "ja", "memory", True)
    assert (unknown["engine"], unknown["sure"], unknown["target"]) == (NONE, False, "zzkh qwx")


def test_bad_lines_end_in_one_sentence_after_the_good_ones(glossa: Door, stdin: Stdin) -> None:
    stdin("出口\n".encode() + b"\xff\n")
    outcome = glossa("translate", "--to", "ko", "--engine", "memory")
    assert outcome.out == "출구\n"
    assert "line 2" in outcome.complaint()
    assert outcome.status == 1


def test_unknown_languages_and_engines_list_the_known_ones(glossa: Door) -> None:
    for words in (["--to", "klingon"], ["--to", "en", "--from", "klingon"]):
        said = glossa("translate", "出口", *words).complaint()
        assert all(code in said for code in ("klingon", "en", "ko", "ja", "zh-Hans", "zh-Hant", "es", "fr", "de"))
    said = glossa("translate", "出口", "--to", "en", "--engine", "steam").complaint()
    assert all(name in said for name in ("steam", "auto", "memory", "glossa", "apertium", "folder"))


def test_a_reader_that_has_enough_is_no_trouble() -> None:
    command = [sys.executable, "-m", "pipeline.cli", "translate", "--to", "ko", "--engine", "memory"]
    lines = "出口\n".encode() * 50_000
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdin and running.stdout and running.stderr
        running.stdin.write(lines[:2000])
        running.stdin.flush()
        assert running.stdout.readline().decode() == "출구\n"
        running.stdout.close()
        try:
            running.stdin.write(lines)
            running.stdin.close()
        except BrokenPipeError:
            pass
        assert running.stderr.read() == b""
        assert running.wait(60) == 0


def test_ctrl_c_is_quiet() -> None:
    command = [sys.executable, "-m", "pipeline.cli", "translate", "--to", "ko", "--engine", "memory"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdin and running.stdout and running.stderr
        running.stdin.write("出口\n".encode())
        running.stdin.flush()
        assert running.stdout.readline().decode() == "출구\n"  # it waits for the next line now
        running.send_signal(2)
        assert running.wait(60) == 130
        assert running.stderr.read() == b""


def test_a_terminal_without_our_letters_gets_their_numbers() -> None:
    command = [sys.executable, "-m", "pipeline.cli", "translate", "出口", "--to", "ko", "--engine", "memory", "--json"]
    surroundings = {**os.environ, "PYTHONIOENCODING": "ascii"}
    ended = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert json.loads(ended.stdout)["target"] == "출구"
