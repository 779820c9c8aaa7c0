"""A server on this machine that sends what a script says: to each caller the next act, then it hangs up."""

import contextlib
import socket
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Self

HTTP = b"HTTP/1.0 200 OK\r\nContent-Type: video/MP2T\r\n\r\n"


class Server:
    """A context manager. An act of None says nothing and keeps the caller waiting until the end of the server."""

    def __init__(self, acts: Sequence[bytes | None], *, http: bool = False) -> None:
        self._acts = list(acts)
        self._http = http
        self._waiting: list[socket.socket] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def address(self) -> str:
        kind = "http" if self._http else "tcp"
        return f"{kind}://127.0.0.1:{self.port}/stream.ts"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for one in [self._socket, *self._waiting]:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._thread.join(10)

    def _serve(self) -> None:
        with contextlib.suppress(OSError):  # the end of the server, or of the caller
            while self._acts:
                caller, _ = self._socket.accept()
                act = self._acts.pop(0)
                if act is None:
                    self._waiting.append(caller)
                    continue
                with caller:
                    if self._http:
                        caller.recv(4096)
                        caller.sendall(HTTP)
                    with contextlib.suppress(OSError):
                        caller.sendall(act)
            self._socket.close()
