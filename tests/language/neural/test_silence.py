"""Loading and running a network opens no connection and writes no file, in Python and below it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
_PROGRAM = """
import os, sys

def watch(event, arguments):
    writes = event == "open" and isinstance(arguments[1], str) and any(letter in arguments[1] for letter in "wxa+")
    if event.startswith("socket.") or writes or event == "subprocess.Popen":
        sys.stderr.write(f"REFUSED {event} {arguments}")
        os._exit(99)

sys.addaudithook(watch)
sys.dont_write_bytecode = True
from pathlib import Path
from language.neural import NeuralTranslator
print(NeuralTranslator(Path(sys.argv[1])).translate(["출구"], source="ko", to="en")[0].engine)
"""


@pytest.mark.e2e
def test_no_connection_and_no_file(folder: Path, tmp_path: Path) -> None:
    log = tmp_path / "calls"
    watch = ["strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg,socket", "-o", str(log)]
    if shutil.which("strace") is None or subprocess.run([*watch, "true"], check=False).returncode:
        watch = []
    before = sorted(path.stat().st_mtime_ns for path in folder.iterdir())
    ended = subprocess.run(
        [*watch, sys.executable, "-c", _PROGRAM, str(folder)],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout.strip()) == (0, "glossa"), ended.stderr
    assert sorted(path.stat().st_mtime_ns for path in folder.iterdir()) == before
    if watch:
        assert "AF_INET" not in log.read_text()
