"""What a translation is, what a translator promises, and how several are asked in turn.

Comes in: texts. Goes out: one `Translation` for each, in the same order. Knows no engine.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from language.codes import LANGUAGES
from language.han import CHINESE, foreign_characters
from language.identify import Guess, identify, is_language, is_latin
from language.normalise import normalise
from language.slots import reads_the_same

MEMORY = "memory"
"""Engine name: found in the phrase book."""
NONE = "none"
"""Engine name: nothing is known; the text is as it was, and unsure."""
SAME = "same"
"""Engine name: already the wanted language, or no language at all; the text is as it was, and sure."""

_OWN_LANGUAGE = 0.6  # leaving the reader's own language alone is a smaller mistake than marking all of it
SURE_CONFIDENCE = 0.8
"""A translation of at least this confidence is shown without a mark."""
WORTH_SHOWING = 0.2
"""Below it a guess is more likely to mislead than to help: it is not put in the place of the original."""


@dataclass(frozen=True, slots=True)
class Translation:
    """One text and what it means."""

    source: str
    """The text as it was given."""
    target: str
    """What to show; equal to `source` when the engine is "none" or "same"."""
    source_lang: str
    """A code of `LANGUAGES`, or "und" where it is not known."""
    target_lang: str
    engine: str
    """"memory", "none", "same", or the name of a model."""
    confidence: float
    """In [0, 1]."""
    sure: bool
    """Whether a wearer may rely on it: false is shown with a mark."""
    alternatives: tuple[str, ...] = ()
    """Other targets that the engine thought of, likeliest first; without `target`."""
    gloss: str = ""
    """The source word by word in the target language; "" where nothing is known of it."""


class Translator(Protocol):
    """Anything that translates: the memory, a model, a chain of them."""

    @property
    def name(self) -> str:
        """What the findings file calls it."""
        ...

    def translate(
        self, texts: Sequence[str], *, source: str, to: str, neighbours: Sequence[str] = ()
    ) -> list[Translation]:
        """Give one translation for each text, in order. Odd text never raises.

        `source` is a code or "auto"; `to` is a code. Texts of one call are neighbours: they stand in one picture
        and may tell each other's language. `neighbours` are the codes of further texts of that picture, with
        repetition, that need no translation any more.
        """
        ...


@dataclass(frozen=True, slots=True)
class Chain:
    """Translators asked in order, as one translator."""

    translators: tuple[Translator, ...]
    name: str = "chain"

    def translate(
        self, texts: Sequence[str], *, source: str, to: str, neighbours: Sequence[str] = ()
    ) -> list[Translation]:
        """Give for each text the first sure translation, else the most confident one."""
        return translate_with(self.translators, texts, source=source, to=to, neighbours=neighbours)


def translate_with(
    translators: Sequence[Translator], texts: Sequence[str], *, source: str, to: str, neighbours: Sequence[str] = ()
) -> list[Translation]:
    """Ask each translator only for what those before it were not sure of, and tell it the languages of the rest.

    Gives for each text the first sure translation, else the most confident one (the earlier one of equals).
    """
    found = [unknown(text, source=source, to=to, neighbours=neighbours) for text in texts]
    for translator in translators:
        open_places = [place for place, translation in enumerate(found) if not translation.sure]
        if not open_places:
            break
        settled = [translation.source_lang for translation in found if translation.sure]
        near = [*neighbours, *(code for code in settled if code in LANGUAGES)]
        answers = translator.translate([texts[place] for place in open_places], source=source, to=to, neighbours=near)
        for place, answer in zip(open_places, answers, strict=True):
            if answer.sure or answer.confidence > found[place].confidence:
                found[place] = answer
    return found


def worth_showing(translation: Translation) -> Translation:
    """Give what may stand in the original's place: the translation, or nothing known where it is hardly a guess.

    The guess is then still the first of the alternatives.
    """
    if translation.sure or translation.confidence >= WORTH_SHOWING or translation.engine in (NONE, SAME):
        return translation
    guesses = (translation.target, *translation.alternatives)
    return replace(
        translation, target=translation.source, engine=NONE, confidence=0.0, sure=False, alternatives=guesses
    )


def left_alone(translation: Translation) -> bool:
    """True where nothing is to be drawn: it needs no translation, or is most likely a name, in the reader's letters."""
    if translation.engine == SAME:
        return True
    unread = translation.engine == NONE and translation.source_lang == "und" and not translation.gloss
    return unread and is_latin(translation.source) and "Latin" in LANGUAGES[translation.target_lang].scripts


def unknown(text: str, *, source: str, to: str, neighbours: Sequence[str] = ()) -> Translation:
    """Say what can be said of a text without any engine: "same" where it needs no translation, else "none"."""
    if not is_language(text):
        if reads_the_same(normalise(text), to):
            return Translation(text, text, "und", to, SAME, 1.0, True)
        return Translation(text, text, source if source in LANGUAGES else "und", to, NONE, 0.0, False)
    guess = identify(text, neighbours)
    if {guess.code, to} == set(CHINESE) and not foreign_characters(text, to):
        guess = Guess(to, guess.certainty)  # written the same in both scripts
    if source in ("auto", to) and guess.code == to and guess.certainty >= _OWN_LANGUAGE:
        return Translation(text, text, to, to, SAME, guess.certainty, True)
    code = source if source in LANGUAGES else guess.code or "und"
    return Translation(text, text, code, to, NONE, 0.0, False)
