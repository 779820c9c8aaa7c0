"""Playing, losing and finding a source: exact, on the virtual clock, in the thread of the test."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from devices import InputError
from devices.clock import NS_PER_MS, SystemClock, VirtualClock
from devices.player import PAUSES_S, Player, Playing, fitted
from tests.devices.playing import PATIENCE_S, Log, Reel, Script, picture

Act = Callable[[VirtualClock], Reel | Exception]


class Stage:
    """A player, its script and what came of it."""

    def __init__(self, *acts: Act, live: bool = False, playing: Playing | None = None) -> None:
        self.clock = VirtualClock(1000 * NS_PER_MS)
        self.log = Log()
        self.script = Script(*[act(self.clock) for act in acts], live=live)
        self.player = Player(self.script, self.log, clock=self.clock, playing=playing)
        self.script.over = lambda: self.player.stop(0)

    def run(self) -> "Stage":
        self.player.run()
        return self


def reel(*times_ms: float | None, **wanted: Any) -> Act:
    return lambda clock: Reel(clock, times_ms, **wanted)


def fails(text: str = "script: no answer") -> Act:
    return lambda clock: InputError(text)


def test_a_clip_is_played_at_its_own_speed_and_ends() -> None:
    stage = Stage(reel(0, 40, 95, decode_ms=(0, 30, 30))).run()
    assert stage.log.times() == [(0, 1000, 0), (1, 1040, 40), (2, 1095, 95)]
    assert stage.clock.now_ns() == 1095 * NS_PER_MS
    assert stage.log.said == [("ended", "script has ended.")]
    assert stage.player.dropped == 0


def test_late_frames_are_dropped_not_queued_and_keep_their_numbers() -> None:
    stage = Stage(reel(0, 40, 80, 120, 160, decode_ms=(0, 0, 130, 0, 0))).run()
    assert stage.log.times() == [(0, 1000, 0), (1, 1040, 40), (4, 1160, 160)]
    assert stage.player.dropped == 2


def test_a_machine_too_slow_for_the_clip_shows_some_of_it_and_says_so_once() -> None:
    stage = Stage(reel(*range(0, 8000, 40), decode_ms=[100] * 200)).run()
    assert 200 / 6 - 2 < len(stage.log.frames) < 200 / 3
    assert [text for kind, text in stage.log.said if kind == "news"] == [
        "script plays slower than its own speed: it takes too long to decode."
    ]


def test_as_fast_as_possible_gives_every_frame() -> None:
    stage = Stage(reel(0, 40, 80, decode_ms=(0, 500, 1)), playing=Playing(realtime=False)).run()
    assert stage.log.times() == [(0, 1000, 0), (1, 1500, 40), (2, 1501, 80)]


def test_a_loop_goes_on_in_number_and_time() -> None:
    stage = Stage(reel(0, 40), reel(0, 40), playing=Playing(loop=True)).run()
    assert stage.log.times()[:4] == [(0, 1000, 0), (1, 1040, 40), (2, 1040, 80), (3, 1080, 120)]
    assert "ended" not in stage.log.kinds()


def test_damage_is_said_once_and_the_end_too() -> None:
    stage = Stage(reel(0, damage="decoded 1 of about 9 frames")).run()
    assert stage.log.said == [("news", "script: decoded 1 of about 9 frames."), ("ended", "script has ended.")]


def test_a_clip_that_cannot_be_opened_any_more_ends() -> None:
    stage = Stage(fails("script: there is no such file")).run()
    assert stage.log.said == [("ended", "script: there is no such file")]


def test_what_comes_live_is_stamped_when_it_comes() -> None:
    stage = Stage(reel(5000, None, 1, paced=False, decode_ms=(0, 33, 20)), live=True).run()
    assert stage.log.times() == [(0, 1000, 0), (1, 1033, 33), (2, 1053, 53)]


def test_a_source_that_is_gone_is_tried_again_with_growing_pauses() -> None:
    stage = Stage(reel(0, paced=False), *[fails()] * 8, live=True).run()
    troubles = [text for kind, text in stage.log.said if kind == "trouble"]
    assert troubles[0] == "script: no more pictures come. Trying again in 0.5 s."
    pauses = [float(text.rsplit(" ", 2)[1]) for text in troubles]
    assert pauses == [*PAUSES_S, PAUSES_S[-1], PAUSES_S[-1], PAUSES_S[-1]]
    assert stage.clock.now_ns() == (1000 + 1000 * sum(pauses)) * NS_PER_MS


def test_what_comes_back_goes_on_counting_and_after_a_while_the_pauses_are_short_again() -> None:
    steady = reel(0, 1, paced=False, decode_ms=(0, 6000))
    stage = Stage(*[fails()] * 3, steady, reel(0, paced=False), live=True).run()
    assert [text.rsplit(" ", 2)[1] for _, text in stage.log.said] == ["0.5", "1", "2", "0.5", "1"]
    assert [seq for seq, _, _ in stage.log.times()] == [0, 1, 2]
    media = [pts for _, _, pts in stage.log.times()]
    assert media == sorted(media)


def test_a_feed_that_breaks_is_closed_and_told_in_plain_words() -> None:
    broken = Reel(VirtualClock(), (0,), paced=False, breaks=OSError(19, "No such device"))
    stage = Stage(lambda clock: broken, live=True).run()
    assert stage.log.said[0] == ("trouble", "script: No such device. Trying again in 0.5 s.")
    assert broken.closed == 1
    assert len(stage.log.frames) == 1


def test_a_fault_of_ours_is_a_sentence_too() -> None:
    stage = Stage(reel(0, breaks=ZeroDivisionError("division by zero")), live=True).run()
    ((kind, text),) = stage.log.said
    assert kind == "ended"
    assert "ZeroDivisionError: division by zero" in text


def test_a_held_camera_passes_unseen() -> None:
    stage = Stage(reel(0, 1, 2, 3, paced=False, decode_ms=(0, 10, 10, 10)), live=True)
    stage.log.then = lambda: stage.player.hold(len(stage.log.frames) == 1)
    stage.run()
    assert [seq for seq, _, _ in stage.log.times()] == [0]
    assert stage.player.dropped == 0


def test_a_held_camera_shows_its_pictures_to_who_asked_for_them() -> None:
    stage = Stage(reel(0, 1, 2, 3, paced=False, decode_ms=(0, 10, 10, 10)), live=True)
    aside: list[int] = []
    stage.player.aside = lambda frame: aside.append(frame.stamp.seq)
    stage.log.then = lambda: stage.player.hold(len(stage.log.frames) == 1)
    stage.run()
    assert [seq for seq, _, _ in stage.log.times()] == [0]
    assert aside == [1, 2, 3]


def test_a_held_clip_waits_and_goes_on_where_it_was() -> None:
    stage = Stage(reel(0, 40, 80))

    class Patient(VirtualClock):
        sleeps = 0

        def sleep_until(self, when_ns: int) -> None:
            super().sleep_until(when_ns)
            self.sleeps += 1
            if self.sleeps == 50:
                stage.player.hold(False)

    clock = Patient(1000 * NS_PER_MS)
    stage.player = Player(Script(Reel(clock, (0, 40, 80)), live=False), stage.log, clock=clock)
    stage.log.then = lambda: stage.player.hold(len(stage.log.frames) == 1)
    stage.run()
    (_, first, _), (seq, second, pts), (_, third, _) = stage.log.times()
    assert (seq, pts) == (1, 40)
    assert second - first == 1000  # 50 waits of 20 ms
    assert third - second == 40


def test_stopping_while_it_waits_ends_the_waiting() -> None:
    stage = Stage(fails(), reel(0), live=True)
    stage.log.then = lambda: stage.player.stop(0)
    stage.run()
    assert stage.log.kinds() == ["trouble"]
    assert len(stage.script.acts) == 1


def test_a_source_that_was_opened_but_never_started_is_closed() -> None:
    stage = Stage(reel(0))
    feed = stage.player.open()
    assert stage.player.stop(0)
    assert isinstance(feed, Reel)
    assert feed.closed == 1


def test_in_a_thread_of_its_own() -> None:
    log = Log()
    player = Player(
        Script(Reel(VirtualClock(), range(3)), live=False), log, clock=SystemClock(), playing=Playing(realtime=False)
    )
    player.open()
    player.start()
    log.wait_until(lambda log: "ended" in log.kinds())
    assert player.stop(PATIENCE_S)
    assert [int(one.rgb[0, 0, 0]) for one in log.frames] == [0, 1, 2]
    with pytest.raises(RuntimeError):
        player.start()


def test_pictures_are_made_to_fit_and_never_enlarged() -> None:
    rgb = picture(7, (64, 48))
    assert fitted(rgb, None) is rgb
    assert fitted(rgb, (64, 48)) is rgb
    small = fitted(rgb, (40, 12))
    assert small.shape == (12, 16, 3)
    assert not small.flags.writeable
    assert np.unique(small).tolist() == [7]


def test_the_size_of_what_is_played_is_bounded() -> None:
    stage = Stage(reel(0, size=(64, 48)), playing=Playing(at_most=(32, 32))).run()
    assert stage.log.frames[0].rgb.shape == (24, 32, 3)
