"""What it means: languages, normalisation, translation. A plain library: no threads, no clocks, no settings files.

from language import Memory
Memory().translate(["出口", "Please wait here"], source="auto", to="ko")
"""

from language.codes import LANGUAGES, Language, parse_language
from language.glossed import Glossed
from language.identify import Guess, identify, is_language
from language.memory import Memory
from language.normalise import normalise
from language.phrasebook_files import check_phrasebook
from language.translation import Chain, Translation, Translator, translate_with

__all__ = [
    "LANGUAGES",
    "Chain",
    "Glossed",
    "Guess",
    "Language",
    "Memory",
    "Translation",
    "Translator",
    "check_phrasebook",
    "identify",
    "is_language",
    "normalise",
    "parse_language",
    "translate_with",
]
