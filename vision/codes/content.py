"""What a code holds, as far as it is safe to show: the host of a link, the name of a network but never its password.

In: the text of a code, which anybody may have printed. Out: its kind, a short preview and warnings. Opens nothing, asks
nobody, and gives back no secrets. Knows no pictures.

Formats: RFC 3986 (links), RFC 6350 (vCard), RFC 5545 (events), ZXing's "Barcode Contents" (WIFI, MECARD, MATMSG),
EPC069-12 (SEPA transfers), EMVCo Merchant-Presented QR, Swiss Payment Standards (SPC), BIP 21 (bitcoin), NPCI (upi).
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from urllib.parse import parse_qs, unquote

from vision.codes import payment
from vision.codes.link import Warn, look_at_link

__all__ = ["Content", "Kind", "Warn", "content_of", "shown"]

LONGEST_PREVIEW = 48
_LONGEST_TEXT = 8000
_OPEN_NETWORKS = ("", "NOPASS")
_SECRET_SCHEMES = ("otpauth", "otpauth-migration", "fido", "dpp")


class Kind(Enum):
    """What sort of thing it is."""

    LINK = "link"
    WIFI = "wifi"
    CONTACT = "contact"
    PAYMENT = "payment"
    PHONE = "phone"
    MESSAGE = "message"
    PLACE = "place"
    EVENT = "event"
    SECRET = "secret"
    """A key of some kind: only whose it is, is shown."""
    PRODUCT = "product"
    TEXT = "text"
    DATA = "data"
    """Bytes that are no text."""


@dataclass(frozen=True, slots=True)
class Content:
    """What may be shown of a code."""

    kind: Kind
    preview: str
    """One line of at most `LONGEST_PREVIEW` characters, nothing in it that could hide or turn text; may be empty."""
    warnings: tuple[Warn, ...] = ()


def content_of(text: str, *, product: bool = False) -> Content:
    """What a code with this text holds; `product`: its format is one that only products bear. Never raises."""
    text = text[:_LONGEST_TEXT].strip("\ufeff \t\r\n")
    if product:
        return Content(Kind.PRODUCT, shown(text))
    if paid := payment.payment_in(text):
        return Content(Kind.PAYMENT, shown(paid))
    scheme, _, rest = text.partition(":")
    scheme = scheme.strip().casefold()
    reader = _READERS.get(scheme)
    if reader is not None:
        return reader(rest)
    if scheme in _SECRET_SCHEMES:
        return Content(Kind.SECRET, shown(_issuer(rest)))
    if "BEGIN:VCARD" in text[:40].upper():
        return Content(Kind.CONTACT, shown(_card_name(text)))
    if re.match(r"BEGIN:(VEVENT|VCALENDAR)", text, re.IGNORECASE):
        return Content(Kind.EVENT, shown(_event(text)))
    link = look_at_link(text)
    if link is not None:
        return Content(Kind.LINK, _tail(link.host), link.warnings)
    plain = shown(text)
    if not plain or sum(char == "\ufffd" for char in text) > len(text) // 8:
        return Content(Kind.DATA, "")
    return Content(Kind.TEXT, plain)


def shown(text: str, most: int = LONGEST_PREVIEW) -> str:
    """One line without characters that hide, turn or stack text, cut to `most` characters."""
    kept = []
    marks = 0
    for char in unicodedata.normalize("NFC", text[: 20 * most]):
        kind = unicodedata.category(char)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if kind[0] == "C" and char not in "\t\r\n":
            continue
        if marks <= 2:
            kept.append(char)
    line = " ".join("".join(kept).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _tail(host: str) -> str:
    """The end of a host says whose it is: a long one is cut at its beginning."""
    host = shown(host, 300)
    return host if len(host) <= LONGEST_PREVIEW else "…" + host[1 - LONGEST_PREVIEW :]


def _fields(text: str) -> dict[str, str]:
    """`KEY:value;` with backslashes before what is meant literally; the first of a key counts."""
    found: dict[str, str] = {}
    for part in re.findall(r"(?:[^;\\]|\\.)+", text, re.DOTALL):
        key, colon, value = part.partition(":")
        if colon:
            found.setdefault(key.strip().upper(), re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL))
    return found


def _wifi(rest: str) -> Content:
    fields = _fields(rest)
    security = fields.get("T", "").strip().upper()
    name = shown(fields.get("S", "").strip('"'), LONGEST_PREVIEW - 12)
    if security in _OPEN_NETWORKS:
        return Content(Kind.WIFI, name, (Warn.OPEN_NETWORK,))
    weak = (Warn.OPEN_NETWORK,) if security == "WEP" else ()
    return Content(Kind.WIFI, f"{name} ({shown(security, 8)})", weak)


def _mecard(rest: str) -> Content:
    name = _fields(rest).get("N", "")
    family, comma, given = name.partition(",")
    return Content(Kind.CONTACT, shown(f"{given} {family}" if comma else name))


def _card_name(text: str) -> str:
    lines = re.sub(r"\r?\n[ \t]", "", text).splitlines()
    found: dict[str, str] = {}
    for line in lines:
        key, colon, value = line.partition(":")
        if colon:
            # Groups ("item1.FN") and parameters ("FN;CHARSET=UTF-8") are about the value, not part of the name.
            found.setdefault(key.split(";")[0].split(".")[-1].strip().upper(), _unescaped(value))
    name = found.get("FN") or " ".join(reversed([part for part in found.get("N", "").split(";")[:2] if part]))
    company = found.get("ORG", "").replace(";", " ").strip()
    return f"{name}, {company}" if name and company else name or company


def _event(text: str) -> str:
    lines = re.sub(r"\r?\n[ \t]", "", text).splitlines()
    fields = {line.partition(":")[0].split(";")[0].upper(): line.partition(":")[2] for line in reversed(lines)}
    day = re.match(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d))?", fields.get("DTSTART", ""))
    when = "" if day is None else f"{day[1]}-{day[2]}-{day[3]}" + (f" {day[4]}:{day[5]}" if day[4] else "")
    return f"{when} {_unescaped(fields.get('SUMMARY', ''))}".strip()


def _unescaped(value: str) -> str:
    return re.sub(r"\\([nN])", " ", value).replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")


def _phone(rest: str) -> Content:
    number = re.sub(r"[^\d+*#() \-]", "", unquote(rest).split(";")[0])
    # Codes between star and hash do things to a telephone instead of calling somebody.
    return Content(Kind.PHONE, shown(number), (Warn.UNUSUAL,) if set("*#") & set(number) else ())


def _message(rest: str) -> Content:
    return Content(Kind.MESSAGE, shown(unquote(re.split(r"[?:]", rest)[0])))


def _matmsg(rest: str) -> Content:
    return Content(Kind.MESSAGE, shown(_fields(rest).get("TO", "")))


def _place(rest: str) -> Content:
    where = re.match(r"\s*(-?\d{1,3}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)", rest)
    named = parse_qs(rest.partition("?")[2]).get("q", [""])[0]
    at = f"{float(where[1]):.4f}, {float(where[2]):.4f}" if where else ""
    return Content(Kind.PLACE, shown(f"{named} {at}".strip()))


def _issuer(rest: str) -> str:
    path, _, query = rest.partition("?")
    named = parse_qs(query).get("issuer", [""])[0]
    label = unquote(path.rpartition("/")[2])
    return named or (label.partition(":")[0] if ":" in label else "")


_READERS = {
    "wifi": _wifi,
    "mecard": _mecard,
    "bizcard": _mecard,
    "tel": _phone,
    "sms": _message,
    "smsto": _message,
    "mms": _message,
    "mmsto": _message,
    "mailto": _message,
    "matmsg": _matmsg,
    "geo": _place,
}
