"""What a server's answer to a request for the rest of a file means. Opens no connection, writes no file.

In: status, headers, what is wanted and what is there already. Out: a plan; `Wait` where another try may help; a
FetchError where none will. A server may lie: lengths and ranges count only where they fit what was asked for.

Standard: RFC 9110, sections 10.2.3 (Retry-After), 13.1.5 (If-Range), 14 (ranges).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from devices.errors import FetchError
from devices.files import megabytes

_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
_PASSING = (408, 421, 425, 429, 500, 502, 503, 504)
_MEANING = {
    401: "the server wants a log-in for it",
    403: "the server refuses it",
    404: "the file is not there",
    407: "the proxy wants a log-in",
    410: "the file was taken away",
    451: "the server may not give it in this country",
}


class Wait(Exception):  # noqa: N818 - not an error yet
    """Another try may help, at the earliest after `after_s` seconds; 0: the caller's choice."""

    def __init__(self, what: str, after_s: float = 0.0) -> None:
        super().__init__(what)
        self.after_s = after_s


class ChangedError(FetchError):
    """The server has another file than the one that is known."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be fetched."""

    url: str
    sha256: str
    """Empty: not known yet."""
    size: int | None
    most: int
    """More bytes than this are not taken, whatever the server says."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with the body of an answer."""

    offset: int
    """Where its first byte belongs; what the part holds beyond is thrown away."""
    total: int | None
    """How long the whole file is; None: to the end of a body that marks its own end."""
    complete: bool = False
    """All of the file is there already; the body is of no use."""


def judge(status: int, headers: Mapping[str, str], wanted: Wanted, offset: int) -> Plan:
    """What the answer means when `offset` bytes are there. `headers` ignores case. Raises Wait and FetchError."""
    url = wanted.url
    if status == 416 and offset:
        return _beyond(headers, offset)
    if status in _PASSING:
        raise Wait(f"the server answers {status}, not now", _after_s(headers.get("Retry-After", "")))
    if status not in (200, 206):
        meaning = _MEANING.get(status, "expected 200")
        advice = "; get it with a browser, then: glossa models add FOLDER" if status in (401, 403, 451) else ""
        raise FetchError(f"{url}: the server answers {status}, {meaning}{advice}")
    if headers.get("Content-Encoding", "identity").lower() not in ("identity", ""):
        raise FetchError(
            f"{url}: the server packs the file ({headers['Content-Encoding'][:40]}), which was not asked for"
        )
    plan = _part(headers, offset) if status == 206 else Plan(0, _whole_number(headers.get("Content-Length", "")))
    if plan.total is not None and wanted.size is not None and plan.total != wanted.size:
        raise ChangedError(
            f"{url}: expected {wanted.size} bytes, the server has {plan.total}: the file there was changed, or the"
            " server is another one (a log-in page of the network?)"
        )
    if (plan.total or 0) > wanted.most:
        raise FetchError(
            f"{url}: expected no more than {megabytes(wanted.most)}, the server has {megabytes(plan.total or 0)}"
        )
    marked = "chunked" in headers.get("Transfer-Encoding", "").lower()
    if plan.total is None and not marked and wanted.size is None and not wanted.sha256:
        raise FetchError(
            f"{url}: neither the server nor the catalogue says how long the file is: a half would look whole"
        )
    return plan


def _part(headers: Mapping[str, str], offset: int) -> Plan:
    match = _RANGE.fullmatch(headers.get("Content-Range", "").strip())
    if not match or not offset or int(match[1]) != offset:
        raise Wait("the server sends another part than the one asked for")
    return Plan(offset, None if match[3] == "*" else int(match[3]))


def _beyond(headers: Mapping[str, str], offset: int) -> Plan:
    """416: there is nothing after `offset`; then either all is there, or the file has become shorter."""
    length = headers.get("Content-Range", "").removeprefix("bytes */")
    if length == str(offset):
        return Plan(offset, offset, complete=True)
    raise Wait("the server has a shorter file than the one that was begun")


def _after_s(text: str) -> float:
    """Retry-After: seconds or a date."""
    if text.strip().isdigit():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return 0.0


def _whole_number(text: str) -> int | None:
    return int(text) if text.strip().isdigit() and len(text) < 19 else None
