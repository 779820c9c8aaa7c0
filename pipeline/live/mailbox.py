"""What waits before a lane: a few items, never more than it was made for, and a policy that says which.

Comes in: items, from any thread. Goes out: items, one at a time, and to whoever put one in, those that it displaced:
nothing is lost without somebody being told. Knows nothing of frames, time or what is done with an item.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from enum import Enum
from typing import Generic, TypeVar

from devices.errors import GlossaError

T = TypeVar("T")


class Policy(Enum):
    """Which items wait."""

    NEWEST = "newest"
    """Only the newest: for pictures, where the one before is worth nothing."""
    NEWEST_PER_KEY = "newest per key"
    """The newest of each key, in the order in which the keys came; a key that is put again keeps its place, so that
    one which changes all the time does not wait forever. Full: the key that has waited longest goes."""
    IN_ORDER = "in order"
    """Every one: for sound, where a gap is an error. Full: the new one is refused."""


class MailboxFull(GlossaError):  # noqa: N818 - says what is the case, like queue.Full
    """A mailbox that loses nothing silently has no room; what waits in it is untouched."""


class Mailbox(Generic[T]):
    """A bounded mailbox between threads. `put` and `take` never block; `wait` does."""

    def __init__(self, policy: Policy, capacity: int = 1) -> None:
        if capacity < 1 or (policy is Policy.NEWEST and capacity != 1):
            wanted = "exactly 1 where only the newest waits" if policy is Policy.NEWEST else "1 or more"
            raise ValueError(f"capacity of a mailbox: expected {wanted}, got {capacity}")
        self.policy = policy
        self.capacity = capacity
        self._items: OrderedDict[Hashable, T] = OrderedDict()
        self._number = 0
        self._closed = False
        self._changed = threading.Condition()

    def put(self, item: T, key: Hashable = None) -> list[T]:
        """Leave an item; returns what will never be taken because of it, oldest first, usually nothing.

        A closed mailbox returns the item itself. `key` matters to NEWEST_PER_KEY only, which needs one.
        Raises MailboxFull (IN_ORDER) and ValueError (no key).
        """
        if self.policy is Policy.NEWEST_PER_KEY and key is None:
            raise ValueError("a mailbox of the newest per key needs a key with every item, got None")
        with self._changed:
            if self._closed:
                return [item]
            place = self._place(key)
            displaced = [self._items[place]] if place in self._items else self._make_room()
            self._items[place] = item
            self._changed.notify()
            return displaced

    def take(self) -> T | None:
        """The item whose turn it is, or None where nothing waits. Never blocks; a closed mailbox can be emptied."""
        with self._changed:
            return self._items.popitem(last=False)[1] if self._items else None

    def wait(self, timeout_s: float | None = None) -> T | None:
        """The same, but blocks until something comes, at most `timeout_s` of the machine's time; None: no limit.

        Returns None at the timeout, and at once where the mailbox is closed and empty.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._items or self._closed, timeout_s)
            return self.take()

    def close(self) -> None:
        """Take no more items and wake everybody who waits. What is inside stays until taken."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    def __len__(self) -> int:
        """How many items wait now."""
        return len(self._items)

    def _place(self, key: Hashable) -> Hashable:
        if self.policy is Policy.NEWEST:
            return None
        if self.policy is Policy.NEWEST_PER_KEY:
            return key
        self._number += 1
        return self._number

    def _make_room(self) -> list[T]:
        if len(self._items) < self.capacity:
            return []
        if self.policy is Policy.IN_ORDER:
            raise MailboxFull(
                f"a mailbox that keeps every item is full: expected at most {self.capacity} to wait, got one more; "
                "take them faster or give it more room"
            )
        return [self._items.popitem(last=False)[1]]
