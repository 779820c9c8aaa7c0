"""The held-out signs: enough of them, really held out, and a judge that can say no."""

import itertools

import pytest

from benchmarks.sign_judge import accepted
from benchmarks.sign_set import DIRECTIONS, held_out_problems, pairs


@pytest.mark.parametrize("direction", DIRECTIONS, ids="-".join)
def test_every_direction_has_three_hundred_signs(direction: tuple[str, str]) -> None:
    signs = pairs(*direction)
    assert len(signs) >= 300
    assert len({sign.source for sign in signs}) == len(signs)
    assert all(sign.accepted for sign in signs)


def test_no_sign_stands_in_the_phrase_book_or_in_a_template() -> None:
    assert held_out_problems() == []


@pytest.mark.parametrize("direction", DIRECTIONS, ids="-".join)
def test_the_judge_takes_every_reference_and_no_other_sign(direction: tuple[str, str]) -> None:
    signs = pairs(*direction)
    to = direction[1]
    assert all(accepted(sign.accepted[0], sign.accepted, to) for sign in signs)
    neighbours = itertools.pairwise(signs)
    assert not any(accepted(other.accepted[0], sign.accepted, to) for sign, other in neighbours)


def test_the_judge_refuses_another_number() -> None:
    assert accepted("Open until 1,000", ["Open until 1000"], "en")
    assert not accepted("Open until 100", ["Open until 1000"], "en")
