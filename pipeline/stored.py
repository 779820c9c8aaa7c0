"""What the store has for reading and translating."""

from dataclasses import replace
from pathlib import Path

from devices import InputError, UnknownNameError
from devices.store import Store
from vision.text import ReaderOptions

KOREAN = "ppocrv5-rec-korean"
"""The model that reads Korean; where it lies in the store it is asked instead of Tesseract."""


def is_path(named: str) -> bool:
    """True for what can be no model's name: it leads to another folder, or it is a file that lies here."""
    return "/" in named or "\\" in named or Path(named).is_file()


def with_stored(options: ReaderOptions) -> ReaderOptions:
    """The same reader with what the store has for it. Raises InputError where that is damaged."""
    store = Store()
    if not options.second or options.paddle or options.korean or not store.has(KOREAN):
        return options
    return replace(options, korean=store.path(KOREAN))


def stored_translator(name: str) -> Path | None:
    """The folder of the store's translation model of that name, None where no such model can be one.

    Raises MissingError with the command for one that could be pulled, InputError for a damaged one.
    """
    store = Store()
    try:
        found = store.record(name) if store.has(name) else store.catalogue.entry(name)
    except (InputError, UnknownNameError):
        return None
    return store.path(name) if found.task == "translation" and found.engine == "ctranslate2" else None
