"""Fetches one file over HTTP into a part file, resuming what an earlier attempt has left. The one network of Glossa.

In: an address and what is known of the file. Out: a part file that holds all of it and has the right SHA-256; the
caller gives it its name. Refuses to know: what the file is for. Blocks; waits between attempts.

requests makes the connections and knows the proxies of the environment, certificates, and bodies that end early. Ranges
and distrust are here: pooch begins each file anew, huggingface_hub resumes but serves one site.
"""

import json
import time
from collections.abc import Callable
from contextlib import closing, suppress
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import TYPE_CHECKING

from devices.errors import FetchError
from devices.files import discard, megabytes, sha256_of, write_error
from devices.store.answers import ChangedError, Plan, Wait, Wanted, judge
from devices.store.links import MOST_REDIRECTS, redirected

if TYPE_CHECKING:
    import requests

_CHUNK = 1 << 18
_TIMEOUT_S = (15.0, 45.0)  # to connect; between two pieces
_WAITS_S = (1.0, 2.0, 4.0, 8.0, 16.0)
_LONGEST_WAIT_S = 120.0
_MOST_ATTEMPTS = 500

Watch = Callable[[int], None]
"""Is told how many bytes are there."""

Sleep = Callable[[float], None]
"""Waits that many seconds."""


def open_session() -> "requests.Session":
    """A session that takes proxies and certificates from the environment, but no passwords, and keeps no cookies."""
    import requests

    class Session(requests.Session):
        def get_redirect_target(self, resp: requests.Response) -> None:
            """None: `_ask` reads redirects itself; requests would already stumble over a bad one."""

    session = Session()
    session.auth = _nobody  # else ~/.netrc would be asked
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers.update({"User-Agent": "glossa", "Accept": "*/*", "Accept-Encoding": "identity"})
    return session


def _nobody(request: "requests.PreparedRequest") -> "requests.PreparedRequest":
    return request


def fetch(
    wanted: Wanted,
    part: Path,
    session: "requests.Session",
    watch: Watch = lambda done: None,
    sleep: Sleep = time.sleep,
) -> str:
    """Fetch all of `wanted` into `part` and return its SHA-256; what `part` holds already is not fetched again.

    A link that drops is taken up again as long as something arrives; after five times nothing it ends, and the part
    stays for the next call. Raises FetchError, and OutputError for a disk that is full or cannot be written.
    """
    begun = _size(part)
    fruitless = 0
    for _ in range(_MOST_ATTEMPTS):
        before = _size(part)
        try:
            if wanted.size is None or before != wanted.size:
                _attempt(wanted, part, session, watch)
            sha256 = sha256_of(part)
            if wanted.sha256 in ("", sha256):
                discard(_note(part))
                return sha256
            size = _size(part)
            clear(part)
            if begun:
                begun = 0  # what was there may have been of another version, or damaged on the disk: once from nothing
                continue
            raise ChangedError(
                f"{wanted.url}: {megabytes(size)} came, but not the right bytes; expected sha256 {wanted.sha256}, got"
                f" {sha256}. They were thrown away. The file there was changed, or something on the way changes it"
            )
        except Wait as wait:
            fruitless = 0 if _size(part) > before else fruitless + 1
            if fruitless > len(_WAITS_S):
                raise FetchError(f"{wanted.url}: {wait}, {fruitless} times in a row{_kept(part)}") from wait
            sleep(min(wait.after_s or _WAITS_S[max(fruitless - 1, 0)], _LONGEST_WAIT_S))
    raise FetchError(f"{wanted.url}: the link broke {_MOST_ATTEMPTS} times{_kept(part)}")


def clear(part: Path) -> None:
    """Remove a part file and what is remembered of it."""
    discard(part)
    discard(_note(part))


