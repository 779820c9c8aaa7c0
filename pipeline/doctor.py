"""`glossa doctor`: what is installed, what was found, what is missing and the command that brings it."""

import json
import os
import platform
from importlib.metadata import PackageNotFoundError, distributions, version

from rich.console import Console
from rich.markup import escape

from devices import InputError, MissingError
from language.codes import LANGUAGES
from language.gloss import Lexicon
from language.lexicon_file import FILE_NAME
from language.memory import Memory
from pipeline.doctor_live import live_lines
from pipeline.doctor_senses import senses_lines
from pipeline.doctor_store import store_lines
from pipeline.engines import NETWORK, cache_file, has_network
from vision.text import paddle
from vision.text.engine import ENGINES, installed_engines
from vision.text.models import DETECTOR, RECOGNISER, model_path
from vision.text.tesseract import LANGUAGES as SECOND_LANGUAGES
from vision.text.tesseract import data_folder, installed_languages

_DEBIAN_PACKAGES = {"kor": "tesseract-ocr-kor"}


def report(console: Console | None = None) -> None:
    """Prints the state of this installation, one finding a line; `!` marks what is missing."""
    console = console or Console(highlight=False, soft_wrap=True)
    for title, lines in (
        ("machine", _machine()),
        ("pictures", _opencv()),
        ("reading", _reading()),
        ("translation", _translation()),
        ("live", live_lines()),
        ("models", store_lines()),
        ("senses", senses_lines()),
    ):
        console.print(f"[bold]{title}[/bold]")
        for good, line in lines:
            console.print(f"  {'[green]ok[/green]' if good else '[yellow]! [/yellow]'} {escape(line)}", markup=True)


Lines = list[tuple[bool, str]]


def _machine() -> Lines:
    return [
        (True, f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores")
    ]


def _opencv() -> Lines:
    """Several distributions put their files into the one `cv2` folder: two of them break each other."""
    owners = sorted({d.name for d in distributions() if d.name.lower().startswith("opencv-") and d.name})
    import cv2

    lines = [(True, f"OpenCV {cv2.__version__} from {', '.join(owners)}; PyAV {version('av')}")]
    if len(owners) > 1:
        keep = "opencv-python-headless"
        lines.append((False, f"several packages own cv2: pip uninstall -y {' '.join(owners)} && pip install {keep}"))
    return lines


def _reading() -> Lines:
    lines: Lines = []
    for model in (DETECTOR, RECOGNISER):
        try:
            lines.append((True, f"{model}, {model_path(model).stat().st_size / 1e6:.0f} MB"))
        except MissingError as missing:
            lines.append((False, str(missing)))
    for engine in ENGINES:
        there = engine in installed_engines()
        lines.append((there, f"{engine} {version(engine)}" if there else f"{engine}: pip install {engine}"))
    try:
        known = json.loads(cache_file().read_text(encoding="utf-8"))
        costs = ", ".join(f"{name} {ms:.0f} ms" for name, ms in known["detector_ms"].items())
        lines.append((True, f"measured here: {costs}; using {known['engine']}"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        lines.append((True, "speed of the engines not measured yet; the first run does it"))
    return lines + _second_reader() + _paddle()


def _paddle() -> Lines:
    if not paddle.installed():
        return [(False, f"paddleocr (models of your own, --reader paddleocr:FOLDER): {paddle.INSTALL}")]
    return [(True, f"paddleocr: paddlepaddle {version('paddlepaddle')}, for --reader paddleocr:FOLDER")]


def _second_reader() -> Lines:
    lines: Lines = []
    try:
        lines.append(
            (True, f"Tesseract through tesserocr {version('tesserocr')}, data in {data_folder() or 'no folder'}")
        )
    except PackageNotFoundError:
        lines.append((False, "Korean text cannot be read: pip install tesserocr"))
    for language in SECOND_LANGUAGES:
        if language in installed_languages():
            lines.append((True, f"Tesseract language {language}"))
        else:
            package = _DEBIAN_PACKAGES[language]
            lines.append((False, f"Tesseract language {language} is missing: sudo apt-get install {package}"))
    return lines


def _glosses() -> tuple[bool, str]:
    if not (NETWORK / FILE_NAME).is_file():
        return False, "gloss: no word tables came with this version; what is unsure stands without a gloss"
    try:
        return True, f"gloss: word tables, {', '.join(Lexicon(NETWORK).directions)}"
    except InputError as error:
        return False, f"gloss: {error}"


def _translation() -> Lines:
    names = ", ".join(f"{code} {language.name}" for code, language in LANGUAGES.items())
    lines = [(True, f"languages: {names}"), (True, f"memory: translation memory, {len(Memory())} concepts")]
    if has_network():
        size = sum(path.stat().st_size for path in NETWORK.iterdir() if path.is_file())
        lines.append((True, f"glossa: our own network, {size / 1e6:.0f} MB"))
    else:
        lines.append((False, "glossa: our own network did not come with this version; the memory translates alone"))
    lines.append(_glosses())
    for package in ("ctranslate2", "sentencepiece"):
        try:
            lines.append((True, f"{package} {version(package)}, for networks: ours, OPUS-MT, M2M-100, NLLB folders"))
        except PackageNotFoundError:
            lines.append((False, f"{package}: networks cannot run: pip install {package}"))
            return lines
    # Imports both packages.
    from language.neural.apertium import available

    if pairs := available():
        lines.append((True, f"apertium: {', '.join(pairs)}, never sure"))
    else:
        lines.append((False, "apertium (Spanish, never sure): sudo apt-get install apertium apertium-eng-spa"))
    return lines
