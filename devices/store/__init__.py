"""Models that do not come with the install: which there are, what lies here, and how it got here.

`Store().path("yolox-nano")` is all that most callers need. Only `devices.store.pulling` opens a network.
"""

from devices.store.catalogue import Catalogue, Entry, ModelFile, known, read_catalogues, with_own
from devices.store.records import HeldFile, Record
from devices.store.store import Fault, Store, default_folder

__all__ = [
    "Catalogue",
    "Entry",
    "Fault",
    "HeldFile",
    "ModelFile",
    "Record",
    "Store",
    "default_folder",
    "known",
    "read_catalogues",
    "with_own",
]