def _attempt(wanted: Wanted, part: Path, session: "requests.Session", watch: Watch) -> None:
    """One request, for the rest of the file or for all of it. Raises Wait where another try may help."""
    import requests
    import urllib3

    offset, version = _size(part), _version(part)
    # Without a hash only the server's own mark tells whether the rest belongs to the same file.
    if offset > wanted.most or (offset and not wanted.sha256 and not version):
        clear(part)
        offset = 0
    try:
        with closing(_ask(wanted, session, offset, version)) as response:
            try:
                plan = judge(response.status_code, response.headers, wanted, offset)
            except Wait:
                if response.status_code in (206, 416):
                    clear(part)  # another file than the one that was begun
                raise
            if not plan.complete:
                _receive(wanted, plan, part, response, watch)
    except (requests.ConnectionError, requests.Timeout, urllib3.exceptions.HTTPError) as why:
        if isinstance(why, requests.exceptions.SSLError):
            raise FetchError(f"{wanted.url}: the server's certificate is not accepted ({_reason(why)})") from why
        raise Wait(f"the link is broken ({_reason(why)})") from why
    except requests.RequestException as why:
        raise FetchError(f"{wanted.url}: cannot be fetched ({_reason(why)})") from why


def _ask(wanted: Wanted, session: "requests.Session", offset: int, version: str) -> "requests.Response":
    headers = {"Range": f"bytes={offset}-"} if offset else {}
    if offset and version:
        headers["If-Range"] = version
    url = wanted.url
    for _ in range(MOST_REDIRECTS + 1):
        response = session.get(url, headers=headers, stream=True, allow_redirects=False, timeout=_TIMEOUT_S)
        if not response.is_redirect:
            return response
        response.close()
        url = redirected(wanted.url, url, response.headers["Location"], proven=bool(wanted.sha256))
    raise FetchError(f"{wanted.url}: is redirected more than {MOST_REDIRECTS} times, in a circle perhaps")


def _receive(wanted: Wanted, plan: Plan, part: Path, response: "requests.Response", watch: Watch) -> None:
    """Append the body to the part. Raises Wait where it ends too early."""
    done, most = plan.offset, plan.total if plan.total is not None else wanted.most
    if not plan.offset:
        _remember(part, response.headers.get("ETag", ""))
    try:
        with part.open("r+b" if plan.offset else "wb") as file:
            file.truncate(plan.offset)
            file.seek(plan.offset)
            # The bytes as they are: whatever the server says of an encoding was judged before.
            for piece in response.raw.stream(_CHUNK, decode_content=False):
                done += len(piece)
                if done > most:
                    raise FetchError(f"{wanted.url}: the server sends more than the {most} bytes that were expected")
                file.write(piece)
                watch(done)
    except (ConnectionError, TimeoutError) as why:
        raise Wait(f"the link dropped after {megabytes(done)}") from why
    except OSError as why:
        raise write_error(part, why, written=done) from why
    except FetchError:
        clear(part)
        raise
    if done < (wanted.size or plan.total or 0):
        raise Wait(f"the link dropped after {megabytes(done)}")


def _kept(part: Path) -> str:
    size = _size(part)
    return f"; {megabytes(size)} are kept, the same command goes on from there" if size else ""


def _size(part: Path) -> int:
    try:
        return part.stat().st_size
    except OSError:
        return 0


def _note(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _version(part: Path) -> str:
    """The server's mark of the version that the part is of, where it is a strong one; else empty."""
    try:
        mark = json.loads(_note(part).read_text(encoding="utf-8"))["etag"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return mark if isinstance(mark, str) else ""


def _remember(part: Path, etag: str) -> None:
    discard(_note(part))
    if etag.startswith('"') and etag.isascii() and etag.isprintable() and len(etag) < 200:
        with suppress(OSError):
            _note(part).write_text(json.dumps({"etag": etag}), encoding="utf-8")


def _reason(why: BaseException) -> str:
    """The innermost reason, in a few words: the outer ones repeat addresses and objects."""
    while (inner := why.__cause__ or why.__context__) is not None:
        why = inner
    return str(why)[:160] or type(why).__name__
