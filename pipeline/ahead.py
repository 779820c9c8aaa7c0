"""Lets an iterator run ahead in a thread of its own: decoding, drawing and encoding then share the cores."""

import queue
import threading
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def ahead(items: Iterable[T], most: int) -> Iterator[T]:
    """The items in their order, at most `most` of them prepared in advance.

    An error in the iterator appears here, after the items before it. Leaving early stops the thread.
    """
    ready: queue.Queue[tuple[str, T | BaseException | None]] = queue.Queue(maxsize=most)
    stop = threading.Event()

    def put(kind: str, what: T | BaseException | None) -> None:
        while not stop.is_set():
            try:
                ready.put((kind, what), timeout=0.1)
                return
            except queue.Full:
                continue

    def work() -> None:
        iterator = iter(items)
        try:
            for item in iterator:
                put("item", item)
                if stop.is_set():
                    break
            put("end", None)
        except BaseException as error:
            put("error", error)
        finally:
            close = getattr(iterator, "close", None)
            if close:
                close()

    thread = threading.Thread(target=work, name="ahead", daemon=True)
    thread.start()
    try:
        while True:
            kind, what = ready.get()
            if kind == "end":
                return
            if kind == "error":
                assert isinstance(what, BaseException)
                raise what
            yield what  # type: ignore[misc]
    finally:
        stop.set()
        thread.join()
