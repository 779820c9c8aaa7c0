"""The dev split of the translator: sentence pairs that were never trained on, by direction.

In: a folder with `dev/*.tsv` that `language.training.prepare` wrote, or the corpora themselves, from which the same
rows are chosen again. Out: `HeldOut` rows in a fixed order. Knows nothing of engines and of scores.
"""

import hashlib
import inspect
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

import platformdirs

from devices.errors import InputError
from language.normalise import normalise
from language.training.corpora import (
    DEV_ONE_IN,
    ONE_WAY_TAGS,
    Pair,
    chance,
    chinese_script,
    read_pairs,
    split_dev,
    text_key,
)

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora"
EVERYDAY = frozenset({"tatoeba", "talpco", "jhe", "stylekqc", "xpersona", "tanaka50k"})
"""Sources of everyday sentences: conversation and school books, not manuals, not encyclopaedias."""
DIRECTIONS = (
    *(f"{code}-en" for code in ("ko", "ja", "zh", "es", "fr", "de")),
    *(f"en-{code}" for code in ("ko", "ja", "zh-Hans", "zh-Hant")),
    *(f"{code}-ko" for code in ("ja", "zh")),
)
_FOREIGN = ("ko", "ja", "zh", "es", "fr", "de")
_SPOKEN_TO = ("ko", "ja", "zh")


@dataclass(frozen=True, slots=True)
class HeldOut:
    """One pair of the dev split."""

    tag: str
    """Which corpus it is from."""
    source: str
    target: str
    source_lang: str
    """A code of `LANGUAGES`: a Chinese source has its script's."""
    to: str


Split = dict[str, list[HeldOut]]
"""Rows by direction, "ko-en"; directions in the order of `DIRECTIONS`."""


def load_split(dev: Path | None = None, corpora: Path | None = None) -> Split:
    """Give the dev split of a prepared folder, by default that of the corpora (kept in the cache; a minute the first
    time). Raises InputError saying what is missing.
    """
    if dev is not None:
        return _read_folder(dev)
    folder = corpora or CORPORA
    files = [folder / f"{language}-en.tsv.xz" for language in _FOREIGN]
    if absent := [path.name for path in files if not path.is_file()]:
        raise InputError(
            f"The dev split needs the corpora: expected {', '.join(absent)} in {folder}. "
            "Name their folder with --corpora, or one that `language.training.prepare` wrote with --dev."
        )
    kept = _cache_file(files)
    if kept.is_file():
        rows = json.loads(kept.read_text(encoding="utf-8"))
        return {direction: [HeldOut(*row) for row in rows[direction]] for direction in rows}
    split = choose(dict(zip(_FOREIGN, map(read_pairs, files), strict=True)))
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        plain = {direction: [astuple(row) for row in rows] for direction, rows in split.items()}
        kept.write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
    except OSError:
        pass  # a cache that cannot be written only means choosing again
    return split


def choose(pairs: dict[str, Iterator[Pair]]) -> Split:
    """Choose the dev split from each language's pairs with English, as `language.training.prepare` does."""
    dev = {}
    for language, every in pairs.items():
        # What is not held out by hash cannot come into the dev split: it need not be kept.
        dev[language] = split_dev([pair for pair in every if chance(text_key(pair.english)) < 1 / DEV_ONE_IN])[1]
    split: defaultdict[str, list[HeldOut]] = defaultdict(list)
    korean: dict[str, str] = {}
    for pair in dev.get("ko", ()):
        korean.setdefault(text_key(pair.english), pair.source)
    for language, held in dev.items():
        for pair in held:
            code = chinese_script(pair.source) if language == "zh" else language
            split[f"{language}-en"].append(HeldOut(pair.tag, pair.source, pair.english, code, "en"))
            if pair.tag in ONE_WAY_TAGS:
                continue
            if language in _SPOKEN_TO:
                split[f"en-{code}"].append(HeldOut(pair.tag, pair.english, pair.source, "en", code))
            if language in ("ja", "zh") and (same := korean.get(text_key(pair.english))):
                split[f"{language}-ko"].append(HeldOut(pair.tag, pair.source, same, code, "ko"))
    return {direction: split[direction] for direction in DIRECTIONS if direction in split}


def _read_folder(folder: Path) -> Split:
    places = [path for path in (folder / "data" / "dev", folder / "dev", folder) if any(path.glob("*-*.tsv"))]
    if not places:
        raise InputError(
            f"{folder}: expected the dev split, data/dev/ko-en.tsv and others. Prepare it, or leave --dev."
        )
    split: Split = {}
    for path in sorted(places[0].glob("*-*.tsv"), key=lambda path: _order(path.stem)):
        source_lang, to = path.stem.split("-", 1)
        split[path.stem] = []
        for line in path.read_text(encoding="utf-8").splitlines():
            tag, source, target = line.split("\t")
            code = chinese_script(source) if source_lang == "zh" else source_lang
            split[path.stem].append(HeldOut(tag, source, target, code, to))
    return split


def _order(direction: str) -> tuple[int, str]:
    return (DIRECTIONS.index(direction) if direction in DIRECTIONS else len(DIRECTIONS), direction)


def _cache_file(files: list[Path]) -> Path:
    """Name the cache after the files and after the code that chooses from them: a change of either chooses again."""
    told = hashlib.blake2b(digest_size=8)
    for path in files:
        state = path.stat()
        told.update(f"{path.name} {state.st_size} {state.st_mtime_ns}".encode())
    for code in (split_dev, normalise, choose):
        told.update(Path(inspect.getfile(code)).read_bytes())
    return Path(platformdirs.user_cache_dir("glossa", appauthor=False)) / f"dev-split-{told.hexdigest()}.json"
