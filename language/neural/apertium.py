"""Apertium, where its Debian packages are installed: rules and dictionaries, no network, no guess at unknown words.

Comes in: texts. Goes out: translations, never sure, for shallow rules get every other sign wrong. Each call starts
the `apertium` program (a third of a second); nothing is sent anywhere.
"""

import os
import re
import shutil
import subprocess
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from devices.errors import GlossaError, MissingError
from language.codes import parse_language
from language.neural.checks import is_copy, with_numbers
from language.neural.drafts import Draft, Task, task_of, written
from language.neural.origin import neighbours_of, origin
from language.normalise import normalise
from language.slots import without_marks
from language.translation import SAME, Translation, unknown

_INSTALL = "sudo apt-get install apertium apertium-eng-spa"


def available(program: Path | None = None) -> dict[str, str]:
    """Give the installed directions ("es-en") with Apertium's own names for them; empty where it is not installed.

    Reads the folder of modes beside the program; starts nothing.
    """
    found = program or _which()
    if found is None:
        return {}
    modes: dict[str, str] = {}
    # The plain mode before its regional variants: spa-eng before spa-eng_US.
    for path in sorted((found.parents[1] / "share" / "apertium" / "modes").glob("*.mode"), key=_plain_first):
        first, _, last = path.stem.partition("-")
        try:
            direction = f"{parse_language(first)}-{parse_language(last)}"
        except GlossaError:
            continue
        modes.setdefault(direction, path.stem)
    return modes


class Apertium:
    """The installed Apertium pairs as a translator."""

    name = "apertium"

    def __init__(self, program: Path | None = None, *, timeout_s: float = 10.0) -> None:
        """Look for the program (by default on the PATH) and its pairs; MissingError names what to install."""
        found = program or _which()
        self._modes = available(found)
        if found is None or not self._modes:
            what = "its language pairs" if found else "the program apertium"
            raise MissingError(f"Apertium: expected {what}, found none. Install them: {_INSTALL}")
        self._program = found
        self._timeout_s = timeout_s

    @property
    def directions(self) -> tuple[str, ...]:
        """The directions that are installed, like "es-en"."""
        return tuple(self._modes)

    def translate(
        self, texts: Sequence[str], *, source: str, to: str, neighbours: Sequence[str] = ()
    ) -> list[Translation]:
        """Translate what its pairs can; see `language.translation.Translator`. Blocks, `timeout_s` at most a language.

        A direction that fails or takes too long leaves its texts as they are. Raises UnknownNameError for a language.
        """
        to = parse_language(to)
        source = source if source == "auto" else parse_language(source)
        results: list[Translation] = []
        waiting: dict[str, list[tuple[int, Task]]] = defaultdict(list)
        for text, near in zip(texts, neighbours_of(texts, neighbours), strict=True):
            known = unknown(text, source=source, to=to, neighbours=list(near.elements()))
            task = None if known.engine == SAME else self._task(text, source, to, near)
            if task is not None:
                waiting[f"{task.source}-{to}"].append((len(results), task))
            results.append(known)
        for direction, tasks in waiting.items():
            answers = self._run(self._modes[direction], [task.protected.text for _, task in tasks])
            for (place, task), answer in zip(tasks, answers, strict=True):
                results[place] = self._told(results[place], task, answer)
        return results

    def _task(self, text: str, source: str, to: str, neighbours: Counter[str]) -> Task | None:
        # A star would be taken for the mark of an unknown word.
        clean = normalise(without_marks(text).replace("*", " "))
        code = origin(clean, source=source, to=to, neighbours=neighbours)
        return task_of(clean, code, to) if f"{code}-{to}" in self._modes else None

    def _told(self, known: Translation, task: Task, answer: str) -> Translation:
        bare = _MARK.sub("", answer).strip()
        marks = len(_MARK.findall(answer))
        draft = Draft(bare, task.protected, frozenset(), 0.0, 0.0, 0, 0, 0.0, ())
        target, lost = written(draft, task)
        if not target or is_copy(task.plain, target):
            return known
        value = _UNKNOWN_WORD if marks or lost else _EVERY_WORD
        return replace(
            known,
            target=with_numbers(target, lost),
            source_lang=task.source,
            engine=self.name,
            confidence=value,
        )

    def _run(self, mode: str, texts: Sequence[str]) -> list[str]:
        """Translate texts, one paragraph each: rules reach over the end of a line. Empty ones where it fails."""
        try:
            done = subprocess.run(
                [str(self._program), "-f", "txt", mode],
                input="\n\n".join(texts),
                capture_output=True,
                encoding="utf-8",
                timeout=self._timeout_s,
                check=True,
                env={"PATH": f"{self._program.parent}{os.pathsep}{os.defpath}", "LC_ALL": "C.UTF-8"},
            )
        except (subprocess.SubprocessError, OSError, ValueError):
            return [""] * len(texts)
        answers = done.stdout.strip("\n").split("\n\n")
        return answers if len(answers) == len(texts) else [""] * len(texts)


def _which() -> Path | None:
    found = shutil.which("apertium")
    return Path(found).absolute() if found else None


def _plain_first(path: Path) -> tuple[bool, str]:
    return ("_" in path.stem, path.stem)


_EVERY_WORD, _UNKNOWN_WORD = 0.5, 0.2
# What Apertium puts before a word that it does not know, cannot translate, cannot inflect.
_MARK = re.compile(r"(?<![^\s\W])[*@#](?=\w)")
