"""`pip install .` outside the repository, as pipx does it: one name, everything inside, and it runs from any folder."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from services.runtime.settings import REPOSITORY
from services.version import VERSION

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built with what is here and nothing asked of any network; the tree stays as it was."""
    folder = tmp_path_factory.mktemp("wheel")
    (folder / "elsewhere.cfg").write_text(f"[build]\nbuild_base={folder}/build\n[egg_info]\negg_base={folder}\n")
    pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder), str(REPOSITORY),
        DIST_EXTRA_CONFIG=str(folder / "elsewhere.cfg"))  # fmt: skip
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def vestka(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The command of a fresh environment that has the dependencies, but nothing of this tree; run in an empty folder
    but for a `services` of somebody else's."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home / "venv", with_pip=False)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(home / "venv")}))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    python = home / "venv" / "bin" / "python"
    pip("--python", str(python), "install", "--no-deps", "--no-index", str(wheel))
    (home / "empty" / "services").mkdir(parents=True)
    (home / "empty" / "services" / "__init__.py").write_text("raise SystemExit('this is not ours')\n")

    def run(*words: str, program: str = "vestka", **environment: str) -> subprocess.CompletedProcess[str]:
        clean = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", **environment}
        return subprocess.run(
            [str(python.with_name(program)), *words],
            cwd=home / "empty", env=clean, capture_output=True, text=True, check=False,
        )  # fmt: skip

    return run


def pip(*words: str, **environment: str) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *words]
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_wheel_installs_one_name_and_holds_every_file_that_the_code_reads(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    assert {name.partition("/")[0] for name in held} == {"vestka", f"vestka-{VERSION}.dist-info"}
    folders = [REPOSITORY / "services", REPOSITORY / "templates", REPOSITORY / "infra" / "schemas"]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    files += [*(REPOSITORY / "infra").glob("*.yaml"), REPOSITORY / "infra" / "settings.env"]
    assert len(files) > 400
    assert {f"vestka/{path.relative_to(REPOSITORY)}" for path in files} - held == set()
    assert f"vestka-{VERSION}.dist-info/licenses/LICENSE" in held
    assert not [name for name in held if "secrets" in name or "/tests/" in name or "/test_" in name]


def test_nobody_else_finds_a_package_of_ours_but_vestka(vestka: Run) -> None:
    asked = "import importlib.util as u; print([bool(u.find_spec(n)) for n in ('vestka', 'services', 'templates')])"
    assert vestka("-P", "-c", asked, program="python").stdout == "[True, False, False]\n"


def test_it_says_its_version_by_script_and_by_module(vestka: Run) -> None:
    for done in (vestka("--version"), vestka("-m", "vestka", "--version", program="python")):
        assert (done.returncode, done.stdout) == (0, f"vestka {VERSION}\n"), done.stderr


def test_it_reads_its_configuration_and_an_article(vestka: Run, tmp_path: Path) -> None:
    webhooks = {"VESTKA_CHANNELS__WEBHOOK__DEADLINE": "15", "VESTKA_PUBLIC_URL": "https://alerts.example.org"}
    checked = vestka("check-config", VESTKA_STATE_DIR=str(tmp_path), **webhooks)
    assert checked.returncode == 0, checked.stderr
    assert "https://alerts.example.org/stop/" in checked.stdout
    none = vestka("check-config", VESTKA_STATE_DIR=str(tmp_path))
    assert none.returncode == 2
    page = Path(none.stderr.split()[-1])
    assert page.name == "settings.env"
    assert page.is_file(), "where it sends whoever has to change something"
    read = vestka("extract", str(REPOSITORY / "services" / "demo" / "article.txt"))
    assert read.returncode == 0, read.stderr
    assert "pardoned " in read.stdout


def test_the_demo_takes_the_whole_road_and_shows_each_message(vestka: Run) -> None:
    done = vestka("demo", "--once", VESTKA_READING_WARM="false", VESTKA_READING_DEADLINE="60")
    assert done.returncode == 0, done.stderr
    for sign in ("20 people pardoned", "20 человек", "signature verified", "/inbox/1", "/telegram", "/webhooks/1"):
        assert sign in done.stdout
