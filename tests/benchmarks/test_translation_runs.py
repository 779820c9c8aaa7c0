"""Runs of the translation benchmark: every row is asked once in its own language, and judged as it was answered."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from benchmarks.held_out import HeldOut
from benchmarks.sign_accuracy import Question, load_questions, shares, sure_and_wrong
from benchmarks.sign_accuracy import ask as ask_signs
from benchmarks.sign_set import SignPair
from benchmarks.translation_runs import ask, judged, numbers, quality, scores
from language.training.corpora import chance
from language.translation import NONE, Translation


@dataclass
class Book:
    """Knows some texts, and keeps what it was asked."""

    known: dict[str, str] = field(default_factory=dict)
    calls: list[tuple[list[str], str, str]] = field(default_factory=list)
    name: str = "book"

    def translate(
        self, texts: Sequence[str], *, source: str, to: str, neighbours: Sequence[str] = ()
    ) -> list[Translation]:
        self.calls.append((list(texts), source, to))
        return [
            Translation(text, self.known[text], source, to, self.name, 0.9, True)
            if text in self.known
            else Translation(text, text, source, to, NONE, 0.0, False)
            for text in texts
        ]


def row(source: str, target: str, *, tag: str = "tatoeba", lang: str = "de", to: str = "en") -> HeldOut:
    return HeldOut(tag, source, target, lang, to)


def test_rows_are_asked_in_their_language_and_answered_in_their_order() -> None:
    rows = [row("请", "a", lang="zh-Hans"), row("請", "b", lang="zh-Hant"), row("门", "c", lang="zh-Hans")]
    book = Book({"请": "A", "請": "B", "门": "C"})
    assert [answer.told.target for answer in ask(book, rows)] == ["A", "B", "C"]
    assert book.calls == [(["请", "门"], "zh-Hans", "en"), (["請"], "zh-Hant", "en")]


def test_calls_are_bounded() -> None:
    book = Book()
    ask(book, [row(f"text {number}", "x") for number in range(70)])
    assert [len(texts) for texts, _, _ in book.calls] == [32, 32, 6]


def test_scores_are_told_apart_by_kind_and_length() -> None:
    rows = [
        row("Ausgang", "Exit is here now"),
        row("Bitte die Tür schließen und warten", "Please close the door and wait", tag="pydocs"),
    ]
    found = scores(ask(Book({"Ausgang": "Exit is here now"}), rows))
    assert found["short"]["chrf"] == found["everyday"]["chrf"] == 100
    assert found["medium"]["chrf"] < 40
    assert found["long"] is None
    assert (found["all"]["texts"], found["answered"], found["sure"]) == (2, 0.5, 0.5)


def test_each_system_is_scored_and_apertium_only_where_it_can() -> None:
    split = {"de-en": [row("Ausgang", "Exit")], "es-en": [row("Salida", "Exit", lang="es")]}
    known, none = Book({"Ausgang": "Exit", "Salida": "Exit"}), Book()
    result, answers = quality(split, {"auto": known, "apertium": none}, lambda _: None)
    assert result["directions"]["de-en"]["systems"].keys() == {"auto"}
    assert result["directions"]["es-en"]["systems"].keys() == {"auto", "apertium"}
    assert "BLEU en" in result["signatures"]
    assert [one.told.target for one in answers["auto"]["de-en"]] == ["Exit"]


def test_a_lost_number_is_forgiven_only_where_it_is_marked() -> None:
    def pair(source: str, target: str, *, sure: bool) -> tuple[str, Translation]:
        return source, Translation(source, target, "de", "en", "book", 0.9, sure)

    told = [
        pair("Gleis 7", "Platform 7", sure=True),
        pair("Gleis 8", "Platform", sure=False),
        pair("Gleis 9", "Platform", sure=True),
        pair("Gleis", "Platform", sure=True),
    ]
    assert numbers(told) == {"texts": 3, "kept": pytest.approx(1 / 3), "kept_or_marked": pytest.approx(2 / 3)}
    assert numbers([])["kept"] is None


def test_only_answers_to_short_texts_that_the_calibration_has_not_seen_are_judged() -> None:
    unseen = [f"Tür {n}" for n in range(60) if chance(f"Tür {n}", "calibration") >= 0.8][:3]
    seen = next(f"Tor {n}" for n in range(60) if chance(f"Tor {n}", "calibration") < 0.8)
    long = next(f"{n} {'x' * 40}" for n in range(60) if chance(f"{n} {'x' * 40}", "calibration") >= 0.8)
    rows = [row(text, "Door") for text in (*unseen, seen, long)]
    book = Book({unseen[0]: "door!", unseen[1]: "Something else", seen: "Door", long: "Door"})
    assert [(one.right, one.sure) for one in judged(ask(book, rows))] == [(True, True), (False, True)]


SIGNS = [Question(f"sign {number}", "de", "en", (f"plate {number}", "other")) for number in range(7)]


def test_signs_stand_among_five_and_find_their_language() -> None:
    book = Book({sign.source: sign.accepted[0] for sign in SIGNS[:6]})
    found = ask_signs(SIGNS, book, given=False)
    assert [(len(texts), source) for texts, source, _ in book.calls] == [(5, "auto"), (2, "auto")]
    assert [one.right for one in found] == [True] * 6 + [False]
    assert [one.closeness for one in found] == [100] * 6 + [0]
    ask_signs(SIGNS, book, given=True)
    assert {source for _, source, _ in book.calls[2:]} == {"de"}


def test_shares_of_signs_by_direction() -> None:
    signs = [*SIGNS[:2], Question("标志", "zh-Hans", "ko", ("표지",))]
    replies = ask_signs(signs, Book({"sign 0": "plate 0", "sign 1": "plates 11"}), given=False)
    found = shares(replies)
    assert found["right"] == pytest.approx(1 / 3)
    assert found["wrong_among_sure"] == pytest.approx(1 / 2)
    assert 0 < found["directions"]["de-en"]["closeness"] - 50 < 50
    wrong = {"direction": "de-en", "source": "sign 1", "said": "plates 11", "expected": "plate 1", "engine": "book"}
    assert sure_and_wrong(replies) == [wrong]
    chinese = {"texts": 1, "right": 0.0, "closeness": 0.0, "sure": 0.0, "wrong_among_sure": None}
    assert found["directions"]["zh-Hans-ko"] == chinese


def test_a_part_of_the_signs_is_of_all_themes(monkeypatch: pytest.MonkeyPatch) -> None:
    every = [SignPair(str(number), f"source {number}", ("target",)) for number in range(10)]
    monkeypatch.setattr("benchmarks.sign_accuracy.pairs", lambda source, to: every)
    monkeypatch.setattr("benchmarks.sign_accuracy.DIRECTIONS", (("ko", "en"), ("en", "ja")))
    assert [one.source for one in load_questions(4)] == ["source 0", "source 3", "source 6", "source 9"] * 2
    assert len(load_questions()) == 20
    assert load_questions(1)[1] == Question("source 0", "en", "ja", ("target",))
