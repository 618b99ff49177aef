"""Which test files have to run again: those of which something has changed since they last passed.

``python -m tests.stale`` prints them; with the plugin ``-p tests.stale``, a run of the tests remembers what each file
depends on, as ``./dev quick`` does. Remembered are hashes of contents, so that branches, rebases and time do not matter.

A file of tests depends on itself; on the modules whose functions ran in its tests, the modules of its area, and all that
these import, from which a constant or a class may come; and on the templates it rendered. What a process reads once and
keeps, such as an icon or a table of the kernel, and what makes the cast, all files depend on. What cannot be placed like
that (`PLACELESS`: settings, models, addresses, translations, the packages, the tests' own plugins, …) makes all files
stale. Files about the whole code, ``tests/test_*.py``, run when anything has changed. Code that runs only in other threads
is seen if it belongs to the area or is imported by what is.
"""

from __future__ import annotations

import cProfile
import json
import os
import re
import sys
from collections import Counter, defaultdict
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.test.signals import template_rendered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ROOT = Path(__file__).parent.parent
MEMORY = Path(os.environ.get("TESTS_PASSED", ROOT / "var" / "passed.json"))
PRODUCT = ("collab", "datareview", "teams")
FOLDERS = (*PRODUCT, "benchmarks", "docs", "locale", "static", "templates", "tests", "tools")
AT_TOP = ("*.md", "*.lock", "*.toml", "*.yml", "dev", "Dockerfile", "Makefile", "manage.py")
GENERATED = re.compile(r"/__pycache__/|\.py[co]$|\.mo$")
# Found by string, by Django or by pytest, or by looking into a folder.
PLACELESS = re.compile(
    r"(collab/config/|locale/|tests/[^/]*\.py$|tests/data/|requirements\.lock|pyproject\.toml|dev$"
    r"|.*/apps\.py$|.*/models(\.py|/)|.*/urls(\.py|/)|(collab|datareview|teams)/.*(?<!\.py)$"
    r"|templates/(?!(collab|datareview|teams|components)/))"
)
ABOUT_ALL = re.compile(r"tests/test_\w+\.py$")
MARKS = "not journey and not process and not child and not sweep"  # of ./dev quick, whose runs are remembered

Contents = dict[str, str]  # path, relative to the root → hash


def contents() -> Contents:
    """Every file on which a test may depend."""
    paths = [path for pattern in AT_TOP for path in ROOT.glob(pattern)]
    for folder in FOLDERS:
        for at, _folders, names in os.walk(ROOT / folder):
            paths += [Path(at, name) for name in names]
    files = {str(path.relative_to(ROOT)): path for path in paths}
    return {
        name: blake2b(path.read_bytes(), digest_size=8).hexdigest()
        for name, path in sorted(files.items())
        if not GENERATED.search(f"/{name}")
    }


def state_of(names: Iterable[str], now: Contents) -> str:
    """One hash of the files ``names``; a missing file counts, too."""
    lines = "\n".join(f"{name} {now.get(name, '')}" for name in sorted(names))
    return blake2b(lines.encode(), digest_size=8).hexdigest()


def state_of_placeless(now: Contents) -> str:
    """One hash of all that cannot be placed, and of the version of Python."""
    return state_of([*filter(is_placeless, now)], now) + sys.version.partition(" ")[0]


def is_placeless(name: str) -> bool:
    """Whether all tests depend on the file. Files about all run anyhow, so that they need not."""
    return bool(PLACELESS.match(name)) and not ABOUT_ALL.match(name)


def test_files(now: Contents) -> list[str]:
    """The files that hold tests."""
    return [name for name in now if re.search(r"^tests/(.*/)?test_\w+\.py$", name)]


def stale_files(now: Contents, memory: Mapping[str, Any]) -> list[str]:
    """The test files to run again; none if nothing has changed."""
    files = test_files(now)
    if memory.get("placeless") != state_of_placeless(now):
        return files
    names, passed = memory["names"], memory["passed"]
    old = {name for name in files if _is_as_it_passed(passed.get(name), names, now)}
    return [name for name in files if name not in old]


