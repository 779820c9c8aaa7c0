"""The catalogue: which models there are, where their files lie, what they must be, and on what terms.

In: TOML files, ours in `devices/store/catalogue/` or a person's own. Out: frozen entries, or an InputError that names
the place. A catalogue is not trusted: its names stay in the store, its addresses are https. Opens no network.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from devices.errors import InputError, UnknownNameError
from devices.profile_table import Table
from devices.store.names import checked_id, checked_name, checked_sha256, checked_url

FOLDER = Path(__file__).with_name("catalogue")
"""The catalogue that comes with the install, a file for each task."""

TASKS = ("text", "objects", "hands", "faces", "translation", "speech", "instruct")
"""What models are for: reading, things, hands, faces, translating, hearing, following instructions."""

ENGINES = ("onnx", "ctranslate2", "onnxruntime-genai", "llama.cpp", "mediapipe", "opencv", "sherpa-onnx", "whisper.cpp",
           "bergamot", "tesseract", "torch")  # fmt: skip
"""What opens them."""

_LARGEST_TOML = 2_000_000
_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model: as it lies in the store, and where it comes from."""

    name: str
    """A path in the model's folder, with /."""
    url: str
    size: int | None
    """Bytes; None where the catalogue does not know."""
    sha256: str
    """Empty where the catalogue does not know: pinned on the first pull."""
    about_mb: float
    """What to expect where `size` is not known."""
    packed: "Packed | None" = None
    """Set where the server has it compressed by gzip; `size` and `sha256` are those of the file that comes out."""

    @property
    def expected(self) -> int:
        """Bytes, exact or about."""
        return self.size if self.size is not None else round(self.about_mb * _MB)

    @property
    def most(self) -> int:
        """More bytes than this are not taken."""
        return self.size if self.size is not None else round(self.about_mb * _MB * 1.5) + _MB

    @property
    def served(self) -> str:
        """What the file is called on the server."""
        return self.url.rsplit("/", 1)[1].partition("?")[0]


@dataclass(frozen=True, slots=True)
class Packed:
    """The compressed form of a file, where its size and hash are known."""

    size: int | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One model."""

    id: str
    title: str
    task: str
    languages: tuple[str, ...]
    """Codes, from the side that is read, heard or translated; `ko-en` is a direction. Empty: not of language."""
    engine: str
    licence: str
    commercial: bool
    """Whether the licence allows commercial use without conditions that concern most people."""
    asks: bool
    """Whether a person must accept the licence before the model is taken; always where `commercial` is false."""
    page: str
    """The paper, or the page of the model."""
    memory_mb: int
    """What it needs while it runs, about; 0: not known."""
    opens: str
    """The file that an engine is given; empty: the folder."""
    files: tuple[ModelFile, ...]
    refused: str
    """Why it is never pulled, and what to take instead; empty for all that can be."""

    @property
    def size(self) -> int:
        """Bytes in the store, about where a file's size is not known."""
        return sum(file.expected for file in self.files)

    @property
    def pinned(self) -> bool:
        """True where the catalogue knows what every file must be."""
        return all(file.sha256 for file in self.files)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Entries by id."""

    entries: Mapping[str, Entry]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries.values())

    def entry(self, name: str, others: Iterable[str] = ()) -> Entry:
        """The entry of that id; raises UnknownNameError with ids that are like it, of ours and of `others`."""
        if name in self.entries:
            return self.entries[name]
        from rapidfuzz import fuzz, process

        known = list(dict.fromkeys((*others, *self.entries)))
        likest = process.extract(name[:80], known, scorer=fuzz.ratio, limit=4, score_cutoff=60)
        like = [found for found, _, _ in likest]
        hint = f"Did you mean {', '.join(like)}? " if like else ""
        raise UnknownNameError(f"Unknown model '{name[:80]}'. {hint}All of them: glossa models list")


@cache
def known() -> Catalogue:
    """The catalogue that comes with the install."""
    return read_catalogues(sorted(FOLDER.glob("*.toml")))


def with_own(paths: Iterable[Path]) -> Catalogue:
    """Ours with a person's own files after it. Raises InputError, also for an id that ours has."""
    own = read_catalogues(paths)
    twice = own.entries.keys() & known().entries.keys()
    if twice:
        raise InputError(f"Catalogue: the id {min(twice)} is in Glossa's own catalogue already; give yours another")
    return Catalogue({**known().entries, **own.entries})


