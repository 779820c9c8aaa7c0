"""From tracks to signs: joins lines, translates each text once, and says what stands where on every frame.

In: what the first pass found, and a translator. Out: `Sign`s, which the renderer, the findings file and the
subtitles all read. Knows nothing of files.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, groupby

import cv2
import numpy as np

from language.codes import LANGUAGES
from language.translation import Translation, Translator, left_alone, worth_showing
from overlay.scene import Label
from pipeline.analysis import Analysis
from vision.quad import Matrix, Quad, block, is_convex, move, perspective
from vision.text import TextRegion
from vision.text.join import Line, belong_together, joined_text, ordered_groups, reading_order
from vision.text.track import TextTrack

_SHARED_TIME = 0.5
_LOOKS = 3


@dataclass(slots=True)
class Sign:
    """One text on one surface, its translation, and the frames on which it can be seen."""

    tracks: tuple[TextTrack, ...]
    """Its lines in reading order."""
    key: int
    """The key frame that shows it best."""
    quad: Quad
    """The whole block on the key frame."""
    translation: Translation
    placed: dict[int, Quad]
    """Frame number to the block's quad there."""
    texts: tuple[str, ...] = ()
    """What its lines say."""
    score: float = 0.0
    """The recogniser's score of its worst line, 0 to 1."""

    def __post_init__(self) -> None:
        self.translation = worth_showing(self.translation)
        self.texts = tuple(track.text() or "" for track in self.tracks)
        self.score = min(track.score() for track in self.tracks)

    @property
    def id(self) -> int:
        """The number of its first line."""
        return self.tracks[0].id

    @property
    def drawn(self) -> bool:
        """False when it is to be left alone: no language, or the reader's own."""
        return not left_alone(self.translation)

    @property
    def known(self) -> bool:
        """True when there is a translation to read."""
        return self.drawn and self.translation.target != self.translation.source

    def label(self) -> Label:
        """What the overlay needs, in pixels of the key frame."""
        lines = tuple(track.path[self.key] for track in self.tracks)
        told = self.translation
        return Label(self.id, self.quad, lines, told.source, told.target, told.sure, told.gloss)


def make_signs(analysis: Analysis, translator: Translator, *, source: str, to: str) -> list[Sign]:
    """All signs of a recording, by first appearance. Texts of one key frame are translated as neighbours."""
    groups = _groups(analysis.tracks)
    by_key: dict[int, list[list[TextTrack]]] = defaultdict(list)
    for group in groups:
        for key, members in _by_key_frame(analysis, group):
            by_key[key].append(members)
    signs = []
    for key in sorted(by_key):
        for members, told in _translate(by_key[key], key, translator, source, to):
            quad = block([track.path[key] for track in members])
            signs.append(Sign(tuple(members), key, quad, told, _place(members, key, quad)))
    return sorted(signs, key=lambda sign: (min(sign.placed), sign.id))


def signs_in_picture(regions: Sequence[TextRegion], translator: Translator, *, source: str, to: str) -> list[Sign]:
    """The signs of a single picture: a recording of one frame, number 0."""
    analysis = Analysis(stamps=[0.0])
    for region in regions:
        track = TextTrack(len(analysis.tracks) + 1, path={0: region.quad}, whole=True)
        track.vote(region, cut=False)
        analysis.tracks.append(track)
        track.seen.append((0, region.quad))
        analysis.best_key[track.id] = (0, 1.0)
    return make_signs(analysis, translator, source=source, to=to)


def _line(track: TextTrack, seq: int) -> Line:
    return Line(track.path[seq], track.text() or "", track.script())


def _groups(tracks: Sequence[TextTrack]) -> list[list[TextTrack]]:
    """Tracks that belong together on most of the frames that show both, each group in reading order."""
    tracks = [track for track in tracks if track.path and track.text()]
    spans = [(min(track.path), max(track.path)) for track in tracks]
    links = [
        (i, j)
        for i, j in combinations(range(len(tracks)), 2)
        if spans[j][0] <= spans[i][1] and spans[i][0] <= spans[j][1] and _linked(tracks[i], tracks[j])
    ]
    lines = [_line(track, min(track.path)) for track in tracks]
    return [[tracks[i] for i in group] for group in ordered_groups(lines, links)]


