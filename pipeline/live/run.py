"""One live session from beginning to end: `glossa live` without its command line.

In: what the person asked for, and how to load the models. Out: pictures on a display, a record, a summary. What can be
known to fail is said before the models are loaded; what fails later is said on the picture, and the session goes on.
"""

import gc
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from devices import Frame, InputError
from devices.clock import NS_PER_MS, Clock, SystemClock
from devices.display import Display, check_display, display_named
from devices.feed import Opener
from devices.files import check_output
from devices.player import Playing, fitted_size
from devices.power import PowerSource, read_power
from devices.sources import source_named
from language.translation import Translator
from pipeline.live.controls import Controls
from pipeline.live.curtain import Privacy
from pipeline.live.engine import Engine, Part
from pipeline.live.gauges import Gauges
from pipeline.live.gestures import Gesturing, HandLane, Hands
from pipeline.live.governor import Governor
from pipeline.live.intake import Intake
from pipeline.live.lane import Lane
from pipeline.live.looking import Senses
from pipeline.live.notices import Notices
from pipeline.live.outcome import Observer, Outcome, Work
from pipeline.live.plan import Plan, Summary
from pipeline.live.prelude import Prelude
from pipeline.live.records import Records
from pipeline.live.session import EFFORTS, READ_NICE, Session, Settings, quick_hand_over
from pipeline.live.showing import View
from pipeline.live.viewer import Hand, Patience, QuitError, Viewer
from pipeline.live.warm import in_the_background, keep_what_is_loaded, warm_eyes, warm_up
from pipeline.live.watchdog import Watchdog
from pipeline.saved import SavedTexts
from vision.text import TextReader

_USUAL_SIZE = (1280, 720)
_HUNG_MS = 5000.0
_WHENEVER_MS = 1e9
_LET_GO_S = 2.0  # for a device that is in the middle of a picture
_PATIENT_S = 20.0  # for a lane that is in the middle of its work on a busy machine

Load = Callable[[], tuple[TextReader, Translator]]
"""Loads the models; called once, in a thread of its own."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a session runs in; another device, or a test, stands in for this machine here."""

    announce: Callable[[str], None] = lambda text: None
    """Is given each notice once, from any thread."""
    settings: Settings | None = None
    """Allowances, costs, pacing; the languages are the plan's."""
    power: PowerSource = read_power
    observers: Sequence[Observer] = ()
    clock: Clock = field(default_factory=SystemClock)
    opener: Opener | None = None
    """Where the pictures come from; None: what the plan's source names."""
    look: Callable[[], Senses] | None = None
    """Loads what looks at things and codes; called once, in the thread that loads the models. None: nobody looks."""
    hands: Callable[[], Hands | None] | None = None
    """Loads what sees gestures, in the same thread."""
    privacy: Callable[[], Privacy] = Privacy
    """Loads what finds faces, in the same thread, and says what is kept from others."""
    early: bool = True
    """Whether a camera may be shown before the models are loaded: not where the wearer is to see no faces either."""
    saved: SavedTexts = field(default_factory=SavedTexts)
    """Where a thumb up writes to."""


def run_live(plan: Plan, load: Load, around: Surroundings | None = None) -> Summary:
    """Run a session until the person quits, its time has come, or Ctrl-C. For the main thread: displays want that.

    Raises InputError, OutputError, MissingError and UnknownNameError for what is wrong from the beginning; later
    troubles are said on the picture and announced.
    """
    around = around or Surroundings()
    opener = around.opener or source_named(plan.source, plan.size)
    check(plan, opener)
    began_ns = around.clock.now_ns()
    quick_hand_over()
    cv2.setNumThreads(1)  # the cores are for the lanes; more threads inside of one of them only wait for each other
    with ExitStack() as opened:
        expected = fitted_size(opener.size or _USUAL_SIZE, plan.size)
        display = opened.enter_context(display_named(plan.display, expected, "Glossa"))
        prelude = Prelude(opener, clock=around.clock, playing=Playing(plan.realtime, plan.loop, plan.size))
        opened.callback(prelude.stop, _LET_GO_S)
        feed = prelude.open(seen=display.visible and around.early)
        size = fitted_size((feed.width, feed.height), plan.size)
        display.fit(size)
        loaded = partial(_loaded, load, plan, size, around.look)
        try:
            models, hands, privacy = in_the_background(
                lambda: (loaded(), around.hands() if around.hands else None, around.privacy()),
                READ_NICE,
                Patience(display, size, prelude),
            )
        except QuitError:
            return Summary.of_nothing(opener.name)
        keep_what_is_loaded()
        opened.callback(gc.unfreeze)
        return _Live(plan, prelude, display, around, opened).run(*models, hands, privacy, (size, feed.fps), began_ns)


