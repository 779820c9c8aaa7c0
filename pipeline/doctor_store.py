"""What `glossa doctor` says of the store of models: where it is, what lies in it, how much room is left."""

from devices import GlossaError
from devices.files import megabytes
from devices.store import Store

_LITTLE_ROOM = 1_000_000_000


def store_lines(store: Store | None = None) -> list[tuple[bool, str]]:
    """Findings about the store, False before what wants a hand. Reads sizes, not every byte; writes nothing."""
    store = store or Store()
    held, faulty = store.held(), store.faulty()
    free = store.free()
    room = "" if free is None else f", {megabytes(free)} free on its disk"
    lines = [(free is None or free > _LITTLE_ROOM, f"store: {store.folder}{room}")]
    if not (held or faulty):
        lines.append((True, "no models in it; what there is to pull: glossa models list"))
    for record in held:
        try:
            store.path(record.id)
        except GlossaError as why:
            lines.append((False, str(why)))
        else:
            terms = record.licence if record.commercial else f"{record.licence}, not known to allow commercial use"
            lines.append((True, f"{record.id}: {record.title}, {megabytes(record.size)}, {record.engine}, {terms}"))
    lines += [(False, f"{name}: no model that can be read: glossa models remove {name}") for name in faulty]
    return lines
