"""No pickle is ever loaded: not in our sources, and not while models are looked at, listed, verified and run."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = ("devices", "vision", "language", "overlay", "pipeline")
_MODULES = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "torch"}
_CALLS = {"allow_pickle", "read_pickle", "load_module", "trust_remote_code", "unsafe_load", "full_load"}


def sources() -> list[Path]:
    """Everything that is installed; the workshop, where the translator is trained, is not."""
    return [path for floor in FLOORS for path in (ROOT / floor).rglob("*.py") if "training" not in path.parts]


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_sources_open_no_pickle(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert not {alias.name.split(".")[0] for alias in node.names} & _MODULES
        elif isinstance(node, ast.ImportFrom):
            assert (node.module or "").split(".")[0] not in _MODULES
        elif isinstance(node, ast.Name):
            assert node.id not in {"eval", "exec", "compile", "__import__"}
        elif isinstance(node, ast.keyword):
            assert node.arg not in _CALLS
        elif isinstance(node, ast.Attribute):
            assert node.attr not in _CALLS


_WATCH = """
import sys
def watch(event, arguments):
    if event == "pickle.find_class":
        sys.stderr.write(f"PICKLE {arguments}\\n")
        sys.stderr.flush()
        import os
        os._exit(99)
sys.addaudithook(watch)
"""


def test_the_watch_itself_bites() -> None:
    deed = "import pickle; pickle.loads(b'\\x80\\x04\\x8c\\x02os\\x8c\\x06system\\x93.')"
    ended = subprocess.run([sys.executable, "-c", _WATCH + deed], capture_output=True, text=True, check=False)
    assert ended.returncode == 99


@pytest.mark.models
def test_no_pickle_while_models_are_added_and_run(tmp_path: Path) -> None:
    program = _WATCH + (
        "from pathlib import Path\n"
        "from devices.store import Store\n"
        "from devices.store.adding import Own, add_own\n"
        "from vision.text.models import RECOGNISER, model_path\n"
        "from vision.text.engine import load_network\n"
        "import numpy as np\n"
        f"store = Store(Path({str(tmp_path)!r}))\n"
        "add_own(store, model_path(RECOGNISER), Own('mine', 'text'))\n"
        "assert store.verify('mine') == []\n"
        "load_network(store.path('mine'), threads=1)(np.zeros((1, 3, 48, 320), np.float32))\n"
        "print('done')\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT)
    assert ended.stdout.strip() == "done", ended.stderr
