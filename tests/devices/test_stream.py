"""Streams for real: a server on this machine, FFmpeg on the other side; cut, restarted, silent, of another size."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import av
import pytest

import devices.player
import devices.stream
from devices import InputError
from devices.clock import SystemClock
from devices.player import Player, Playing
from devices.sources import source_named
from devices.stream import Stream, without_secrets
from tests.devices.playing import PATIENCE_S, Log
from tests.devices.serving import Server

if TYPE_CHECKING:
    from tests.devices.conftest import ClipMaker

FRAMES = 24


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices.player, "PAUSES_S", (0.01,))


def recording(clip: ClipMaker, name: str, size: tuple[int, int] = (64, 48)) -> bytes:
    times_ms = tuple(n * 40.0 for n in range(FRAMES))
    return clip(name, container="mpegts", size=size, times_ms=times_ms, gop=4).read_bytes()


def watch(address: str, log: Log) -> Player:
    player = Player(Stream(address), log, clock=SystemClock(), playing=Playing())
    player.open()
    player.start()
    return player


@pytest.mark.parametrize("http", [False, True])
def test_a_stream_is_cut_and_comes_back(clip: ClipMaker, http: bool) -> None:
    data, log = recording(clip, "a.ts"), Log()
    with Server([data, data], http=http) as server:
        player = watch(server.address, log)
        log.wait_until(lambda log: log.kinds().count("trouble") >= 2)
        assert player.stop(PATIENCE_S)
    assert len(log.frames) >= 2 * (FRAMES - 4)
    assert clip.count_of(log.frames[0].rgb) == 0
    numbers = [one.stamp.seq for one in log.frames]
    assert numbers == sorted(set(numbers))
    assert all(a.stamp.captured_ns <= b.stamp.captured_ns for a, b in zip(log.frames, log.frames[1:], strict=False))
    (_, first), *_ = log.said
    assert first.startswith(f"{server.address}: ")
    assert first.endswith("Trying again in 0.01 s.")


def test_a_stream_cut_in_the_middle_of_a_picture(clip: ClipMaker) -> None:
    data, log = recording(clip, "a.ts"), Log()
    with Server([data[: len(data) * 2 // 3], data]) as server:
        player = watch(server.address, log)
        log.wait_until(lambda log: log.kinds().count("trouble") >= 2)
        assert player.stop(PATIENCE_S)
    assert len(log.frames) > FRAMES
    assert set(log.kinds()) <= {"trouble", "news"}


@pytest.mark.parametrize("again", [False, True])
def test_a_stream_changes_its_size(clip: ClipMaker, again: bool) -> None:
    """Within one connection, and between two."""
    small, large, log = recording(clip, "a.ts"), recording(clip, "b.ts", (96, 64)), Log()
    with Server([small, large] if again else [small + large]) as server:
        player = watch(server.address, log)
        log.wait_until(lambda log: log.kinds().count("trouble") >= 1 + again)
        assert player.stop(PATIENCE_S)
    widths = [one.rgb.shape[1] for one in log.frames]
    assert widths == sorted(widths)
    assert set(widths) == {64, 96}


def test_rubbish_in_a_stream_is_skipped(clip: ClipMaker) -> None:
    data, log = recording(clip, "a.ts"), Log()
    middle = len(data) // 2 // 188 * 188
    with Server([data[:middle] + bytes(range(256)) * 8 + data[middle:]]) as server:
        player = watch(server.address, log)
        log.wait_until(lambda log: "trouble" in log.kinds())
        assert player.stop(PATIENCE_S)
    assert len(log.frames) > FRAMES // 2
    assert "ended" not in log.kinds()


def test_a_server_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices.stream, "OPEN_WITHIN_S", 0.2)
    with Server([None]) as server, pytest.raises(InputError, match="does not answer"):
        Stream(server.address).open()


def test_a_stream_without_pictures(clip: ClipMaker) -> None:
    with Server([b"this is no stream at all\n" * 400]) as server, pytest.raises(InputError, match=r"127\.0\.0\.1"):
        Stream(server.address).open()


def test_nobody_there() -> None:
    with Server([]) as server:
        address = server.address
    with pytest.raises(InputError, match="Connection refused"):
        Stream(address).open()


def test_a_recording_is_told_from_a_live_stream(clip: ClipMaker) -> None:
    """A clip on a server knows how long it is: it is played at its own speed; a live stream is shown as it comes."""
    with av.open(str(clip("clip.mp4"))) as recorded:
        assert devices.stream.is_recorded(recorded)
    with Server([recording(clip, "a.ts")]) as server:
        live = Stream(server.address).open()
        assert not live.paced
        live.close()


def test_passwords_stay_out_of_names() -> None:
    assert without_secrets("rtsp://me:pass@cam.local:554/live?key=1#x") == "rtsp://cam.local:554/live"
    assert without_secrets("http://[::1]:80/a") == "http://[::1]:80/a"
    assert without_secrets("rtsp://me:pass@cam:nonsense/") == "rtsp://..."
    assert Stream("rtsp://me:pass@cam.local/live").name == "rtsp://cam.local/live"


def test_an_unknown_kind_of_address() -> None:
    with pytest.raises(InputError, match=r"gopher://x/: .*rtsp://"):
        source_named("gopher://me:pass@x/")


def test_a_stream_may_not_lead_to_a_file(clip: ClipMaker) -> None:
    """A playlist that names a file of the wearer's machine is refused."""
    secret = clip("secret.ts", container="mpegts")
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{secret}\n#EXT-X-ENDLIST\n".encode()
    with Server([playlist] * 3, http=True) as server, pytest.raises(InputError):
        Stream(server.address.replace("stream.ts", "list.m3u8")).open()


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        return int(gone.getsockname()[1])


@pytest.mark.parametrize("kind", ["http", "rtsp", "rtmp"])
def test_that_nobody_listens_is_known_before_anything_is_opened(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("http_proxy", raising=False)
    monkeypatch.delenv("all_proxy", raising=False)
    stream = Stream(f"{kind}://user:secret@127.0.0.1:{closed_port()}/live?key=1")
    with pytest.raises(InputError, match=r"127\.0\.0\.1:\d+/live: cannot be opened \(Connection refused\)") as raised:
        stream.check()
    assert "secret" not in str(raised.value)
    with socket.create_server(("127.0.0.1", 0)) as there:
        Stream(f"{kind}://127.0.0.1:{there.getsockname()[1]}/live").check()
    monkeypatch.setenv("http_proxy", "http://proxy:3128")
    stream.check()


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:{}/", "udp://127.0.0.1:{}"])
def test_a_raw_stream_is_not_knocked_at(address: str) -> None:
    Stream(address.format(closed_port())).check()


@pytest.mark.parametrize("address", ["http://127.0.0.1:99999/", "http://[broken/", "rtsp:///nowhere"])
def test_an_address_that_makes_no_sense_is_one_sentence(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("http_proxy", raising=False)
    with pytest.raises(InputError):
        Stream(address).check()


@pytest.mark.parametrize("given", ["", "  "])
def test_nothing_is_no_source(given: str) -> None:
    with pytest.raises(InputError, match="--source 0"):
        source_named(given)
