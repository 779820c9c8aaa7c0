"""What stands on the picture, for how long, and what is announced."""

from devices.clock import VirtualClock
from pipeline.live.notices import NEWS_S, Notices


def test_a_trouble_lasts_until_it_is_cleared_and_is_announced_once() -> None:
    clock, told = VirtualClock(), list[str]()
    notices = Notices(clock, told.append)
    notices.last("source", "gone")
    notices.last("source", "gone")
    clock.advance(1e7)
    assert notices.lines() == ("gone",)
    assert notices.clear("source")
    assert not notices.clear("source")
    assert notices.lines() == ()
    assert told == ["gone"]


def test_news_pass() -> None:
    clock = VirtualClock()
    notices = Notices(clock)
    notices.news("size", "smaller now")
    clock.advance(NEWS_S * 1000 - 1)
    assert notices.lines() == ("smaller now",)
    clock.advance(1)
    assert notices.lines() == ()
    assert not notices.clear("size")


def test_one_notice_a_key_the_newer_one_and_in_order() -> None:
    told = list[str]()
    notices = Notices(VirtualClock(), told.append)
    notices.last("a", "first")
    notices.last("b", "second")
    notices.last("a", "third")
    assert notices.lines() == ("third", "second")
    assert told == ["first", "second", "third"]
