"""Nothing leaves the machine, and nothing is written but what was asked for and the cache."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.pipeline.films import Board, wall, write_clip
from vision.text.engine import installed_engines

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[1]

# Put before the program: sockets are refused, and every file opened for writing outside of the allowed folders is too.
_GUARD = """
import os, sys

allowed = tuple(os.path.realpath(p) for p in sys.argv[1].split(os.pathsep))
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

def refuse(what):
    sys.stderr.write(f"REFUSED {what}\\n")
    sys.stderr.flush()
    os._exit(99)

def watch(event, arguments):
    if event.startswith(("socket.", "urllib.", "http.", "smtplib.", "ftplib.")) and event != "socket.gethostname":
        refuse((event, arguments))
    elif event == "open" and isinstance(arguments[0], (str, bytes)):
        path, mode, flags = arguments
        writing = any(letter in mode for letter in "wxa+") if mode else bool(flags & WRITING)
        where = os.path.realpath(os.fsdecode(path))
        if writing and where != os.devnull and not where.startswith(allowed):
            refuse((event, arguments))
    elif event in ("os.mkdir", "os.rename", "os.symlink", "os.link", "os.remove", "os.truncate"):
        where = os.fsdecode(arguments[1 if event in ("os.rename", "os.symlink", "os.link") else 0])
        if event == "os.remove" and arguments[1] >= 0:  # relative to an open folder
            where = os.path.join(os.readlink(f"/proc/self/fd/{arguments[1]}"), where)
        where = os.path.realpath(where)
        if not where.startswith(allowed):
            refuse((event, arguments))
    elif event == "subprocess.Popen" and arguments[0] == "uname":
        pass  # Python's own way to the name of the processor
    elif event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"):
        refuse((event, arguments))

sys.addaudithook(watch)
sys.dont_write_bytecode = True
"""
_RUN = "from pipeline.cli import main\nsys.exit(main(sys.argv[2:]))\n"
_PROGRAM = _GUARD + _RUN
_HURRY = """
import pipeline.cli_tune
from pipeline.live.tuning import tune
tune.QUICK = tune.Care(runs=1, rounds=1, every_thread_count=False, int8=False)
tune.EFFORTS = {"least": tune.EFFORTS["least"]}
pipeline.cli_tune._DRAWN_QUICKLY = 1
"""
"""Makes `glossa tune --quick` quick enough for a test: each way once, in one size."""


def everything(*folders: Path) -> dict[Path, tuple[int, int]]:
    """Every file below the folders with its size and time: native code writes past Python's hooks."""
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in files}


def run_guarded(
    home: Path, results: Path, *words: object, under: tuple[str, ...] = (), program: str = _PROGRAM
) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own with an empty home; may write `results` and the cache."""
    cache = home / ".cache"
    # Without the switches that silence libraries on a build server: they must be silent on a wearer's machine.
    surroundings = {key: value for key, value in os.environ.items() if key in ("PATH", "LANG", "LC_ALL")}
    surroundings |= {"HOME": str(home), "XDG_CACHE_HOME": str(cache), "TMPDIR": str(home / "tmp")}
    (home / "tmp").mkdir(parents=True, exist_ok=True)
    allowed = os.pathsep.join([str(results), str(cache)])
    return subprocess.run(
        [*under, sys.executable, "-c", program, allowed, *map(str, words)],
        capture_output=True, text=True, check=False, cwd=ROOT, env=surroundings,
    )  # fmt: skip


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a clip and a photo."""
    folder = tmp_path_factory.mktemp("scene")
    picture = wall(400, 260, [Board("出口", (60, 60, 240, 120))])
    for path in (folder / "sign.png", folder / "pictures" / "sign.png"):
        path.parent.mkdir(exist_ok=True)
        cv2.imwrite(str(path), np.ascontiguousarray(picture[:, :, ::-1]))
    return write_clip(folder / "clip.mp4", [picture] * 4, sound=True).parent


