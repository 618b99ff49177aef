"""`tests.stale` leaves no test file out that uses something that has changed."""

import json
import os
import subprocess
import sys

import pytest

from tests import stale
from tests.stale import MARKS, ROOT, Imports, contents, dependencies, remember, stale_files

POLLS = "tests/collab/polls/test_services.py"
CLOCK = "tests/teams/lib/test_clock.py"
VIEW, SERVICE, BELOW = "collab/polls/views.py", "collab/polls/services.py", "teams/lib/clock.py"
TEMPLATE, OTHER = "templates/collab/polls/detail.html", "templates/collab/polls/list.html"
FILES = (POLLS, CLOCK, VIEW, SERVICE, BELOW, TEMPLATE, OTHER, "collab/config/settings.py", "README.md")
NOW = dict.fromkeys(FILES, "a")


@pytest.fixture
def passed(tmp_path, monkeypatch):
    """Both files have passed: one uses the template and all the code, the other only the clock."""
    monkeypatch.setattr(stale, "MEMORY", tmp_path / "var" / "passed.json")
    remember({POLLS: {POLLS, VIEW, SERVICE, BELOW, TEMPLATE}, CLOCK: {CLOCK, BELOW}}, set(), NOW)


def after(**changes):
    """The stale files after a change; ``None`` deletes."""
    now = {name: text for name, text in (NOW | changes).items() if text is not None}
    return stale_files(now, stale.remembered())


def test_at_first_all_files_are_stale():
    assert stale_files(NOW, {}) == [POLLS, CLOCK]


def test_nothing_is_stale_if_nothing_has_changed(passed):
    assert after() == []


@pytest.mark.parametrize(
    ("name", "found"),
    [
        (VIEW, [POLLS]),
        (TEMPLATE, [POLLS]),
        (BELOW, [POLLS, CLOCK]),
        (CLOCK, [CLOCK]),
        (OTHER, []),
        ("README.md", []),
        ("collab/config/settings.py", [POLLS, CLOCK]),
    ],
)
def test_what_uses_a_changed_or_deleted_file_is_stale(passed, name, found):
    assert after(**{name: "b"}) == found
    assert after(**{name: None}) == [file for file in found if file != name]


@pytest.mark.parametrize(
    "name",
    [
        "collab/polls/urls.py",
        "collab/polls/models.py",
        "collab/polls/models/votes.py",
        "collab/apps.py",
        "locale/es/LC_MESSAGES/django.po",
        "templates/account/login.html",
        "datareview/analysis/presets/new.csv",
        "tests/conftest.py",
        "tests/data/new.csv",
        "requirements.lock",
        "pyproject.toml",
    ],
)
def test_what_cannot_be_placed_makes_all_stale(passed, name):
    assert after(**{name: "b"}) == [POLLS, CLOCK]


def test_a_new_test_file_is_stale(passed):
    new = "tests/collab/polls/test_new.py"
    assert after(**{new: "b"}) == [new]


def test_a_file_that_failed_is_stale_and_the_others_are_not(passed):
    remember({CLOCK: {CLOCK, BELOW}}, {POLLS}, NOW)
    assert after() == [POLLS]


def test_what_passed_before_something_placeless_changed_is_forgotten(passed):
    now = {**NOW, "collab/config/settings.py": "b"}
    remember({CLOCK: {CLOCK}}, set(), now)
    assert stale_files(now, stale.remembered()) == [POLLS]


@pytest.fixture(scope="module")
def imports():
    return Imports()


@pytest.fixture(scope="module")
def real():
    return contents()


def test_a_file_depends_on_what_its_tests_call_and_on_what_that_imports(imports, real):
    found = dependencies(CLOCK, {"collab/home/views.py"}, imports, real)
    assert {CLOCK, "collab/home/views.py", "collab/home/queries/__init__.py", "teams/lib/clock.py"} <= found
    assert "collab/polls/views.py" not in found


def test_a_file_depends_on_its_area(imports, real):
    found = dependencies(POLLS, set(), imports, real)
    assert {"collab/polls/views.py", "collab/polls/services.py"} <= found


def test_a_file_about_all_depends_on_all(imports, real):
    assert dependencies("tests/test_voice.py", set(), imports, real) >= real.keys()


def test_contents_are_all_but_what_is_generated(real):
    assert {
        "README.md",
        "dev",
        "static/css/tokens.css",
        "templates/base.html",
        VIEW,
        BELOW,
    } - real.keys() == set()
    assert [name for name in real if "__pycache__" in name or name.startswith("var/")] == []


@pytest.mark.process
def test_a_run_remembers_what_its_tests_used(tmp_path):
    file, memory = "tests/teams/themes/test_views.py", tmp_path / "passed.json"
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "TEST", "COLLAB"))
    }
    options = [
        "-q",
        "-n",
        "1",
        "--no-migrations",
        "-p",
        "no:randomly",
        "-p",
        "tests.stale",
        "-m",
        MARKS,
        file,
    ]
    subprocess.run(
        [sys.executable, "-m", "pytest", *options],
        check=True,
        capture_output=True,
        cwd=ROOT,
        env=environment | {"TESTS_PASSED": str(memory)},
    )
    found = json.loads(memory.read_text())
    names = {found["names"][place] for place in found["passed"][file][1]}
    assert {
        "teams/themes/views.py",
        "teams/context.py",
        "templates/base.html",
        "tests/factories/copies.py",
    } <= names
    assert "collab/polls/views.py" not in names
    assert file not in stale_files(contents(), found)
