"""Where a download may be led: a server's redirects are not trusted. Opens no connection.

Method: follow only to https, never from a public server to this machine or its network, and, where the bytes that
arrive cannot be told from others (no SHA-256 is known yet), only to servers that are known to belong together.
"""

import ipaddress
from urllib.parse import urljoin, urlsplit

from devices.errors import FetchError

MOST_REDIRECTS = 6
_RELATED = {
    "huggingface.co": ("huggingface.co", "hf.co"),
    "github.com": ("github.com", "githubusercontent.com"),
    "www.modelscope.cn": ("modelscope.cn", "aliyuncs.com"),
    "storage.googleapis.com": ("googleapis.com",),
}
"""Hosts of large files that their own site keeps elsewhere, by the end of the name."""


def redirected(origin: str, at: str, to: str, *, proven: bool) -> str:
    """The address that `at` redirects to with the header `to`, made whole, if it may be followed.

    `origin` is what was asked for first; `proven`: the file's SHA-256 is known. Raises FetchError.
    """
    try:
        url = urljoin(at, to)
        before, after = urlsplit(at), urlsplit(url)
        host = (after.hostname or "").lower()
        after.port  # noqa: B018 - a port that is no number raises here
    except ValueError:
        raise FetchError(f"{origin}: redirects to something that is no address: {to[:200]!r}") from None
    if after.scheme not in ("https", "http") or not host or after.username is not None:
        raise FetchError(f"{origin}: redirects to {url[:200]!r}, which is not fetched; expected https://...")
    if before.scheme == "https" and after.scheme != "https":
        raise FetchError(f"{origin}: redirects from https to {url[:200]!r}, which is not protected; not followed")
    first = (urlsplit(origin).hostname or "").lower()
    if is_near(host) and not is_near(first):
        raise FetchError(f"{origin}: redirects into this machine's own network ({host}); not followed")
    if not proven and not _belong(first, host):
        raise FetchError(
            f"{origin}: redirects to {host}, and nobody knows yet what the file must be (no sha256 in the catalogue)."
            " Fetch it with a browser if you trust that server, then: glossa models add FOLDER --id ID"
        )
    return url


def is_near(host: str) -> bool:
    """True for this machine and its local network, as far as the name alone tells."""
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal", ".lan")) or "." not in host
    return not address.is_global


def _belong(first: str, host: str) -> bool:
    ends = (first, *_RELATED.get(first, ()))
    return any(host == end or host.endswith("." + end) for end in ends)