@pytest.mark.parametrize("command", ["video", "photo", "live", "translate", "tune", "doctor"])
def test_no_network_and_no_file_elsewhere(scene: Path, tmp_path: Path, command: str) -> None:
    home, results = tmp_path / "home", tmp_path / "results"
    results.mkdir()
    words: dict[str, list[object]] = {
        "video": ["video", scene / "clip.mp4", "-o", results / "o.mp4", "--findings", results / "f.jsonl",
                  "--subtitles", results / "s.srt", "--to", "en"],
        "photo": ["photo", scene / "sign.png", "-o", results / "out", "--findings", results / "f.jsonl", "--to", "en"],
        "live": ["live", "--source", scene / "clip.mp4", "--display", "none", "--no-realtime", "--to", "en",
                 "--record", results / "f.jsonl", "--trace", results / "t.json"],
        "translate": ["translate", "出口", "Nur für Gäste", "--to", "en"],
        "tune": ["tune", "--quick", "--pictures", scene / "pictures"],
        "doctor": ["doctor"],
    }  # fmt: skip
    before = everything(scene)
    program = _GUARD + _HURRY + _RUN if command == "tune" else _PROGRAM
    ended = run_guarded(home, results, *words[command], program=program)
    assert ended.returncode == 0, ended.stderr
    expected = {
        "video": {"o.mp4", "f.jsonl", "s.srt"},
        "photo": {"out/sign.en.png", "f.jsonl"},
        "live": {"f.jsonl", "t.json"},
    }
    written = {str(path.relative_to(results)) for path in results.rglob("*") if path.is_file()}
    assert written == expected.get(command, set())
    assert everything(scene) == before
    outside = {path.relative_to(home).parts[:2] for path in everything(home)}
    assert outside <= {(".cache", "glossa")}
    said = {"doctor": "translation memory", "translate": "Exit", "tune": "remembered in", "live": ""}
    assert said.get(command, "") in ended.stdout


@pytest.mark.parametrize(
    "deed",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')",
        "open('/tmp/glossa-must-not-be-written', 'w')",
        "import os; os.mkdir('/tmp/glossa-must-not-be-made')",
        "import subprocess; subprocess.run(['curl'])",
    ],
)
def test_the_guard_itself_bites(tmp_path: Path, deed: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _GUARD + deed, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 99
    assert "REFUSED" in ended.stderr


def test_a_playlist_does_not_lead_to_the_network(tmp_path: Path) -> None:
    path = tmp_path / "film.m3u8"
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n")
    ended = run_guarded(tmp_path / "home", tmp_path, "video", path, "-o", tmp_path / "o.mp4", "--to", "en")
    assert ended.returncode == 1
    assert ended.stderr.startswith("glossa: ")
    assert not (tmp_path / "o.mp4").exists()


@pytest.mark.parametrize("command", [*installed_engines(), "live", "translate"])
def test_native_libraries_open_no_connection(scene: Path, tmp_path: Path, command: str) -> None:
    """Python's hooks do not see what C++ does: the system calls are watched."""
    log = tmp_path / "calls"
    watch = ("strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg,socket", "-o", str(log))
    if shutil.which("strace") is None or subprocess.run([*watch, "true"], check=False).returncode:
        pytest.skip("system calls cannot be watched here: sudo apt-get install strace")
    words: dict[str, list[object]] = {
        "live": ["live", "--source", scene / "clip.mp4", "--display", "none", "--no-realtime", "--to", "en"],
        "translate": ["translate", "츠비 콸라", "--to", "en"],
    }
    photo: list[object] = ["photo", scene / "sign.png", "-o", tmp_path / "out", "--to", "en", "--reader", command]
    ended = run_guarded(tmp_path / "home", tmp_path, *words.get(command, photo), under=watch)
    assert ended.returncode == 0, ended.stderr
    outward = [line for line in log.read_text().splitlines() if "AF_INET" in line]
    assert outward == []