def _linked(a: TextTrack, b: TextTrack) -> bool:
    shared = sorted(a.path.keys() & b.path.keys())
    if len(shared) < max(1, _SHARED_TIME * min(len(a.path), len(b.path))):
        return False
    looks = [shared[round(i * (len(shared) - 1) / (_LOOKS - 1))] for i in range(_LOOKS)]
    together = sum(belong_together(_line(a, seq), _line(b, seq)) for seq in looks)
    return together * 2 > _LOOKS


def _by_key_frame(analysis: Analysis, group: list[TextTrack]) -> list[tuple[int, list[TextTrack]]]:
    """The group at the key frame that shows most of it; lines missing there stand alone at their own best one."""
    keys = {track.id: analysis.best_key[track.id][0] for track in group if track.id in analysis.best_key}
    group = [track for track in group if track.id in keys]
    if not group:
        return []
    best = max(sorted(set(keys.values())), key=lambda key: sum(key in track.path for track in group))
    present = [track for track in group if best in track.path]
    order = reading_order([_line(track, best) for track in present], range(len(present)))
    alone = [(keys[t.id], [t]) for t in group if best not in t.path and keys[t.id] in t.path]
    return [(best, [present[i] for i in order]), *alone]


def _translate(
    groups: list[list[TextTrack]], key: int, translator: Translator, source: str, to: str
) -> list[tuple[list[TextTrack], Translation]]:
    """Each group as one text; where only some of its lines are known, these stand alone and the rest stays joined.

    One call for all groups and their lines, no text twice: a network is fastest so. A second one only for those rests
    that are new: asked before it is known which lines are sure, they would be as many as there are runs of lines.
    """
    lines = [[_line(track, key) for track in group] for group in groups]
    wholes = [joined_text(group) for group in lines]
    texts = list(dict.fromkeys(wholes + [line.text for group in lines if len(group) > 1 for line in group]))
    told = dict(zip(texts, translator.translate(texts, source=source, to=to), strict=True))
    result: list[tuple[list[TextTrack], str]] = []
    for group, members, whole in zip(groups, lines, wholes, strict=True):
        sure = [told[line.text].sure for line in members] if len(members) > 1 else []
        if told[whole].sure or not any(sure):
            result.append((group, whole))
            continue
        for _, run in groupby(range(len(group)), key=lambda i: i if sure[i] else -1):
            places = list(run)
            result.append(([group[i] for i in places], joined_text([members[i] for i in places])))
    rests = list(dict.fromkeys(text for _, text in result if text not in told))
    if rests:
        settled = [told[text].source_lang for _, text in result if text in told and told[text].sure]
        near = [code for code in settled if code in LANGUAGES]
        told |= zip(rests, translator.translate(rests, source=source, to=to, neighbours=near), strict=True)
    return [(members, told[text]) for members, text in result]


def _place(members: Sequence[TextTrack], key: int, quad: Quad) -> dict[int, Quad]:
    """The block's quad on every frame that shows any of its lines, carried by the lines' common motion."""
    placed = {}
    for seq in sorted(set().union(*(track.path for track in members))):
        present = [track for track in members if seq in track.path]
        matrix = _motion([t.path[key] for t in present], [t.path[seq] for t in present])
        moved = move(matrix, quad) if matrix is not None else None
        if moved is not None and is_convex(moved):
            placed[seq] = moved
    return placed


def _motion(before: list[Quad], after: list[Quad]) -> Matrix | None:
    if len(before) == 1:
        return perspective(before[0], after[0])
    matrix, _ = cv2.findHomography(np.concatenate(before), np.concatenate(after), 0)
    return None if matrix is None else np.asarray(matrix, np.float64)
