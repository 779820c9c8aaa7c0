"""Every error that Glossa raises on purpose, each a sentence for the person who sees it.

A message says what went wrong, what was expected, what was found, and what to do. The command line prints it as
one line and exits with a non-zero status; a traceback means a bug.
"""


class GlossaError(Exception):
    """Root of all errors that are meant for the person at the keyboard."""


class InputError(GlossaError):
    """The given media cannot be read: missing, not media, without pictures, or damaged beyond use."""


class OutputError(GlossaError):
    """The result cannot be written: no permission, no space, or it would overwrite its own source."""


class UnknownNameError(GlossaError):
    """A language, engine, layout or model name that is not known; the message lists the known ones."""


class MissingError(GlossaError):
    """A package, model or system tool that is needed is not installed; the message names the command."""


class FetchError(GlossaError):
    """A file could not be fetched: no link, a server that refuses, or bytes that are not the ones expected."""
