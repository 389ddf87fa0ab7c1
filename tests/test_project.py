"""What surrounds the code: the sdist and the wheel, the pages and their links, the workflow."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
import textwrap
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

import autograd

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
URLS = PROJECT["project"]["urls"]
HOME = URLS["Homepage"]
RAW = HOME.replace("https://github.com", "https://raw.githubusercontent.com") + "/main/"
SETUPTOOLS = (77, "the packaging of this project needs setuptools 77 or newer")
LINK = re.compile(r"\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$", re.MULTILINE)
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
BUILD = """
from setuptools import build_meta
build_meta.build_sdist("dist")
build_meta.build_wheel("dist")
"""


def files_of_the_checkout() -> list[str]:
    """The files that belong to the project: those that git knows, or, where there is no git (in an
    unpacked sdist), those that .gitignore does not name."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        command = ["git", "ls-files", "-z", "--cached"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if listed.returncode == 0:
            return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    ignored = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text("utf-8").splitlines()]
    ignored += [".git", "PKG-INFO", "setup.cfg"]
    paths = [path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file()]
    kept = [path for path in paths if not any(p.match(i) for p in lineage(path) for i in ignored)]
    return [path.as_posix() for path in kept]


def lineage(path: Path) -> list[Path]:
    """A path and the folders that hold it."""
    return [path, *path.parents[:-1]]


def has_setuptools() -> bool:
    """Whether a setuptools that can build the project is installed here."""
    try:
        return int(metadata.version("setuptools").split(".")[0]) >= SETUPTOOLS[0]
    except metadata.PackageNotFoundError:
        return False


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[set[str], set[str]]:
    """The files of the sdist and of the wheel, built from a copy of the checkout."""
    if not has_setuptools():
        pytest.skip(SETUPTOOLS[1])
    copy = tmp_path_factory.mktemp("checkout")
    for name in files_of_the_checkout():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, copy / name)
    (copy / "dist").mkdir()
    subprocess.run([sys.executable, "-c", BUILD], cwd=copy, capture_output=True, check=True)
    with tarfile.open(next(copy.glob("dist/*.tar.gz"))) as sdist:
        inside = {m.name.partition("/")[2] for m in sdist.getmembers() if m.isfile()}
    with zipfile.ZipFile(next(copy.glob("dist/*.whl"))) as wheel:
        return inside, set(wheel.namelist())


def test_the_sdist_has_every_file_of_the_checkout(built: tuple[set[str], set[str]]) -> None:
    missing = set(files_of_the_checkout()) - built[0]
    assert not missing, f"name these in MANIFEST.in: {sorted(missing)}"
    extra = {name for name in built[0] - set(files_of_the_checkout()) if ".egg-info/" not in name}
    assert extra == {"PKG-INFO", "setup.cfg"}


def test_the_wheel_has_every_file_of_the_packages(built: tuple[set[str], set[str]]) -> None:
    packaged = {name for name in built[1] if ".dist-info/" not in name}
    owned = {n for n in files_of_the_checkout() if n.startswith(("autograd/", "nn/"))}
    assert packaged == owned
    assert {"autograd/py.typed", "nn/py.typed"} <= packaged


def links_of(page: Path) -> list[str]:
    """Where a page points to, code left out."""
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    return [inline or defined for inline, defined in LINK.findall(text)]


def file_behind(link: str) -> Path | None:
    """The file of the checkout that an absolute link shows; None for a link elsewhere."""
    for prefix in (f"{HOME}/blob/main/", f"{HOME}/tree/main/", RAW):
        if link.startswith(prefix):
            return ROOT / link.removeprefix(prefix).partition("#")[0]
    return None


def test_links_of_the_readme_are_absolute_and_lead_to_files() -> None:
    links = links_of(ROOT / "README.md")
    assert all(link.startswith("https://") for link in links)
    ours = [link for link in links if "/valuegrad/" in link]
    assert len(ours) >= 8
    for link in [*ours, URLS["Documentation"], URLS["Changelog"]]:
        path = file_behind(link)
        assert path is not None and path.exists(), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_to_files(page: Path) -> None:
    for link in links_of(page):
        if link.startswith(("https://", "#")):
            path = file_behind(link)
        else:
            path = page.parent / link.partition("#")[0]
        assert path is None or path.exists(), link


