"""What of a live session is kept from others: as it was asked for, or as it is without being asked.

A record hides faces and number plates unless somebody wants otherwise; the picture on the wearer's own screen does so
only where it is asked for. Whoever asks for it gets it or an error; what happens unasked says what it cannot do.
"""

from dataclasses import dataclass
from pathlib import Path

from devices import MissingError
from pipeline.anonymise import CANNOT, find_faces_model
from pipeline.live.curtain import Privacy
from pipeline.live.film import is_film
from vision.faces import FaceFinder


@dataclass(frozen=True, slots=True)
class Wanted:
    """What will be hidden, and the model for it, not loaded yet."""

    hide: bool = False
    on_screen: bool = False
    model: Path | None = None
    note: str = ""
    """A sentence for the person where less is hidden than should be."""

    def open(self) -> Privacy:
        """Load the model. Blocks. Raises InputError where it is none."""
        return Privacy(self.hide, self.on_screen, FaceFinder(self.model) if self.model else None, self.note)


def find_privacy(asked: bool | None, faces: str | None, record: Path | None) -> Wanted:
    """`asked`: what the person said, None: nothing; `faces` names a model; `record`: what is written, if anything.

    Raises MissingError where it was asked for and there is no model, and as `find_faces_model` does.
    """
    hide = record is not None if asked is None else asked
    if not hide:
        return Wanted()
    model = find_faces_model(faces)
    if model is None and asked:
        raise MissingError(CANNOT)
    # Findings hold no pictures: there is nothing of a face to hide in them.
    note = (
        f"{CANNOT}. Number plates that can be read are hidden" if model is None and record and is_film(record) else ""
    )
    return Wanted(True, bool(asked), model, note)
