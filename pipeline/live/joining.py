"""Which lines of a live picture are one sign, decided once and not anew with every reading.

In: the lines in view, reading after reading. Out: signs. Whether two lines belong together is judged from where they
are seen; from the side the answer may be another one, and a sign that falls apart and is joined again is translated
again each time. So each pair of lines has a memory, and only many readings of one kind change its mind.
"""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.live.board import PlacedLine, PlacedSign
from vision.quad import Quad, block
from vision.text.join import Line, belong_together, joined_text, ordered_groups

_LONGEST_MEMORY = 8  # readings
_MOST_PAIRS = 4000
_ENOUGH_VOTES = 2  # of a line that does not agree with itself: nobody waits for more
_LONGEST_WAIT = 5  # readings, for a line that was not read yet
_CUT_WAIT = 2  # readings, for one that the picture's edge cuts off: it may be coming in, or going


class Joining:
    """Remembers pairs by the numbers of their tracks. Owned by one lane."""

    def __init__(self) -> None:
        self._tallies: dict[tuple[int, int], int] = {}
        self._joined: dict[tuple[int, int], bool] = {}
        self._waits: dict[int, int] = {}
        self._told: set[tuple[int, ...]] = set()

    def arrange(self, lines: Sequence[PlacedLine]) -> tuple[PlacedSign, ...]:
        """Joins lines that belong together; a line that is not committed yet stands alone.

        A sign beside such a line has no text until that line has had its chance, unless it had one before.
        """
        known = [line for line in lines if line.text]
        shapes = [Line(line.quad, line.text, line.track.script()) for line in known]
        links = [
            (i, j)
            for i in range(len(known))
            for j in range(i + 1, len(known))
            if self._belong(known[i].track.id, known[j].track.id, belong_together(shapes[i], shapes[j]))
        ]
        self._forget()
        awaited = self._awaited(lines)
        signs = []
        for group in ordered_groups(shapes, links):
            members = tuple(known[i] for i in group)
            sign = PlacedSign(
                members, block([member.quad for member in members]), joined_text([shapes[i] for i in group])
            )
            if sign.key not in self._told and any(_may_join(quad, shapes[i]) for quad in awaited for i in group):
                sign = replace(sign, text="")
            signs.append(sign)
        self._told = {sign.key for sign in signs if sign.text}
        signs += [PlacedSign((line,), line.quad, "") for line in lines if not line.text]
        return tuple(signs)

    def _awaited(self, lines: Sequence[PlacedLine]) -> list[Quad]:
        """Where the lines are that may soon have a text."""
        open_ones = [line for line in lines if not line.text]
        self._waits = {line.track.id: self._waits.get(line.track.id, 0) + 1 for line in open_ones}
        return [
            line.quad
            for line in open_ones
            if self._waits[line.track.id] <= (_LONGEST_WAIT if line.track.whole else _CUT_WAIT)
            and (len(line.track.votes) < _ENOUGH_VOTES or not line.track.whole)
        ]

    def _belong(self, first: int, second: int, seems: bool) -> bool:
        """What is taken to be so after one more reading in which it seems to be so, or not."""
        pair = min(first, second), max(first, second)
        tally = self._tallies.pop(pair, 0) + (1 if seems else -1)
        self._tallies[pair] = tally = max(-_LONGEST_MEMORY, min(tally, _LONGEST_MEMORY))
        if pair not in self._joined or abs(tally) == _LONGEST_MEMORY:
            self._joined[pair] = tally > 0
        return self._joined[pair]

    def _forget(self) -> None:
        for pair in list(self._tallies)[: max(0, len(self._tallies) - _MOST_PAIRS)]:
            del self._tallies[pair], self._joined[pair]


def _may_join(quad: Quad, line: Line) -> bool:
    """Whether a line at `quad`, whatever it says, would be of one sign with another."""
    return belong_together(replace(line, quad=quad), line)