def _is_as_it_passed(found: list[Any] | None, names: list[str], now: Contents) -> bool:
    return bool(found) and found[0] == state_of((names[place] for place in found[1]), now)


def remembered() -> dict[str, Any]:
    """What earlier runs remember: see `remember`."""
    return json.loads(MEMORY.read_text()) if MEMORY.exists() else {}


def remember(passed: Mapping[str, set[str]], failed: set[str], now: Contents) -> None:
    """Add files that passed, with what each depends on, and forget those that failed.

    Stored is ``{"placeless": hash, "names": [path, …], "passed": {test file: [hash, [place in names, …]]}}``.
    """
    memory = remembered()
    if memory.get("placeless") != state_of_placeless(now):
        memory = {"placeless": state_of_placeless(now), "names": [], "passed": {}}
    names = memory["names"]
    places = {name: place for place, name in enumerate(names)}
    for file, depends_on in passed.items():
        for name in sorted(depends_on - places.keys()):
            places[name] = len(names)
            names.append(name)
        memory["passed"][file] = [state_of(depends_on, now), sorted(places[name] for name in depends_on)]
    for file in failed:
        memory["passed"].pop(file, None)
    MEMORY.parent.mkdir(exist_ok=True)
    written = MEMORY.with_suffix(f".{os.getpid()}")
    written.write_text(json.dumps(memory))
    written.replace(MEMORY)


class Imports:
    """Which files a module imports, directly or not."""

    def __init__(self) -> None:
        import grimp

        self.graph = grimp.build_graph(
            *PRODUCT, "tests", "tools", "benchmarks", cache_dir=None, exclude_type_checking_imports=True
        )
        self.files: dict[str, set[str]] = {}

    def of(self, file: str) -> set[str]:
        """The file and all that it imports. An ``apps.py`` connects everything, and is placeless."""
        if file not in self.files:
            module = file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
            is_known = module in self.graph.modules and not file.endswith("/apps.py")
            found = self.graph.find_upstream_modules(module) if is_known else set()
            self.files[file] = {file, *map(self._file, found)}
        return self.files[file]

    @staticmethod
    def _file(module: str) -> str:
        path = module.replace(".", "/")
        return f"{path}.py" if (ROOT / f"{path}.py").exists() else f"{path}/__init__.py"


def dependencies(file: str, used: set[str], imports: Imports, now: Contents) -> set[str]:
    """All that the test file ``file`` depends on if its tests ``used`` these files."""
    area = file.removeprefix("tests/").rpartition("/")[0]
    begun = {file, *used, *(name for name in now if name.startswith(f"{area}/") and name.endswith(".py"))}
    if ABOUT_ALL.match(file):
        begun |= now.keys()
    found = set(begun)
    for name in begun:
        if name.endswith(".py"):
            found |= imports.of(name)
    packages = {str(parent) for name in found if name.endswith(".py") for parent in Path(name).parents}
    return found | {f"{package}/__init__.py" for package in packages} & now.keys()


# In each worker: what its tests use -----------------------------------------------------------------------------


