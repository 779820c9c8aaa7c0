"""A real HTTP server on this machine that serves model files well or badly, by the first part of the path."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

ETAG = '"first"'


class Handler(BaseHTTPRequestHandler):
    """`/MANNER/NAME`: the manner is a method of this class, the name a file of the server."""

    protocol_version = "HTTP/1.1"
    server: "ModelServer"

    def do_GET(self) -> None:
        self.server.asked.append((self.path, {key.lower(): value for key, value in self.headers.items()}))
        path = self.path.split("/", 3)[3] if self.path.startswith("http://") else self.path.lstrip("/")
        manner, _, name = path.partition("/")
        self.data = self.server.files.get(name, b"")
        self.count = sum(asked == self.path for asked, _ in self.server.asked)
        act: Callable[[], None] = getattr(self, f"serve_{manner}")
        act()

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""

    def offset(self) -> int:
        """Where the caller wants to begin; the whole file where the version is another."""
        wanted = self.headers.get("Range", "bytes=0-")
        if self.headers.get("If-Range", self.server.etag) != self.server.etag:
            return 0
        return int(wanted.removeprefix("bytes=").split("-")[0])

    def head(self, status: int, length: int | None, **headers: str) -> None:
        self.send_response(status)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def part(self, offset: int, send: int | None = None) -> None:
        """The file from `offset` on; only `send` bytes of it, then the line goes dead."""
        rest = self.data[offset:]
        marks = {"ETag": self.server.etag} if self.server.etag else {}
        if offset >= len(self.data):
            self.head(416, 0, Content_Range=f"bytes */{len(self.data)}")
            return
        if offset:
            span = f"bytes {offset}-{len(self.data) - 1}/{len(self.data)}"
            self.head(206, len(rest), Content_Range=span, **marks)
        else:
            self.head(200, len(rest), **marks)
        self.wfile.write(rest if send is None else rest[:send])
        if send is not None and send < len(rest):
            self.close_connection = True

    def serve_good(self) -> None:
        self.part(self.offset())

    def serve_cut(self) -> None:
        """A third of the file each time, then silence."""
        self.part(self.offset(), len(self.data) // 3 + 1)

    def serve_dead(self) -> None:
        """A little once, then nothing ever again."""
        self.part(self.offset(), 100 if self.count == 1 else 0)

    def serve_unranged(self) -> None:
        """Does not know ranges; cut the first time."""
        self.part(0, 100 if self.count == 1 else None)

    def serve_shifted(self) -> None:
        """Answers with another range than the one asked for; cut the first time."""
        if not self.offset():
            self.part(0, 100 if self.count == 1 else None)
            return
        self.head(206, 10, Content_Range=f"bytes 0-9/{len(self.data)}", ETag=self.server.etag)
        self.wfile.write(self.data[:10])

    def serve_wrong(self) -> None:
        self.data = bytes(255 - byte for byte in self.data)
        self.part(self.offset())

    def serve_long(self) -> None:
        """Says that it is longer than it is."""
        self.head(200, len(self.data) + 50)
        self.wfile.write(self.data)
        self.close_connection = True

    def serve_short(self) -> None:
        """Says that it is shorter than it is."""
        self.head(200, len(self.data) - 50)
        self.wfile.write(self.data)
        self.close_connection = True

    def serve_endless(self) -> None:
        """Does not say how long it is, and does not end."""
        self.head(200, None, Transfer_Encoding="chunked")
        try:
            while True:
                self.wfile.write(b"10000\r\n" + bytes(0x10000) + b"\r\n")
        except OSError:
            self.close_connection = True

    def serve_chunked(self) -> None:
        self.head(200, None, Transfer_Encoding="chunked")
        for at in range(0, len(self.data), 1000):
            piece = self.data[at : at + 1000]
            self.wfile.write(b"%x\r\n" % len(piece) + piece + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def serve_unmeasured(self) -> None:
        """Neither a length nor chunks: the end of the line is the end of the file, or not."""
        self.head(200, None, Connection="close")
        self.wfile.write(self.data[: len(self.data) // 2])
        self.close_connection = True

    def serve_packed(self) -> None:
        self.head(200, len(self.data), Content_Encoding="gzip")
        self.wfile.write(self.data)

    def serve_busy(self) -> None:
        """429 twice, then good."""
        if self.count < 3:
            self.head(429, 0, Retry_After="7")
        else:
            self.part(self.offset())

    def serve_broken(self) -> None:
        """500 once, then good."""
        if self.count < 2:
            self.head(500, 0)
        else:
            self.part(self.offset())

    def serve_down(self) -> None:
        self.head(503, 0)

    def serve_missing(self) -> None:
        self.head(404, 9)
        self.wfile.write(b"not here\n")

    def serve_forbidden(self) -> None:
        self.head(403, 0)

    def serve_moved(self) -> None:
        self.head(302, 0, Location=f"/good/{self.path.rsplit('/', 1)[1]}", Set_Cookie="who=you")

    def serve_circle(self) -> None:
        self.head(302, 0, Location=self.path)

    def serve_away(self) -> None:
        """To wherever the test says."""
        self.head(302, 0, Location=self.server.away)

    def serve_login(self) -> None:
        """What the network of a hotel answers to everything."""
        page = b"<html>Welcome! Please log in.</html>"
        self.head(200, len(page), Content_Type="text/html")
        self.wfile.write(page)


class ModelServer(ThreadingHTTPServer):
    """A context manager; `asked` has the path and the headers (small letters) of each request."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.etag = ETAG
        self.away = ""
        self.asked: list[tuple[str, dict[str, str]]] = []
        self._thread = threading.Thread(target=lambda: self.serve_forever(poll_interval=0.01), daemon=True)

    def url(self, manner: str, name: str = "model.bin") -> str:
        return f"http://127.0.0.1:{self.server_port}/{manner}/{name}"

    def ranges(self) -> list[str]:
        """What parts were asked for, in turn."""
        return [headers.get("range", "") for _, headers in self.asked]

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that hangs up is no news."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join(10)