def test_every_reference_of_the_readme_is_defined() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    defined = set(re.findall(r"^\[([^\]]+)\]: ", text, re.MULTILINE))
    prose = re.sub(r"```.*?```|^    .*?$|`[^`]*`", "", text, flags=re.DOTALL | re.MULTILINE)
    used = set(re.findall(r"\[([a-z]+)\](?![(:\[])", prose))
    assert used == defined


def test_project_urls() -> None:
    assert set(URLS) == {"Homepage", "Documentation", "Source", "Issues", "Changelog"}
    assert all(url.startswith(HOME) for url in URLS.values())


def test_one_version() -> None:
    version = PROJECT["project"]["version"]
    assert autograd.__version__ == version
    assert f"\n## {version} (" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_the_workflow_runs_the_command_of_the_readme_on_every_version() -> None:
    text = (ROOT / ".github" / "workflows" / "test.yml").read_text("utf-8")
    command = "run.py test"
    assert f"python3 {command}" in (ROOT / "README.md").read_text("utf-8")
    assert f"python3 {command}" in (ROOT / ".ci" / "run").read_text("utf-8")
    assert f"- run: python {command}\n" in text
    prefix = "Programming Language :: Python :: 3."
    classifiers = [c for c in PROJECT["project"]["classifiers"] if c.startswith(prefix)]
    versions = ", ".join(f'"{c.rpartition(" ")[2]}"' for c in classifiers)
    assert f"python: [{versions}]" in text
    assert PROJECT["project"]["requires-python"] == f">={versions.split(', ')[0][1:-1]}"
    for system in ("ubuntu", "macos", "windows"):
        assert f"{system}-latest" in text


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-optional.txt", "requirements-docs.txt"]
)
def test_requirements_are_pinned(name: str) -> None:
    for line in (ROOT / name).read_text("utf-8").splitlines():
        package = line.partition("#")[0].strip()
        assert not package or re.fullmatch(r"[\w.-]+==[\w.]+", package), line


def test_the_hooks_use_pinned_tools() -> None:
    text = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    tools = re.findall(r"entry: python run.py python -m (\w+)", text)
    assert tools == ["ruff", "ruff", "mypy"]
    pinned = (ROOT / "requirements.txt").read_text("utf-8")
    assert all(f"\n{tool}==" in pinned for tool in tools)


def test_the_examples_of_contributing_run() -> None:
    """In a process of their own: a rule that they add must not be found by other tests."""
    command = [sys.executable, "-m", "doctest", "-o", "NORMALIZE_WHITESPACE", "-o", "ELLIPSIS"]
    page = ROOT / "CONTRIBUTING.md"
    done = subprocess.run([*command, page], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert page.read_text("utf-8").count(">>>") > 15


def test_code_quoted_in_contributing_is_that_of_the_library() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    blocks = re.findall(r"^ *```python\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE)
    quoted = [textwrap.dedent(block) for block in blocks if ">>>" not in block]
    assert len(quoted) == 4
    sources = [*(ROOT / "autograd").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    library = "\n".join(one_margin(path.read_text("utf-8")) for path in sources)
    for block in quoted:
        assert f"\n{one_margin(block)}" in library, f"no longer in the library:\n{block}"


def test_paths_named_in_pages_exist() -> None:
    named = [
        path
        for page in ("README.md", "CONTRIBUTING.md")
        for path in re.findall(r"`(\w+/[\w./]*)`", (ROOT / page).read_text("utf-8"))
        if not path.startswith("out/")
    ]
    assert len(named) >= 12
    assert [path for path in named if not (ROOT / path).exists()] == []


def one_margin(code: str) -> str:
    """Code without the indentation of its lines."""
    return "\n".join(line.strip() for line in code.splitlines()) + "\n"
