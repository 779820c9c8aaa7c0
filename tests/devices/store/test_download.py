"""Downloads from a real server on this machine that drops, lies, and serves something else."""

import random
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from devices import FetchError, OutputError
from devices.store.answers import ChangedError, Wanted
from devices.store.download import fetch, open_session
from tests.devices.store.model_server import ModelServer

DATA = random.Random(1).randbytes(600_000)
SHA = sha256(DATA).hexdigest()


class Waits:
    """Waits for nobody, and remembers how long it would have."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
def waits() -> Waits:
    return Waits()


Get = Callable[..., str]


@pytest.fixture
def get(server: ModelServer, tmp_path: Path, waits: Waits) -> Get:
    """`get(manner, known=True, size=True)` fetches DATA in that manner into part.bin."""
    server.files["model.bin"] = DATA

    def run(manner: str, *, known: bool = True, size: bool = True, most: int = len(DATA) * 2) -> str:
        wanted = Wanted(server.url(manner), SHA if known else "", len(DATA) if size else None, most)
        with open_session() as session:
            return fetch(wanted, tmp_path / "part.bin", session, sleep=waits)

    return run


def part(tmp_path: Path) -> bytes:
    path = tmp_path / "part.bin"
    return path.read_bytes() if path.exists() else b""


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("size", [True, False])
def test_a_good_server(get: Get, tmp_path: Path, known: bool, size: bool) -> None:
    assert get("good", known=known, size=size) == SHA
    assert part(tmp_path) == DATA
    assert [path.name for path in tmp_path.iterdir()] == ["part.bin"]


def test_progress_counts_the_bytes(server: ModelServer, tmp_path: Path, waits: Waits) -> None:
    server.files["model.bin"] = DATA
    seen: list[int] = []
    with open_session() as session:
        fetch(Wanted(server.url("cut"), SHA, None, len(DATA)), tmp_path / "p", session, seen.append, waits)
    assert seen == sorted(seen)
    assert seen[-1] == len(DATA)


@pytest.mark.parametrize("known", [True, False])
def test_a_link_that_drops_is_taken_up_where_it_was(get: Get, server: ModelServer, tmp_path: Path, known: bool) -> None:
    assert get("cut", known=known) == SHA
    assert part(tmp_path) == DATA
    third = len(DATA) // 3 + 1
    assert server.ranges() == ["", f"bytes={third}-", f"bytes={2 * third}-"]
    assert server.asked[1][1]["if-range"] == '"first"'


def test_the_next_call_goes_on(get: Get, server: ModelServer, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="kept, the same command goes on from there"):
        get("dead")
    assert part(tmp_path) == DATA[:100]
    assert get("good") == SHA
    assert server.ranges()[-1] == "bytes=100-"


def test_it_gives_up_after_waiting_longer_and_longer(get: Get, waits: Waits) -> None:
    with pytest.raises(FetchError, match="6 times in a row"):
        get("down")
    assert waits.seconds == [1, 2, 4, 8, 16]


def test_without_hash_and_mark_a_half_is_not_joined_to_another(get: Get, server: ModelServer, tmp_path: Path) -> None:
    server.etag = ""
    (tmp_path / "part.bin").write_bytes(b"of another version")
    assert get("good", known=False) == SHA
    assert server.ranges() == [""]


def test_another_version_since_the_first_half(get: Get, server: ModelServer, tmp_path: Path) -> None:
    with pytest.raises(FetchError):
        get("dead", known=False)
    server.etag = '"second"'
    server.files["model.bin"] = data = bytes(reversed(DATA))
    assert get("good", known=False) == sha256(data).hexdigest()
    assert part(tmp_path) == data


def test_a_damaged_half_is_begun_again_once(get: Get, server: ModelServer, tmp_path: Path) -> None:
    (tmp_path / "part.bin").write_bytes(bytes(1000))
    assert get("good") == SHA
    assert server.ranges() == ["bytes=1000-", ""]


def test_a_part_that_is_whole_is_not_fetched(get: Get, server: ModelServer, tmp_path: Path) -> None:
    (tmp_path / "part.bin").write_bytes(DATA)
    assert get("good") == SHA
    assert server.asked == []
    assert get("good", size=False) == SHA
    assert server.ranges() == [f"bytes={len(DATA)}-"]  # 416: nothing after it


def test_a_part_that_is_too_long(get: Get, tmp_path: Path) -> None:
    (tmp_path / "part.bin").write_bytes(DATA + b"more")
    assert get("good") == SHA
    assert part(tmp_path) == DATA


@pytest.mark.parametrize("manner", ["unranged", "shifted"])
@pytest.mark.parametrize("known", [True, False])
def test_servers_that_ignore_ranges_or_answer_others(get: Get, tmp_path: Path, manner: str, known: bool) -> None:
    assert get(manner, known=known) == SHA
    assert part(tmp_path) == DATA


def test_wrong_bytes_are_thrown_away(get: Get, tmp_path: Path) -> None:
    with pytest.raises(ChangedError, match=SHA):
        get("wrong")
    assert part(tmp_path) == b""


@pytest.mark.parametrize("manner", ["long", "short", "login"])
def test_lies_about_the_size_are_seen_before_anything_is_taken(get: Get, tmp_path: Path, manner: str) -> None:
    with pytest.raises(ChangedError, match="expected 600000 bytes"):
        get(manner)
    assert part(tmp_path) == b""


def test_a_lie_about_the_size_that_nobody_can_compare(get: Get, tmp_path: Path, waits: Waits) -> None:
    with pytest.raises(FetchError, match=r"drop|broken"):
        get("long", known=False, size=False)
    with pytest.raises(ChangedError):
        get("short", size=False)


def test_nothing_endless_is_taken(get: Get, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="more than the 1000000 bytes"):
        get("endless", known=False, size=False, most=1_000_000)
    assert part(tmp_path) == b""


def test_larger_than_announced_in_the_catalogue(get: Get, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="no more than"):
        get("good", known=False, size=False, most=1000)
    assert part(tmp_path) == b""


def test_chunks_have_an_end_of_their_own(get: Get, tmp_path: Path) -> None:
    assert get("chunked", known=False, size=False) == SHA
    assert part(tmp_path) == DATA


def test_a_half_without_any_length(get: Get) -> None:
    with pytest.raises(FetchError, match="a half would look whole"):
        get("unmeasured", known=False, size=False)
    with pytest.raises(FetchError, match=r"dropped after 0\.3 MB"):
        get("unmeasured", known=False)


def test_packing_that_nobody_asked_for(get: Get) -> None:
    with pytest.raises(FetchError, match="packs the file"):
        get("packed")


def test_a_busy_server_is_given_the_time_it_asks_for(get: Get, waits: Waits) -> None:
    assert get("busy") == SHA
    assert waits.seconds == [7, 7]


def test_a_server_that_stumbles(get: Get, waits: Waits) -> None:
    assert get("broken") == SHA
    assert waits.seconds == [1]


@pytest.mark.parametrize(("manner", "words"), [("missing", "404.*not there"), ("forbidden", "403.*with a browser")])
def test_what_no_second_try_helps(get: Get, server: ModelServer, manner: str, words: str) -> None:
    with pytest.raises(FetchError, match=words):
        get(manner)
    assert len(server.asked) == 1


def test_no_server_at_all(tmp_path: Path, waits: Waits) -> None:
    with ModelServer() as gone:
        url = gone.url("good")
    with open_session() as session, pytest.raises(FetchError, match=r"the link is broken .*refused"):
        fetch(Wanted(url, SHA, None, 10), tmp_path / "p", session, sleep=waits)
    assert not (tmp_path / "p").exists()


def test_redirects_are_followed_without_cookies(get: Get, server: ModelServer) -> None:
    assert get("moved") == SHA
    assert get("moved", known=False) == SHA
    assert all("cookie" not in headers for _, headers in server.asked)


def test_redirects_in_a_circle(get: Get) -> None:
    with pytest.raises(FetchError, match="circle"):
        get("circle")


@pytest.mark.parametrize(
    "away", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://you:me@127.0.0.1/x", "http://[::1"]
)
def test_redirects_to_what_is_not_fetched(get: Get, server: ModelServer, away: str) -> None:
    server.away = away
    with pytest.raises(FetchError, match="redirects to"):
        get("away")


def test_unknown_bytes_come_from_no_other_server(get: Get, server: ModelServer) -> None:
    with ModelServer() as other:
        other.files["model.bin"] = DATA
        server.away = other.url("good").replace("127.0.0.1", "localhost")
        with pytest.raises(FetchError, match="nobody knows yet what the file must be"):
            get("away", known=False)
        assert other.asked == []
        assert get("away") == SHA


def test_no_passwords_of_the_person_are_sent(
    get: Get, server: ModelServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    get("good")
    assert all("authorization" not in headers for _, headers in server.asked)


def test_the_proxy_of_the_environment_is_asked(
    server: ModelServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.files["model.bin"] = DATA
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.server_port}")
    with open_session() as session:
        fetch(Wanted("http://models.example/good/model.bin", SHA, None, len(DATA)), tmp_path / "p", session)
    assert server.asked[0][0] == "http://models.example/good/model.bin"
    assert (tmp_path / "p").read_bytes() == DATA


@pytest.fixture
def little_room() -> Iterator[int]:
    """No file may become larger than 0.2 MB, as on a disk that is full."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
    yield 200_000
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk(get: Get, tmp_path: Path, little_room: int) -> None:
    with pytest.raises(OutputError, match=r"writing stopped .* of about|writing stopped"):
        get("good")
    assert DATA.startswith(part(tmp_path))
    assert 0 < len(part(tmp_path)) <= little_room


def test_a_folder_that_may_not_be_written(server: ModelServer, tmp_path: Path) -> None:
    server.files["model.bin"] = DATA
    with open_session() as session, pytest.raises(OutputError, match="cannot be written"):
        fetch(Wanted(server.url("good"), SHA, None, len(DATA)), tmp_path / "no" / "p", session)
