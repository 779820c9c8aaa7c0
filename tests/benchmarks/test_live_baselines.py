"""The baselines, step by step on a virtual clock: what is on the screen on which frame."""

import numpy as np

from benchmarks.findings import Drawn
from benchmarks.live_baselines import Boxes, HeldStill, NewestWins, PlainReader
from devices import Frame, Rgb, Stamp
from devices.clock import VirtualClock
from tests.pipeline.live.scenes import SIGN, KnowingReader, QuickTranslator

PICTURE = np.full((360, 640, 3), 200, np.uint8)


def frame(seq: int) -> Frame:
    return Frame(Stamp("film", seq, seq * 33_000_000, seq * 33.3), np.full((4, 4, 3), seq, np.uint8))


def read(rgb: Rgb) -> Boxes:
    return Boxes(labels=(Drawn(0, SIGN.astype(np.float64), f"read on {rgb[0, 0, 0]}", ""),))


def test_the_newest_frame_wins_and_shows_what_it_says_itself() -> None:
    system = NewestWins(read, clock=VirtualClock())
    for seq in (0, 1, 2):
        system.render.put(frame(seq))
    system.render.step()
    system.render.put(frame(3))
    system.render.step()
    assert [(one.seq, one.labels[0].source) for one in system.shown] == [(2, "read on 2"), (3, "read on 3")]


def test_boxes_are_held_until_the_next_reading_is_done() -> None:
    system = HeldStill(read, clock=VirtualClock(), every=3)
    for seq in range(8):
        system.render.put(frame(seq))
        system.render.step()
        if seq in (1, 4):
            system.reading.step()
    shown = [[label.source for label in one.labels] for one in system.shown]
    assert shown == [[], [], *[["read on 0"]] * 3, *[["read on 3"]] * 3]


def test_a_plain_reader_reads_anew_but_does_not_translate_twice() -> None:
    class Reader(KnowingReader):
        def read(self, rgb: Rgb) -> list[object]:
            return list(self.read_lines(rgb, self.find(rgb), Stamp("film", 0, 0, 0.0)))

    asked: list[str] = []

    class Translator(QuickTranslator):
        def translate(self, texts, **how):  # type: ignore[no-untyped-def]
            asked.extend(texts)
            return super().translate(texts, **how)

    reader = Reader()
    plain = PlainReader(reader, Translator(), "en")  # type: ignore[arg-type]
    boxes = [plain(PICTURE) for _ in range(3)]
    assert asked == ["出口"]
    assert len(reader.sides) == 3
    assert [(one.labels[0].source, one.labels[0].target) for one in boxes] == [("出口", "<出口>")] * 3
    assert all(len(one.stickers) == 1 for one in boxes)
