"""The languages Glossa knows by name: codes, names, scripts.

Comes in: what a person types ("ko", "zh-TW", "Japanese"). Goes out: one of our codes, or an error that lists them.
"auto" is not a language; callers that allow it handle it before they ask here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from devices.errors import UnknownNameError


@dataclass(frozen=True, slots=True)
class Language:
    """One language that some engine can read or write."""

    code: str
    """BCP 47: the language, and the script where the language has two."""
    name: str
    """In English."""
    native_name: str
    scripts: tuple[str, ...]
    """Scripts of ordinary text, the most telling one first, as named by `language.identify`."""


def parse_language(name: str) -> str:
    """Give the code for what a person typed; regions are dropped, except that they choose the Chinese script.

    Raises UnknownNameError, listing the known codes.
    """
    wanted = name.strip().replace("_", "-").casefold()
    if wanted in _BY_NAME:
        return _BY_NAME[wanted]
    primary, *subtags = wanted.split("-")
    if primary in _CHINESE:
        return "zh-Hant" if _TRADITIONAL.intersection(subtags) else "zh-Hans"
    if primary in _BY_NAME and "" not in subtags and all(tag.isalnum() for tag in subtags):
        return _BY_NAME[primary]
    known = ", ".join(f"{language.code} ({language.name})" for language in LANGUAGES.values())
    raise UnknownNameError(f"Unknown language {name!r}. Known languages: {known}.")


def _index() -> dict[str, str]:
    names = dict(_LONG_CODES)
    for language in LANGUAGES.values():
        for known in (language.code, language.name, language.native_name):
            names[known.casefold()] = language.code
    return names


LANGUAGES: Mapping[str, Language] = MappingProxyType(
    {
        language.code: language
        for language in (
            Language("en", "English", "English", ("Latin",)),
            Language("ko", "Korean", "한국어", ("Hangul", "Han")),
            Language("ja", "Japanese", "日本語", ("Kana", "Han")),
            Language("zh-Hans", "Chinese (simplified)", "简体中文", ("Han",)),
            Language("zh-Hant", "Chinese (traditional)", "繁體中文", ("Han",)),
            Language("es", "Spanish", "Español", ("Latin",)),
            Language("fr", "French", "Français", ("Latin",)),
            Language("de", "German", "Deutsch", ("Latin",)),
        )
    }
)
"""Every language, by code, in the order of the phrase book's columns."""

_CHINESE = frozenset({"zh", "zho", "chi", "cmn", "chinese", "中文"})
_TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})
_LONG_CODES = {
    "eng": "en",
    "kor": "ko",
    "jpn": "ja",
    "jp": "ja",
    "kr": "ko",
    "spa": "es",
    "fra": "fr",
    "fre": "fr",
    "deu": "de",
    "ger": "de",
}
_BY_NAME = _index()
