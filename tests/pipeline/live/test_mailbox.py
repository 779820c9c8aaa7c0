"""Mailboxes: each policy, and any sequence of puts and takes against a plain model. A thread only where one waits."""

import threading
from collections.abc import Hashable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.live.mailbox import Mailbox, MailboxFull, Policy

TAKE = None
Moves = list[int | None]


def moves(keys: int = 4) -> st.SearchStrategy[Moves]:
    """Each a key to put an item under, or TAKE."""
    return st.lists(st.one_of(st.just(TAKE), st.integers(0, keys - 1)), max_size=60)


def test_newest_displaces_the_one_before() -> None:
    box: Mailbox[str] = Mailbox(Policy.NEWEST)
    assert box.put("a") == []
    assert box.put("b") == ["a"]
    assert len(box) == 1
    assert box.take() == "b"
    assert box.take() is None
    assert len(box) == 0


def test_newest_per_key_keeps_the_place_of_a_key() -> None:
    box: Mailbox[str] = Mailbox(Policy.NEWEST_PER_KEY, capacity=2)
    assert box.put("a1", key="a") == []
    assert box.put("b1", key="b") == []
    assert box.put("a2", key="a") == ["a1"]
    assert [box.take(), box.take(), box.take()] == ["a2", "b1", None]


def test_newest_per_key_lets_the_longest_waiting_key_go() -> None:
    box: Mailbox[str] = Mailbox(Policy.NEWEST_PER_KEY, capacity=2)
    box.put("a", key="a")
    box.put("b", key="b")
    assert box.put("c", key="c") == ["a"]
    assert [box.take(), box.take()] == ["b", "c"]


def test_in_order_refuses_what_does_not_fit_and_keeps_the_old() -> None:
    box: Mailbox[int] = Mailbox(Policy.IN_ORDER, capacity=2)
    box.put(1)
    box.put(2)
    with pytest.raises(MailboxFull, match="at most 2"):
        box.put(3)
    assert box.take() == 1
    assert box.put(4) == []
    assert [box.take(), box.take(), box.take()] == [2, 4, None]


@pytest.mark.parametrize(
    ("policy", "capacity"),
    [(Policy.NEWEST, 0), (Policy.NEWEST, 2), (Policy.IN_ORDER, 0), (Policy.NEWEST_PER_KEY, -1)],
)
def test_capacities_that_mean_nothing(policy: Policy, capacity: int) -> None:
    with pytest.raises(ValueError, match="capacity"):
        Mailbox(policy, capacity)


def test_newest_per_key_wants_a_key() -> None:
    box: Mailbox[int] = Mailbox(Policy.NEWEST_PER_KEY)
    with pytest.raises(ValueError, match="key"):
        box.put(1)
    assert len(box) == 0


def test_closed_gives_back_what_is_put_and_can_be_emptied() -> None:
    box: Mailbox[int] = Mailbox(Policy.IN_ORDER, capacity=2)
    box.put(1)
    box.close()
    assert box.closed
    assert box.put(2) == [2]
    assert box.wait() == 1  # no timeout: would hang where closing did not end the waiting
    assert box.wait() is None


def test_an_item_that_is_false_is_an_item() -> None:
    box: Mailbox[int] = Mailbox(Policy.NEWEST)
    box.put(0)
    assert box.wait() == 0


def test_waiting_gives_up_after_its_time() -> None:
    assert Mailbox[int](Policy.NEWEST).wait(timeout_s=0) is None


def _in_thread(box: Mailbox[str]) -> tuple[threading.Thread, list[str | None]]:
    got: list[str | None] = []
    thread = threading.Thread(target=lambda: got.append(box.wait()), daemon=True)
    thread.start()
    return thread, got


def test_putting_wakes_who_waits() -> None:
    box: Mailbox[str] = Mailbox(Policy.NEWEST)
    thread, got = _in_thread(box)
    box.put("a")
    thread.join()
    assert got == ["a"]


def test_closing_wakes_everybody_who_waits() -> None:
    box: Mailbox[str] = Mailbox(Policy.NEWEST)
    waiting = [_in_thread(box) for _ in range(3)]
    box.close()
    for thread, _ in waiting:
        thread.join()
    assert [got for _, got in waiting] == [[None]] * 3


@settings(deadline=None)
@given(moves(), st.sampled_from(Policy), st.integers(1, 4))
def test_never_grows_and_nothing_is_lost_silently(sequence: Moves, policy: Policy, capacity: int) -> None:
    box: Mailbox[int] = Mailbox(policy, 1 if policy is Policy.NEWEST else capacity)
    put, out = [], []
    for number, key in enumerate(sequence):
        if key is TAKE:
            taken = box.take()
            out.extend([] if taken is None else [taken])
        else:
            put.append(number)
            try:
                out.extend(box.put(number, key))
            except MailboxFull:
                out.append(number)
        assert len(box) <= box.capacity
    while (taken := box.take()) is not None:
        out.append(taken)
    assert sorted(out) == put


@settings(deadline=None)
@given(moves())
def test_newest_yields_the_newest(sequence: Moves) -> None:
    box: Mailbox[int] = Mailbox(Policy.NEWEST)
    newest: int | None = None
    for number, key in enumerate(sequence):
        if key is TAKE:
            assert box.take() == newest
            newest = None
        else:
            assert box.put(number) == ([] if newest is None else [newest])
            newest = number


@settings(deadline=None)
@given(moves(), st.integers(1, 4))
def test_in_order_is_a_queue_that_refuses(sequence: Moves, capacity: int) -> None:
    box: Mailbox[int] = Mailbox(Policy.IN_ORDER, capacity)
    model: list[int] = []
    for number, key in enumerate(sequence):
        if key is TAKE:
            assert box.take() == (model.pop(0) if model else None)
        elif len(model) < capacity:
            assert box.put(number) == []
            model.append(number)
        else:
            with pytest.raises(MailboxFull):
                box.put(number)


@settings(deadline=None)
@given(moves(), st.integers(1, 4))
def test_newest_per_key_yields_the_newest_of_the_oldest_key(sequence: Moves, capacity: int) -> None:
    box: Mailbox[tuple[Hashable, int]] = Mailbox(Policy.NEWEST_PER_KEY, capacity)
    model: list[tuple[Hashable, int]] = []
    for number, key in enumerate(sequence):
        if key is TAKE:
            assert box.take() == (model.pop(0) if model else None)
            continue
        keys = [waiting for waiting, _ in model]
        if key in keys:
            assert box.put((key, number), key) == [model[keys.index(key)]]
            model[keys.index(key)] = (key, number)
        else:
            assert box.put((key, number), key) == ([model.pop(0)] if len(model) == capacity else [])
            model.append((key, number))
