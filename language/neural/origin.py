"""Which language a text is to be translated from, when not all of its letters tell.

Comes in: a text, what was asked for, the languages of its neighbours. Goes out: a code. `language.identify` says what
is certain; here is what to assume where a translation has to be tried nevertheless.
"""

from collections import Counter
from collections.abc import Sequence

from language.codes import LANGUAGES
from language.identify import count_scripts, identify
from language.translation import SURE_CONFIDENCE

UNDETERMINED = "und"
"""Latin letters of an unknown language."""

WRITTEN_WITH = {"Latin": ("en", "es", "fr", "de"), "Han": ("zh-Hans", "ja", "zh-Hant")}
"""Languages that a text of one such script alone may be in: Korean has Han characters, but does not do with them."""


def neighbours_of(texts: Sequence[str], further: Sequence[str] = ()) -> list[Counter[str]]:
    """Give for each text of a picture the languages of the others, `further` ones included."""
    guesses = [identify(text) for text in texts]
    votes = [guess.code if guess.certainty >= SURE_CONFIDENCE else None for guess in guesses]
    every = Counter([*further, *filter(None, votes)])
    return [every - Counter([vote] if vote else []) for vote in votes]


def origin(text: str, *, source: str, to: str, neighbours: Counter[str]) -> str:
    """Give the language to translate from; `source` is a code or "auto".

    `UNDETERMINED` for Latin letters of an unknown language on the way to English, "" where it is surely none of our
    languages or in none of their scripts.
    """
    scripts = count_scripts(text)
    if source in LANGUAGES and any(scripts[script] for script in LANGUAGES[source].scripts):
        return source
    guess = identify(text, list(neighbours.elements()))
    if guess.code:
        return guess.code
    if guess.certainty >= SURE_CONFIDENCE:
        return ""  # Surely none of our languages: Italian is not English.
    letters = "Han" if scripts["Han"] else "Latin" if scripts["Latin"] else ""
    near = [code for code in WRITTEN_WITH.get(letters, ()) if code != to and neighbours[code]]
    if near:
        return max(near, key=lambda code: neighbours[code])
    if letters == "Latin" and to != "en":
        # English stands on signs everywhere.
        return "en"
    return {"Han": "zh-Hans", "Latin": UNDETERMINED}.get(letters, "")
