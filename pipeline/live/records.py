"""What is kept of a live session: findings, a film, or nothing; and what others may see of it.

In: the plan, and every view. Out: parts and observers for the engine, and files. The ending of the record's name says
which it is: a film for that of a video, findings for any other.
"""

from collections.abc import Callable, Sequence

from devices.clock import Clock
from pipeline.live.curtain import Privacy, Screen
from pipeline.live.engine import Part
from pipeline.live.film import Film, is_film
from pipeline.live.notices import Notices
from pipeline.live.outcome import Observer
from pipeline.live.plan import Plan, Summary
from pipeline.live.recorder import Recorder, run_line
from pipeline.live.showing import View


class Records:
    """The record of a session, if one is wanted. Raises OutputError where it cannot be begun."""

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
        return [self._findings] if self._findings else []

    def view(self, view: View) -> View:
        """Take note of a drawn frame, in the render lane's thread; returns what may be shown of it."""
        if self._findings:
            self._findings.view(view)
        if self._film:
            self._film.view(view)
        return self._screen(view) if self._screen else view

    def finish(self, summary: Summary, announce: Callable[[str], None]) -> None:
        """Complete the files; what goes wrong is announced."""
        if self._findings:
            self._findings.finish(summary.record())
        if self._film and (trouble := self._film.finish()):
            announce(trouble)
        elif self._film and self._film.missing:
            announce(f"{self._film.missing} pictures are not in the film: this machine was too slow for them")
