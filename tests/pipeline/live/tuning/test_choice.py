"""Which setup is chosen: fast, good enough, not with more threads than are of use."""

from collections.abc import Mapping

import pytest

from pipeline.live.costs import Cost
from pipeline.live.tuning.agreement import Agreement
from pipeline.live.tuning.choice import choose_setup, good_enough, is_hopeless
from pipeline.live.tuning.trials import DETECTOR, INT8, RECOGNISER, Measured, Setup

FINE, LOSSY = Agreement(200, 198, 1000, 5), Agreement(200, 180, 1000, 5)


def took(engine: str, precision: str, threads: int, *sizes_ms: float, model: str = DETECTOR) -> list[Measured]:
    setup = Setup(engine, precision, threads)
    return [Measured(model, setup, size_px, Cost(ms, ms), 5) for size_px, ms in zip((320, 736), sizes_ms, strict=False)]


def choose(measured: list[Measured], agreements: Mapping[tuple[str, str], Agreement], threads: int) -> Setup | None:
    return choose_setup(measured, agreements, threads)


BOTH = took("openvino", "float32", 1, 50, 200) + took("openvino", "bfloat16", 1, 25, 100)


@pytest.mark.parametrize(("loss", "precision"), [(FINE, "bfloat16"), (LOSSY, "float32")])
def test_the_fastest_that_reads_well(loss: Agreement, precision: str) -> None:
    assert choose(BOTH, {("openvino", "bfloat16"): loss}, 2) == Setup("openvino", precision, 1)


def test_bounds_of_good_enough() -> None:
    assert good_enough(Agreement(100, 97, 100, 2))
    assert not good_enough(Agreement(100, 96, 100, 0))
    assert not good_enough(Agreement(100, 100, 100, 3))
    assert good_enough(Agreement())


@pytest.mark.parametrize(("ms", "precision"), [(100, "bfloat16"), (88, "bfloat16"), (86, INT8)])
def test_int8_must_be_worth_it(ms: float, precision: str) -> None:
    measured = BOTH + took("openvino", INT8, 1, ms / 4, ms)
    agreements = {("openvino", "bfloat16"): FINE, ("openvino", INT8): FINE}
    assert choose(measured, agreements, 1) == Setup("openvino", precision, 1)


def test_int8_that_loses_too_much_is_never_used() -> None:
    measured = BOTH + took("onnxruntime", INT8, 1, 1, 1)
    agreements = {("openvino", "bfloat16"): FINE, ("onnxruntime", INT8): LOSSY}
    assert choose(measured, agreements, 1) == Setup("openvino", "bfloat16", 1)


def test_threads_are_bounded_and_must_pay() -> None:
    measured = [
        one for n, ms in ((1, 100), (2, 60), (4, 57), (8, 30)) for one in took("openvino", "float32", n, ms, ms)
    ]
    assert choose(measured, {}, 1) == Setup("openvino", "float32", 1)
    assert choose(measured, {}, 4) == Setup("openvino", "float32", 2)
    assert choose(measured, {}, 8) == Setup("openvino", "float32", 8)


def test_a_setup_that_was_given_up_is_not_taken_for_fast() -> None:
    measured = took("openvino", "float32", 1, 50, 200) + took("onnxruntime", "float32", 1, 130)
    assert choose(measured, {}, 1) == Setup("openvino", "float32", 1)


def test_lines_do_not_decide_and_nothing_gives_nothing() -> None:
    assert choose(took("openvino", "float32", 1, 5, 5, model=RECOGNISER), {}, 1) is None
    assert choose(took("openvino", "float32", 2, 5, 5), {}, 1) is None


def test_hopeless_is_what_others_do_much_faster_with_no_more_threads() -> None:
    (fast,), (slow,), (many,) = (took("a", "float32", n, ms) for n, ms in ((1, 40), (1, 101), (2, 10)))
    assert is_hopeless(slow, [slow, fast])
    assert not is_hopeless(fast, [slow, fast, many])
    assert not is_hopeless(slow, [slow, many])
    assert not is_hopeless(took("a", "float32", 1, 100)[0], [fast])
