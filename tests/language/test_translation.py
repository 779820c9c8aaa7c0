from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from language.translation import (
    NONE,
    SAME,
    Chain,
    Translation,
    Translator,
    left_alone,
    translate_with,
    worth_showing,
)


@dataclass
class Fixed:
    """A translator that knows one text."""

    name: str
    known: str
    confidence: float
    asked: list[str] = field(default_factory=list)
    neighbours: list[str] = field(default_factory=list)

    def translate(
        self, texts: Sequence[str], *, source: str, to: str, neighbours: Sequence[str] = ()
    ) -> list[Translation]:
        self.asked += texts
        self.neighbours += neighbours
        return [
            Translation(text, f"{self.name}:{text}", "ja", to, self.name, self.confidence, self.confidence >= 0.8)
            if text == self.known
            else Translation(text, text, "und", to, "none", 0.0, False)
            for text in texts
        ]


def test_the_first_sure_translator_wins_and_the_rest_is_asked_only_for_the_rest() -> None:
    first, second = Fixed("first", "出口", 0.9), Fixed("second", "入口", 0.9)
    found = translate_with([first, second], ["出口", "入口", "謎"], source="auto", to="en")
    assert [translation.engine for translation in found] == ["first", "second", "none"]
    assert second.asked == ["入口", "謎"]


def test_what_is_settled_still_tells_its_language_to_the_rest() -> None:
    first, second = Fixed("first", "出口", 0.9), Fixed("second", "謎", 0.9)
    texts = ["出口", "謎", "42", "화장실"]
    translate_with([first, second], texts, source="auto", to="ko", neighbours=["zh-Hant"])
    assert first.neighbours == ["zh-Hant", "ko"]
    assert second.asked == ["謎"]
    assert second.neighbours == ["zh-Hant", "ja", "ko"]


def test_of_unsure_translations_the_most_confident_stays() -> None:
    translators = [Fixed("weak", "出口", 0.5), Fixed("weaker", "出口", 0.4)]
    (found,) = translate_with(translators, ["出口"], source="auto", to="en")
    assert (found.engine, found.sure) == ("weak", False)


def test_no_translator_leaves_everything_as_it_is() -> None:
    found = translate_with([], ["出口 専用", "42", "화장실"], source="auto", to="ko")
    assert [translation.target for translation in found] == ["出口 専用", "42", "화장실"]
    assert [translation.engine for translation in found] == ["none", "same", "same"]
    assert [translation.sure for translation in found] == [False, True, True]


@pytest.mark.parametrize(
    ("text", "to", "engine"),
    [("你好", "zh-Hans", "same"), ("你好", "zh-Hant", "same"), ("营业时间", "zh-Hant", "none"), ("你好", "ja", "none")],
)
def test_chinese_that_both_scripts_write_alike_is_a_chinese_readers_own(text: str, to: str, engine: str) -> None:
    (found,) = translate_with([], [text], source="auto", to=to)
    assert found.engine == engine


def test_a_chain_is_a_translator() -> None:
    chain: Translator = Chain((Fixed("only", "出口", 0.9),))
    assert chain.translate(["出口"], source="auto", to="en")[0].target == "only:出口"


def test_what_is_hardly_a_guess_does_not_take_the_place_of_the_original() -> None:
    guess = Translation("출구", "exits", "ko", "en", "glossa", 0.05, False, ("exit",))
    shown = worth_showing(guess)
    assert (shown.target, shown.engine, shown.sure) == ("출구", NONE, False)
    assert shown.alternatives == ("exits", "exit")
    assert worth_showing(replace(guess, confidence=0.4)).target == "exits"
    assert worth_showing(replace(guess, sure=True)).target == "exits"


@pytest.mark.parametrize(
    ("text", "to", "gloss", "alone"),
    [
        ("Yuyuan Rd.", "en", "", True),
        ("Yuyuan Rd.", "ko", "", False),
        ("Yuyuan Rd.", "en", "a gloss", False),
        ("愚园路", "en", "", False),
    ],
)
def test_a_name_in_the_readers_own_letters_is_left_alone(text: str, to: str, gloss: str, alone: bool) -> None:
    assert left_alone(Translation(text, text, "und", to, NONE, 0.0, False, gloss=gloss)) == alone
    assert left_alone(Translation(text, text, to, to, SAME, 1.0, True))
    assert not left_alone(Translation(text, text, "es", to, NONE, 0.0, False))
