"""Glosses beside translations that may be wrong: any translator, and a lexicon that is opened when it is first needed.

Comes in: texts. Goes out: what the translator says of them, with a gloss where it is not sure. A lexicon that is
missing or damaged costs the glosses, never a translation. Knows no network.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from devices.errors import InputError
from language.gloss import Lexicon
from language.lexicon_file import FILE_NAME
from language.translation import SAME, Translation, Translator

_log = logging.getLogger("glossa")


@dataclass(frozen=True, slots=True)
class Glossed:
    """A translator whose unsure answers come with a gloss."""

    translator: Translator
    folder: Path
    """The model folder with the lexicon; one without it gives no glosses."""

    @property
    def name(self) -> str:
        """The translator's name."""
        return self.translator.name

    def translate(
        self, texts: Sequence[str], *, source: str, to: str, neighbours: Sequence[str] = ()
    ) -> list[Translation]:
        """Translate as the translator does; see `language.translation.Translator`. Blocks a millisecond a gloss."""
        told = self.translator.translate(texts, source=source, to=to, neighbours=neighbours)
        return [self._glossed(one) for one in told]

    def _glossed(self, told: Translation) -> Translation:
        if told.sure or told.gloss or told.engine == SAME:
            return told
        lexicon = lexicon_of(self.folder)
        gloss = lexicon.gloss(told.source, told.source_lang, told.target_lang) if lexicon else ""
        return replace(told, gloss=gloss) if gloss else told


@cache
def lexicon_of(folder: Path) -> Lexicon | None:
    """Open the lexicon of a model folder, once; blocks for some 20 ms.

    None where the folder has none, and where it cannot be read: that is logged as a warning, once.
    """
    if not (folder / FILE_NAME).is_file():
        return None
    try:
        return Lexicon(folder)
    except InputError as error:
        _log.warning("No glosses: %s", error)
        return None