class Watch:
    """What the tests of one worker use: for each test file the paths, and those that every file may have used."""

    def __init__(self) -> None:
        self.profile, self.of_all = new_profile(), new_profile()
        self.file = ""
        self.used: defaultdict[str, set[str]] = defaultdict(set)
        self.read: set[str] = set()
        self.tests: Counter[str] = Counter()

    @contextmanager
    def watching(self, file: str) -> Iterator[None]:
        """Watch a test of ``file``."""
        if file != self.file:
            self.finish()
            self.file = file
        self.profile.enable()
        yield
        self.profile.disable()

    def finish(self) -> None:
        """Keep what the tests of one file have called."""
        if self.file:
            self.used[self.file] |= called(self.profile)
            self.profile = new_profile()

    def note_template(self, template: Any, **_rest: object) -> None:
        """Note a template that is rendered."""
        if self.file and (name := inside(str(template.origin.name))):
            self.used[self.file].add(name)

    def note_reading(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Note a file that is opened for reading."""
        if event == "open" and self.file and isinstance(arguments[0], str):
            name = inside(arguments[0])
            if name and not name.endswith((".py", ".pyc", ".html")) and not ABOUT_ALL.match(self.file):
                self.read.add(name)


def inside(path: str) -> str:
    """The path relative to the root; empty for a file elsewhere, of packages, or of a run."""
    name = path.removeprefix(f"{ROOT}/")
    return name if name != path and name.startswith(tuple(f"{one}/" for one in FOLDERS)) else ""


def new_profile() -> cProfile.Profile:
    """The quickest way in Python 3.11 to learn which functions run."""
    return cProfile.Profile(subcalls=False, builtins=False)


def called(profile: cProfile.Profile) -> set[str]:
    """The files of the functions that were called."""
    codes = (entry.code for entry in profile.getstats())
    return {name for code in codes if not isinstance(code, str) and (name := inside(code.co_filename))}


@contextmanager
def for_all_files() -> Iterator[None]:
    """What runs inside is used by all test files, as it runs only once in a process."""
    if watch is None or not watch.file:
        yield
        return
    watch.profile.disable()
    watch.of_all.enable()
    yield
    watch.of_all.disable()
    watch.profile.enable()


watch: Watch | None = None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Watch a test, with its fixtures."""
    if watch is None:
        return (yield)
    with watch.watching(file_of(item.nodeid)):
        return (yield)


def file_of(nodeid: str) -> str:
    """The file of a test."""
    return nodeid.partition("::")[0]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin to watch, in a worker: how many tests of each file shall run."""
    global watch  # noqa: PLW0603 (one for each process)
    if "PYTEST_XDIST_WORKER" in os.environ:
        watch = Watch()
        watch.tests = Counter(file_of(item.nodeid) for item in items)
        template_rendered.connect(watch.note_template)
        sys.addaudithook(watch.note_reading)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Send what the worker has seen to the process that controls it; there, remember what has passed."""
    if watch is not None:
        watch.finish()
        session.config.workeroutput["used"] = {file: sorted(used) for file, used in watch.used.items()}
        session.config.workeroutput["of_all"] = sorted(called(watch.of_all) | watch.read)
        session.config.workeroutput["tests"] = dict(watch.tests)


# In the process that controls the workers -----------------------------------------------------------------------


class Run:
    """What workers report."""

    def __init__(self) -> None:
        self.now = contents()
        self.used: defaultdict[str, set[str]] = defaultdict(set)
        self.of_all: set[str] = set()
        self.tests: dict[str, int] = {}
        self.ended: Counter[str] = Counter()
        self.failed: set[str] = set()
        self.is_complete = True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count the tests that ended."""
        self.ended[file_of(report.nodeid)] += report.when == "teardown"
        if report.failed:
            self.failed.add(file_of(report.nodeid))

    def pytest_testnodedown(self, node: Any) -> None:
        """Add what a worker has seen."""
        seen = getattr(node, "workeroutput", {})
        if "of_all" not in seen:  # it crashed: what its tests used is not known
            self.is_complete = False
            return
        self.tests |= seen["tests"]
        self.of_all |= {*seen["of_all"]}
        for file, used in seen["used"].items():
            self.used[file] |= {*used}

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Remember the files of which all tests passed. Those without tests for this run have passed, too."""
        is_ended = session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
        if not (self.is_complete and is_ended):
            return  # interrupted, or a file could not be imported
        self.failed |= {file for file, count in self.tests.items() if self.ended[file] != count}
        asked = {file for file in test_files(self.now) if file.startswith(tuple(session.config.args))}
        imports = Imports()
        passed = {
            file: dependencies(file, self.used[file] | self.of_all, imports, self.now)
            for file in asked - self.failed
        }
        remember(passed, self.failed, self.now)


def pytest_configure(config: pytest.Config) -> None:
    """Watch runs that are the whole of each file as ``./dev quick`` understands it."""
    option = config.option
    is_whole = option.markexpr == MARKS and not option.keyword and not any("::" in one for one in config.args)
    is_usual = not (os.environ.get("TEST_DAY") or os.environ.get("TEST_SERVERS"))
    if is_whole and is_usual and option.numprocesses and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Run(), "stale")


if __name__ == "__main__":
    print(" ".join(stale_files(contents(), remembered())))
