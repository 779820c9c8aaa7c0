"""Loading in the background: results, errors, Ctrl-C, and threads that stay behind with less priority."""

import os
import sys
import threading
from collections.abc import Sequence
from typing import Any

import pytest

from language.translation import Translation
from pipeline.live.warm import in_the_background, warm_up
from tests.pipeline.live.scenes import KnowingReader, QuickTranslator
from tests.pipeline.live.stand_ins import PATIENCE_S


class Noting(QuickTranslator):
    def __init__(self) -> None:
        self.sources: set[str] = set()

    def translate(
        self, texts: Sequence[str], *, source: str, to: str, neighbours: Sequence[str] = ()
    ) -> list[Translation]:
        self.sources.add(source)
        return super().translate(texts, source=source, to=to, neighbours=neighbours)


def test_what_is_loaded_comes_back_and_what_is_raised_too() -> None:
    assert in_the_background(lambda: 42, 5) == 42

    def fail() -> Any:
        raise ValueError("no model")

    with pytest.raises(ValueError, match="no model"):
        in_the_background(fail, 5)


def test_the_caller_is_not_idle_and_can_give_up() -> None:
    turns = []
    hurry = threading.Event()

    def look() -> None:
        turns.append(1)
        if len(turns) == 3:
            hurry.set()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        in_the_background(lambda: hurry.wait(PATIENCE_S), 5, look)
    for thread in threading.enumerate():
        if thread.name == "loading":
            thread.join(PATIENCE_S)


@pytest.mark.skipif(sys.platform != "linux", reason="the priority of one thread is a thing of Linux")
def test_threads_that_were_started_meanwhile_are_less_eager_afterwards_and_no_others() -> None:
    done, found = threading.Event(), list[int]()

    def pool() -> None:
        found.append(threading.get_native_id())
        started.set()
        done.wait(PATIENCE_S)

    started = threading.Event()
    threading.Thread(target=pool, daemon=True).start()
    assert started.wait(PATIENCE_S)

    def load() -> None:
        started.clear()
        threading.Thread(target=pool, daemon=True).start()
        assert started.wait(PATIENCE_S)

    own = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    in_the_background(load, 1)
    eager = [os.getpriority(os.PRIO_PROCESS, thread) for thread in found]
    done.set()
    assert eager == [own, min(own + 1, 19)]
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == own


def test_every_size_is_read_once_blank_and_once_with_letters_and_what_is_translated_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_texts: list[str] = []
    monkeypatch.setattr("pipeline.live.warm.make_sticker", lambda rgb, label: set_texts.append(label.target))
    reader, translator = KnowingReader(), Noting()
    warm_up(
        reader,  # type: ignore[arg-type]
        translator,
        size=(640, 360),
        short_sides_px=(320, 416),
        source="auto",
        to="en",
    )
    assert reader.sides == [320] * 5 + [416] * 5  # two pictures, three windows
    assert "<出口>" in set_texts
    assert {"ko", "ja", "de"} <= set(translator.sources)