def check(plan: Plan, opener: Opener) -> None:
    """Raise what can be known to fail. Blocks for a moment."""
    check_display(plan.display)
    if opener.live and (plan.loop or not plan.realtime):
        raise InputError(f"{opener.name}: only a clip can be looped or played at another speed than its own")
    opener.check()
    inputs = [] if opener.live else [Path(plan.source)]
    for wanted in (plan.record, plan.trace):
        if wanted:
            check_output(wanted, inputs)
            inputs.append(wanted)


def _loaded(
    load: Load, plan: Plan, size: tuple[int, int], look: Callable[[], Senses] | None
) -> tuple[TextReader, Translator, Senses]:
    senses = look() if look else Senses()
    reader, translator = load()
    sides = [effort.short_side_px for effort in EFFORTS.values()]
    warm_up(reader, translator, size=size, short_sides_px=sides, source=plan.language, to=plan.to)
    warm_eyes(senses, size)
    return reader, translator, senses


class _Live:
    """The parts of one session and how they hang together."""

    def __init__(self, plan: Plan, prelude: Prelude, display: Display, around: Surroundings, opened: ExitStack) -> None:
        self._plan = plan
        self._display = display
        self._around = around
        self._clock = clock = around.clock
        self._opened = opened
        self._notices = Notices(clock, around.announce)
        self._gauges = Gauges(clock, around.power)
        one_by_one = None if plan.realtime else "render"
        self._intake = Intake(self._put, self._notices, clock=clock, one_by_one=one_by_one)
        self._prelude, self._player = prelude, prelude.player
        prelude.then = self._intake
        self._session: Session | None = None
        self._lanes: list[Lane[Any]] = []
        self._patient: list[Part] = []
        self._watch: Callable[[Frame], object] | None = None

    def run(
        self,
        reader: TextReader,
        translator: Translator,
        senses: Senses,
        hands: Hands | None,
        privacy: Privacy,
        shape: tuple[tuple[int, int], float],
        began_ns: int,
    ) -> Summary:
        """See `run_live`; the source is open and the models are loaded. `shape`: size and rate of the pictures."""
        plan, around, clock = self._plan, self._around, self._clock
        size, fps = shape
        observers: list[Observer] = [self._gauges, self._intake, self._alarm, *around.observers]
        records = Records(
            plan, privacy, self._player.opener.name, size, fps, self._notices, clock=clock, observers=(*observers,)
        )
        self._opened.callback(records.close)
        observers += records.observers
        hand = Hand(self._gauges, visible=self._display.visible)

        def on_view(view: View) -> None:
            self._gauges.view(view)
            view = records.view(view)
            hand(view)
            if gesturing:
                gesturing.view = view

        settings = around.settings or Settings(plan.to, plan.language)
        session = Session(
            reader, translator, settings, clock=clock, on_view=on_view, observers=observers, senses=senses
        )
        for note in filter(None, (*senses.notes, privacy.note)):
            around.announce(note)
        self._session = session
        if not plan.realtime:
            session.render.allowance_ms = _WHENEVER_MS  # every picture is to be drawn, however long that takes
        controls = Controls(session, self._player, self._intake, self._notices, clock=clock)
        gesturing: Gesturing | None = None
        self._lanes = [*session.lanes]
        if hands:
            lane = HandLane(hands, clock=clock, observers=observers)
            gesturing = Gesturing(lane.meant, controls.obey, around.saved, self._notices, clock=clock)
            self._watch = self._player.aside = lane.offer
            self._lanes.append(lane.lane)
            around.announce(
                f"Gestures are seen by {hands.name}: palm pauses, fist hides, finger picks, thumb up saves."
            )
        watchdog = Watchdog(self._lanes, _HUNG_MS, clock=clock, observers=observers)
        governor = Governor(around.power, session.be_thrifty, clock, say=self._say_thrift)
        self._patient = [*self._lanes, *records.parts]
        parts: list[Part] = [self._prelude, *self._patient, watchdog]

        def chores() -> None:
            governor.step()
            if gesturing:
                gesturing.step()

        viewer = Viewer(
            self._display,
            hand,
            controls,
            self._notices,
            self._gauges,
            self._intake,
            blank=np.zeros((size[1], size[0], 3), np.uint8),
            clock=clock,
            chore=chores,
        )
        summary = self._play(Engine(parts), viewer, began_ns)
        return replace(summary, lost=records.finish(summary, around.announce))

    def _play(self, engine: Engine, viewer: Viewer, began_ns: int) -> Summary:
        stopped = False
        left: tuple[str, ...] = ("everything",)
        try:
            try:
                engine.start()
                now_ns = self._clock.now_ns()
                self._around.announce(f"ready in {(now_ns - began_ns) / 1e9:.1f} s")
                viewer.run(None if self._plan.seconds is None else now_ns + round(self._plan.seconds * 1e9))
            except KeyboardInterrupt:
                stopped = True
            finally:
                self._intake.close()
                left = tuple(engine.stop())
                left = self._wait_for_lanes(left)
        except KeyboardInterrupt:  # again, while the parts were ending: they end with the process
            stopped = True
        return self._summary(stopped, left)

    def _wait_for_lanes(self, left: tuple[str, ...]) -> tuple[str, ...]:
        """Give lanes that have not ended more time: what they use may be used again by the caller."""
        slow = [part for part in self._patient if part.name in left]
        if slow:
            self._around.announce("waiting for what is still being read or written; Ctrl-C ends at once")
        back = {part.name for part in slow if part.stop(_PATIENT_S)}
        return tuple(name for name in left if name not in back)

    def _put(self, frame: Frame) -> None:
        assert self._session is not None
        self._session.render.put(frame)
        if self._watch:
            self._watch(frame)

    def _alarm(self, work: Work) -> None:
        """Observer: what fails is said to the wearer."""
        if work.outcome is Outcome.FAILED and work.stage == work.lane:
            self._notices.news(f"failed {work.lane}", f"A fault in the {work.lane} lane: {work.detail}.")

    def _say_thrift(self, reason: str) -> None:
        if reason:
            self._notices.last("power", reason)
        else:
            self._notices.clear("power")

    def _summary(self, stopped: bool, left: tuple[str, ...]) -> Summary:
        told, intake = self._gauges.figures(), self._intake
        seconds, first_ms = 0.0, None
        if intake.first_ns is not None and intake.last_ns is not None:
            seconds = (intake.last_ns - intake.first_ns) / 1e9
            if told.first_translation_ns is not None:
                first_ms = (told.first_translation_ns - intake.first_ns) / NS_PER_MS
        return Summary(
            source=self._player.opener.name,
            frames=told.frames,
            seconds=seconds,
            late=told.late,
            dropped=told.dropped + self._player.dropped,
            unseen=told.unseen,
            texts=told.texts,
            unsure=told.unsure,
            first_translation_ms=first_ms,
            stopped=stopped,
            left=left,
            seen=self._session.look.seen if self._session and self._session.look else {},
        )
