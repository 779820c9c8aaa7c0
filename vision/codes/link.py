"""Where a link leads, and what is odd about it: the host as browsers take it, look-alike letters, hidden destinations.

In: text that may be a link. Out: its host, decoded, and warnings; None where it is no link. Asks no network, so that it
cannot say what a server would answer. What counts as a host follows the WHATWG URL standard; mixed scripts and
look-alike letters follow Unicode UTS 39, as far as Latin, Cyrillic and Greek are concerned.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from urllib.parse import unquote


class Warn(Enum):
    """What a wearer should know before anything else."""

    LOOKALIKE = "lookalike"
    """Letters that look like others: it may pretend to be another address."""
    FOREIGN_LETTERS = "foreign letters"
    """Its letters are written in a way that hides them (punycode); nothing else is wrong with it."""
    HIDDEN_HOST = "hidden host"
    """A name before an @ that is not where it leads."""
    NUMBER_HOST = "number host"
    """An address by number, without a name."""
    NOT_ENCRYPTED = "not encrypted"
    SHORTENED = "shortened"
    """It leads to somewhere that cannot be seen."""
    UNUSUAL = "unusual"
    """It is not a page: it runs something, or does something on the device."""
    OPEN_NETWORK = "open network"
    """A network without a password, or with one that protects nothing."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link."""

    host: str
    """In its own letters, a look-alike as networks write it; with its port where that is unusual; for what is no page,
    the scheme."""
    warnings: tuple[Warn, ...]


_SHORTENERS = frozenset((
    "bit.ly", "t.co", "goo.gl", "tinyurl.com", "ow.ly", "is.gd", "buff.ly", "cutt.ly", "rebrand.ly", "t.ly", "rb.gy",
    "s.id", "v.gd", "shorturl.at", "tiny.cc", "han.gl", "me2.do", "vo.la", "url.kr", "dwz.cn", "t.cn", "suo.im",
    "qrco.de",
))  # fmt: skip
_IMITATED = frozenset((
    "google", "paypal", "apple", "amazon", "microsoft", "facebook", "instagram", "whatsapp", "netflix", "binance",
    "coinbase", "icloud", "outlook", "github", "linkedin", "dropbox", "telegram", "samsung", "naver", "kakao", "alipay",
    "wechat", "rakuten", "visa", "mastercard", "booking", "airbnb",
))  # fmt: skip
_LATIN_TWINS = dict(zip("аеорсухіјѕԁԛԝһӏ" + "αονρινγ", "aeopcyxijsdqwhl" + "aovpivy", strict=True))
"""Cyrillic and Greek small letters, and the Latin ones that they look like."""
_MIXING = ({"HAN", "HIRAGANA", "KATAKANA", "LATIN"}, {"HAN", "HANGUL", "LATIN"}, {"HAN", "BOPOMOFO", "LATIN"})
"""Scripts that one language writes side by side."""
_SCRIPT_NAMES = {"CJK": "HAN", "KATAKANA-HIRAGANA": "KATAKANA", "IDEOGRAPHIC": "HAN"}
_RUNNING = frozenset((
    "javascript", "data", "file", "intent", "vbscript", "blob", "about", "content", "android-app", "market",
    "itms-services",
))  # fmt: skip
_USUAL_PORTS = {"http": "80", "https": "443"}


def look_at_link(text: str) -> Link | None:
    """Where it leads, without going there. Never raises."""
    # What browsers drop or take for a slash must not make us see another host than they do.
    text = re.sub(r"[\t\r\n]", "", text).strip("".join(map(chr, range(33))))
    scheme, colon, rest = text.partition(":")
    scheme = scheme.casefold()
    if not colon or not re.fullmatch(r"[a-z][a-z0-9+.\-]{1,30}", scheme):
        return _bare(text)
    if scheme not in _USUAL_PORTS:
        if scheme in _RUNNING or re.match(r"//", rest):
            return Link(f"{scheme}:", (Warn.UNUSUAL,))
        return _bare(text)
    authority = re.split(r"[/?#]", rest.replace("\\", "/").lstrip("/"), maxsplit=1)[0]
    return _looked(scheme, authority)


def _bare(text: str) -> Link | None:
    """`www.example.com/menu`: most readers of codes open that too."""
    if re.fullmatch(r"www\.[^\s/?#]+\.[^\s/?#]{2,}([/?#]\S*)?", text, re.IGNORECASE):
        return _looked("http", re.split(r"[/?#]", text, maxsplit=1)[0])
    return None


def _looked(scheme: str, authority: str) -> Link | None:
    warnings: list[Warn] = []
    _, at, host = authority.rpartition("@")
    if at:
        warnings.append(Warn.HIDDEN_HOST)
    host = unicodedata.normalize("NFKC", unquote(host)).casefold()
    host = re.sub("[\u3002\uff61\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u00ad]", _dot, host)
    port = re.search(r":(\d*)$", host)
    host = host[: port.start()].rstrip(".") if port else host.rstrip(".")
    if not host:
        return None
    decoded = ".".join(map(_decoded, host.split(".")))
    if _is_number(host):
        warnings.append(Warn.NUMBER_HOST)
    elif any(map(_pretends, decoded.split("."))):
        warnings.append(Warn.LOOKALIKE)
    elif decoded != host:
        warnings.append(Warn.FOREIGN_LETTERS)
    if decoded in _SHORTENERS:
        warnings.append(Warn.SHORTENED)
    if scheme == "http":
        warnings.append(Warn.NOT_ENCRYPTED)
    # What looks like another address is shown as networks write it: its letters would deceive again.
    told = ".".join(map(_encoded, decoded.split("."))) if Warn.LOOKALIKE in warnings else decoded
    if port and port[1] not in ("", _USUAL_PORTS[scheme]):
        told = f"{told}:{port[1]}"
    return Link(told, tuple(warnings))


def _dot(found: re.Match[str]) -> str:
    return "." if found[0] in "\u3002\uff61" else ""


def _decoded(label: str) -> str:
    """A label of a host with its own letters; as it is where it cannot be decoded."""
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return label


def _encoded(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")


def _is_number(host: str) -> bool:
    """True for what browsers take for a number: four of them, one of them, hexadecimal, IPv6."""
    last = host.rpartition(".")[2]
    return host.startswith("[") or bool(re.fullmatch(r"\d+|0x[0-9a-f]*", last))


def _pretends(label: str) -> bool:
    """True where a label may be taken for another: mixed scripts, twins of Latin letters only, an imitated name."""
    letters = [char for char in label if char.isalpha()]
    scripts = {_script(char) for char in letters}
    if len(scripts) > 1 and not any(scripts <= together for together in _MIXING):
        return True
    if letters and scripts <= {"CYRILLIC", "GREEK"} and all(char in _LATIN_TWINS for char in letters):
        return True
    plain = "".join(_LATIN_TWINS.get(char, char) for char in _unmarked(label))
    seen = plain.replace("0", "o").replace("1", "l").replace("rn", "m").replace("vv", "w").replace("5", "s")
    return any(part in _IMITATED and part != own for part, own in zip(seen.split("-"), label.split("-"), strict=False))


def _unmarked(label: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", label) if not unicodedata.combining(char))


def _script(char: str) -> str:
    word = unicodedata.name(char, "UNKNOWN").split()[0]
    return _SCRIPT_NAMES.get(word, word)
