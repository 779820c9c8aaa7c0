"""Names of things: the table is whole, and falls back to English."""

import unicodedata

import pytest

from language.codes import LANGUAGES
from language.object_names import code_word, known_code_words, known_objects, object_name
from vision.codes import Kind, Warn
from vision.objects.coco import NAMES

SCRIPTS = {"ko": "HANGUL", "zh-Hans": "CJK", "zh-Hant": "CJK"}


def test_every_thing_that_detectors_know_has_a_name() -> None:
    assert known_objects() == NAMES


@pytest.mark.parametrize(
    "to", [code for code in LANGUAGES if code in ("ko", "ja", "zh-Hans", "zh-Hant", "es", "fr", "de")]
)
def test_names_are_of_their_language(to: str) -> None:
    told = [object_name(name, to) for name in NAMES]
    assert all(unicodedata.is_normalized("NFC", name) and name == name.strip() for name in told)
    if to in SCRIPTS:
        letters = {unicodedata.name(letter).split()[0] for name in told for letter in name if letter != " "}
        assert letters == {SCRIPTS[to]}
    if to in ("es", "fr"):
        assert all(name == name.lower() for name in told)
    if to == "de":
        assert all(name[0].isupper() for name in told)


def test_the_two_chinese_scripts_are_not_mixed() -> None:
    assert (object_name("car", "zh-Hans"), object_name("car", "zh-Hant")) == ("汽车", "汽車")
    assert (object_name("cell phone", "zh-Hans"), object_name("cell phone", "zh-Hant")) == ("手机", "手機")


def test_what_is_not_in_the_table_stays_english() -> None:
    assert object_name("person", "en") == "person"
    assert object_name("toucan", "ko") == "toucan"
    assert object_name("person", "it") == "person"


def test_every_kind_of_code_and_every_warning_has_a_word() -> None:
    assert set(known_code_words()) == {kind.value for kind in Kind} | {warn.value for warn in Warn}
    assert code_word("payment", "de") == "Zahlung"
    assert code_word("not encrypted", "it") == "not encrypted"
