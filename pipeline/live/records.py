"""What is kept of a live session: findings, a film, a trace, or nothing; and what others may see of it.

In: the plan, and every view. Out: parts and observers for the engine, and files. The ending of the record's name says
which it is: a film for that of a video, findings for any other.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress

from devices import OutputError
from devices.clock import Clock
from pipeline.live.curtain import Privacy, Screen
from pipeline.live.engine import Part
from pipeline.live.film import Film, is_film
from pipeline.live.notices import Notices
from pipeline.live.outcome import Observer
from pipeline.live.plan import Plan, Summary
from pipeline.live.recorder import Recorder, run_line
from pipeline.live.showing import View
from pipeline.live.trace import TraceWriter


class Records:
    """The files of a session that are wanted. Raises OutputError where one cannot be begun."""

    def __init__(
        self,
        plan: Plan,
        privacy: Privacy,
        source: str,
        size: tuple[int, int],
        fps: float,
        notices: Notices,
        *,
        clock: Clock,
        observers: Sequence[Observer],
    ) -> None:
        """`source`, `size` and `fps`: of what is played, as `run_line` wants them."""
        self._trace = TraceWriter(plan.trace) if plan.trace else None
        if self._trace:
            observers = (*observers, self._trace)
        self._film: Film | None = None
        self._findings: Recorder | None = None
        self._screen = Screen(privacy.faces) if privacy.on_screen and privacy.faces else None
        if plan.record is None:
            return
        if is_film(plan.record):
            self._film = Film(
                plan.record, size, fps, privacy, notices, clock=clock, observers=observers, wait=not plan.realtime
            )
            return
        asked: dict[str, str | bool] = {"from": plan.language, "to": plan.to, "live": True, "realtime": plan.realtime}
        run = run_line(source, size, fps, **asked)
        self._findings = Recorder(plan.record, run, notices, clock=clock, observers=observers, plates=not privacy.hide)

    @property
    def parts(self) -> list[Part]:
        """For an engine."""
        return [part for part in (self._findings, self._film) if part]

    @property
    def observers(self) -> list[Observer]:
        """For whoever publishes works."""
        return [one for one in (self._trace, self._findings) if one]

    def view(self, view: View) -> View:
        """Take note of a drawn frame, in the render lane's thread; returns what may be shown of it."""
        if self._findings:
            self._findings.view(view)
        if self._film:
            self._film.view(view)
        return self._screen(view) if self._screen else view

    def finish(self, summary: Summary, announce: Callable[[str], None]) -> tuple[str, ...]:
        """Complete the files; what goes wrong is announced. Returns a sentence for each that is not whole."""
        if self._findings:
            self._findings.finish(summary.record())
        if self._film and (trouble := self._film.finish()):
            announce(trouble)
        elif self._film and self._film.missing:
            announce(f"{self._film.missing} pictures are not in the film: this machine was too slow for them")
        if self._trace and (trouble := self._end_trace()):
            announce(trouble)
        return tuple(one.lost for one in (self._findings, self._film, self._trace) if one and one.lost)

    def close(self) -> None:
        """Keep what there is, where the session ended in an error. Nothing after `finish`."""
        if self._film:
            self._film.finish()
        self._end_trace()

    def _end_trace(self) -> str | None:
        """Complete the trace; one sentence where it is not."""
        if self._trace is None:
            return None
        with suppress(OutputError):
            self._trace.close()
        return self._trace.lost
