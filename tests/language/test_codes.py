import pytest

from devices.errors import UnknownNameError
from language.codes import LANGUAGES, parse_language


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("en", "en"),
        ("EN", "en"),
        ("en-US", "en"),
        ("en_GB", "en"),
        ("ko-KR", "ko"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-sg", "zh-Hans"),
        ("zh-hans", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh_HK", "zh-Hant"),
        ("zh-Hant-TW", "zh-Hant"),
        ("Japanese", "ja"),
        ("deu", "de"),
        (" 한국어 ", "ko"),
        ("fr-CA", "fr"),
        ("es-419", "es"),
    ],
)
def test_what_people_type(typed: str, code: str) -> None:
    assert parse_language(typed) == code


@pytest.mark.parametrize("typed", ["", "auto", "xx", "it", "e n", "en-", "-", "klingon"])
def test_an_unknown_name_lists_the_known_ones(typed: str) -> None:
    with pytest.raises(UnknownNameError) as error:
        parse_language(typed)
    assert all(code in str(error.value) for code in LANGUAGES)


def test_every_code_parses_to_itself() -> None:
    assert [parse_language(code) for code in LANGUAGES] == list(LANGUAGES)
