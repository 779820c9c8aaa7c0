"""What is installed and what would be: one owner of cv2, a wheel with the phrase book and without the workshop."""

import importlib.util
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import distributions, version
from pathlib import Path

import cv2
import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
FLOORS = ("devices", "vision", "language", "overlay", "pipeline")


def test_one_distribution_owns_cv2() -> None:
    """Three distributions put files into the same folder: two of them together break each other."""
    owners = {
        found.name
        for found in distributions()
        if any(file.parts[:1] == ("cv2",) and file.suffix == ".so" for file in found.files or [])
    }
    assert owners == {"opencv-python-headless"}


def test_cv2_works() -> None:
    assert int(cv2.__version__.split(".")[0]) >= 5
    picture = np.zeros((40, 120, 3), np.uint8)
    cv2.putText(picture, "출구出口", (4, 30), (255, 255, 255), cv2.FontFace("sans"), 24, 400)
    assert (picture > 128).any()
    done, data = cv2.imencode(".jpg", picture)
    assert done
    again = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert again is not None
    assert np.abs(again.astype(int) - picture).mean() < 10


def test_everything_imported_is_a_declared_dependency() -> None:
    """An import that only works because a development tool brings its package breaks on a fresh machine."""
    program = (
        "import sys, importlib, pkgutil\n"
        f"for name in {FLOORS!r}:\n"
        "    package = importlib.import_module(name)\n"
        "    for found in pkgutil.walk_packages(package.__path__, name + '.'):\n"
        "        if '.training' not in found.name:\n"
        "            importlib.import_module(found.name)\n"
        "print('\\n'.join(sorted({name.split('.')[0] for name in sys.modules})))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = set(ran.stdout.split())
    tools = {"click", "psutil", "pytest", "hypothesis", "matplotlib", "sacrebleu", "jiwer", "torch", "mypy", "grimp"}
    assert loaded & tools == set()
    assert {"numpy", "cv2", "av", "rapidfuzz"} <= loaded


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names of the files in a wheel built from a copy of the tracked and new files of this checkout."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        needed = tomllib.load(file)["build-system"]["requires"]
    if importlib.util.find_spec("setuptools") is None:
        pytest.skip("setuptools is not installed: pip install setuptools")
    installed = version("setuptools")
    wanted = next(int(one.split(">=")[1]) for one in needed if one.startswith("setuptools"))
    if int(installed.split(".")[0]) < wanted:
        pytest.skip(f"setuptools {installed} is too old to build: pip install 'setuptools>={wanted}'")
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    if listed.returncode:
        pytest.skip("not a git checkout: the wheel is built from a copy of its files")
    copy, out = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("wheel")
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((ROOT / name).read_bytes())
    words = ["wheel", "--no-deps", "--no-build-isolation", "--no-index", "-q", "-w", str(out), str(copy)]
    built = subprocess.run([sys.executable, "-m", "pip", *words], capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (path,) = out.glob("glossa-*.whl")
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


def test_wheel_has_every_module_and_every_table(wheel: set[str]) -> None:
    for floor in FLOORS:
        for path in (ROOT / floor).rglob("*.py"):
            name = str(path.relative_to(ROOT))
            if "/training/" not in name:
                assert name in wheel
        assert f"{floor}/py.typed" in wheel
    kinds = (".tsv", ".toml", ".table", ".bin", ".json", ".model", ".txt")
    tables = {str(path.relative_to(ROOT)) for floor in FLOORS for path in (ROOT / floor).rglob("*")}
    tables = {name for name in tables if name.endswith(kinds) and "/training/" not in name}
    assert len(tables) > 20
    assert tables - wheel == set()


def test_wheel_has_nothing_of_the_workshop(wheel: set[str]) -> None:
    tops = {name.split("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(FLOORS)
    unwanted = ("/training/", "test_", "conftest", ".part", ".xz", ".pt", "/small_book/")
    assert sorted(name for name in wheel if any(part in name for part in unwanted)) == []


def test_wheel_says_how_it_is_started(wheel: set[str]) -> None:
    (entry,) = (name for name in wheel if name.endswith(".dist-info/entry_points.txt"))
    assert entry
    assert any(name.endswith("/LICENSE") for name in wheel)


def test_every_dependency_has_its_licence_in_the_notice() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    names = {re.split(r"[^A-Za-z0-9_-]", one)[0] for one in asked}
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    told = {name for name in names if re.search(rf"(^|\s){re.escape(name)} +\(?\S", notice)}
    assert names - told == set()
