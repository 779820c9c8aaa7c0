"""A network stream as a source of live pictures: RTSP, HTTP, MPEG-TS over TCP or UDP, and so on, through FFmpeg.

In: an address that the person gave; nothing else is ever connected to but what that stream itself names by network
protocols, never a local file. Out: a feed, or one sentence without the password of the address.
"""

import os
import socket
from types import MappingProxyType
from urllib.parse import urlsplit

import av
from av.container import InputContainer

from devices.av_feed import AvFeed, reason
from devices.errors import InputError

OPEN_WITHIN_S, READ_WITHIN_S = 8.0, 5.0
"""How long a server may take to answer, and how long a stream may pause, until it counts as gone."""

_WEB = "http,https,tcp,tls,crypto,data,httpproxy"
_CAMERA = "rtp,srtp,udp,tcp,tls,http,https,httpproxy"
SCHEMES = MappingProxyType(
    {
        "rtsp": f"rtsp,{_CAMERA}",
        "rtsps": f"rtsps,rtsp,{_CAMERA}",
        "http": _WEB,
        "https": _WEB,
        "rtmp": "rtmp,tcp",
        "rtmps": "rtmps,rtmp,tls,tcp",
        "tcp": "tcp",
        "udp": "udp",
        "rtp": "rtp,udp",
        "srt": "srt,udp",
    }
)
"""Kinds of addresses, and the protocols that a stream of that kind may use."""

_PORTS = MappingProxyType({"rtsp": 554, "rtsps": 322, "http": 80, "https": 443, "rtmp": 1935, "rtmps": 443})
"""Of servers that say nothing until they are asked: knocking costs them nothing."""

_KNOCK_S = 3.0
_PIECEWISE = ("hls", "dash")  # formats that come in pieces of several seconds: shown as they come, they would leap


class Stream:
    """Opens an address; see Opener."""

    live = True

    def __init__(self, address: str) -> None:
        """Raises InputError for a kind of address that is not known."""
        self.size: tuple[int, int] | None = None
        self._address = address
        self.name = without_secrets(address)
        self._scheme = address.partition("://")[0].strip().lower()
        if self._scheme not in SCHEMES:
            known = ", ".join(f"{scheme}://" for scheme in SCHEMES)
            raise InputError(f"{self.name}: this kind of address is not known; expected one of {known}")

    def check(self) -> None:
        """See Opener: whether somebody listens at the address. Blocks for up to `_KNOCK_S`. Raises InputError.

        Not where a proxy stands in between, nor for a raw stream, which is given to whoever connects.
        """
        if self._scheme not in _PORTS or any(os.environ.get(name) for name in ("http_proxy", "all_proxy")):
            return
        try:
            parts = urlsplit(self._address)
            if not parts.hostname:
                raise ValueError("it names no host")
            address = parts.hostname, parts.port or _PORTS[self._scheme]
            socket.create_connection(address, _KNOCK_S).close()
        except (OSError, ValueError) as why:
            raise self._refused(why) from why

    def open(self) -> AvFeed:
        """See Opener. Blocks for up to `OPEN_WITHIN_S` and the time of its first pictures. Raises InputError."""
        options = {
            "protocol_whitelist": SCHEMES[self._scheme],
            "analyzeduration": "1500000",  # us; the default of five seconds is a long time to see nothing
        }
        if self._scheme.startswith("rtsp"):
            options["rtsp_flags"] = "prefer_tcp"  # over UDP, lost packets smear the text
        timeouts = (OPEN_WITHIN_S, READ_WITHIN_S)
        try:
            container = av.open(self._address, options=options, timeout=timeouts, metadata_errors="replace")
        except (av.FFmpegError, OSError, ValueError) as why:
            raise self._refused(why) from why
        return AvFeed(container, self.name, paced=is_recorded(container))

    def _refused(self, why: Exception) -> InputError:
        hint = "check the address, and that the stream is running"
        return InputError(f"{self.name}: cannot be opened ({reason(why)}); {hint}")


def is_recorded(container: InputContainer) -> bool:
    """A clip on a server knows how long it is; a live stream does not."""
    return bool(container.duration and container.duration > 0) or container.format.name.startswith(_PIECEWISE)


def without_secrets(address: str) -> str:
    """The address without user, password and query, for messages and records."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        where = f"[{host}]" if ":" in host else host
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # a port that is no number
        return address.split("://", 1)[0] + "://..."
    return f"{parts.scheme}://{where}{port}{parts.path}"
