"""What the commands of the command line share: the options that several of them have, and a quiet way to stop."""

from typing import Annotated

import typer

from language.codes import parse_language

To = Annotated[str, typer.Option("--to", help="Language to translate into: en, ko, ja, zh, zh-Hant, es, fr, de.")]
From = Annotated[str, typer.Option("--from", help="Language of the signs, or auto.")]
Engine = Annotated[str, typer.Option(help="Translation engine: auto, memory, glossa, apertium, or a model's folder.")]
Reader = Annotated[
    str | None,
    typer.Option(
        metavar="NAME[,NAME]",
        help="Reads: openvino, onnxruntime (default: the faster), models (.onnx or of the store), paddleocr:FOLDER",
    ),
]
Look = Annotated[
    str, typer.Option(metavar="objects,codes|none", help="What else to look for; codes are QR and bar codes.")
]
Detector = Annotated[
    str | None,
    typer.Option(metavar="MODEL", help="Finds things: an .onnx file or a model of the store. Default: what is there."),
]
Anonymise = Annotated[
    bool, typer.Option("--anonymise/--no-anonymise", help="Blur faces and number plates in all that is written.")
]
Faces = Annotated[
    str | None,
    typer.Option(metavar="MODEL", help="Finds faces to blur: YuNet as an .onnx file or a model of the store."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]

STOPPED = 130
"""Exit status after Ctrl-C."""


class QuietStopError(Exception):
    """Ctrl-C where there is nothing to say about it."""


def check_used(option: str, given: str | None, used: bool, needs: str) -> None:
    """Raise typer.BadParameter where an `option` was `given` that nothing would come of: it `needs` another."""
    if given is not None and not used:
        raise typer.BadParameter(f"{given!r} would not be used; add {needs}, or leave it out", param_hint=option)


def source_language(name: str) -> str:
    """The code of a language by what the person called it, or `auto`. Raises UnknownNameError."""
    return name if name == "auto" else parse_language(name)