def read_catalogues(paths: Iterable[Path]) -> Catalogue:
    """All entries of these files. Raises InputError for what cannot be read, is no catalogue, or names an id twice."""
    entries: dict[str, Entry] = {}
    for path in paths:
        where = f"Catalogue {path.name}"
        root = Table(where, _read(path, where))
        for table in root.tables("model"):
            entry = _entry(table)
            if entry.id in entries:
                raise InputError(f"{where}: the id {entry.id} is there twice")
            entries[entry.id] = entry
        root.end()
    return Catalogue(entries)


def _read(path: Path, where: str) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_TOML + 1)
        if len(data) > _LARGEST_TOML:
            raise InputError(f"{where}: is larger than {_LARGEST_TOML // _MB} MB; expected a list of models in TOML")
        return tomllib.loads(data.decode("utf-8"))
    except OSError as why:
        raise InputError(f"{where}: cannot be read ({why.strerror}); check the name") from why
    except (ValueError, RecursionError) as why:
        raise InputError(f"{where}: expected TOML in UTF-8, {str(why)[:200] or 'nested too deeply'}") from why


def _entry(table: Table) -> Entry:
    name = checked_id(table.text("id"), table.where)
    table.where = f"{table.where} ({name})"
    base = table.text("base") if "base" in table.names else ""
    files = tuple(_file(one, base) for one in table.tables("files"))
    names = [file.name.lower() for file in files]
    if not files or len(set(names)) < len(names):
        raise InputError(
            f"{table.where}: expected at least one file, and each name once, got {', '.join(names) or 'none'}"
        )
    commercial = table.flag("commercial")
    opens = table.text("opens") if "opens" in table.names else files[0].name if len(files) == 1 else ""
    if opens and opens not in [file.name for file in files]:
        raise InputError(
            f"{table.where}: 'opens' is {opens!r}, expected one of {', '.join(file.name for file in files)}"
        )
    entry = Entry(
        name,
        table.text("title"),
        table.choice("task", TASKS),
        table.words("languages") if "languages" in table.names else (),
        table.choice("engine", ENGINES),
        table.text("licence"),
        commercial,
        not commercial or ("asks" in table.names and table.flag("asks")),
        checked_url(table.text("page"), table.where, proven=False),
        table.whole("memory_mb") if "memory_mb" in table.names else 0,
        opens,
        files,
        table.text("refused") if "refused" in table.names else "",
    )
    table.end()
    return entry


def _file(table: Table, base: str) -> ModelFile:
    name = checked_name(table.text("name"), table.where)
    table.where = f"{table.where} ({name})"
    sha256 = checked_sha256(table.text("sha256"), table.where) if "sha256" in table.names else ""
    size = table.whole("size") if "size" in table.names else None
    packed = _packed(table.table("packed")) if "packed" in table.names else None
    url = table.text("url") if "url" in table.names else base + name
    about_mb = table.whole("about_mb") if "about_mb" in table.names else 0
    if (size is None) == (about_mb == 0):
        raise InputError(f"{table.where}: expected either 'size' in bytes or 'about_mb'")
    if packed and size is None:
        raise InputError(f"{table.where}: a file that is packed needs its own 'size', or anything could come out of it")
    url = checked_url(url, table.where, proven=bool(packed.sha256 if packed else sha256))
    table.end()
    return ModelFile(name, url, size, sha256, about_mb, packed)


def _packed(table: Table) -> Packed:
    sha256 = checked_sha256(table.text("sha256"), table.where) if "sha256" in table.names else ""
    packed = Packed(table.whole("size") if "size" in table.names else None, sha256)
    table.end()
    return packed
