"""Structure and size rules beyond the import contracts and the linter."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ["teams", "datareview", "collab"]
SOURCES = [
    path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts
]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
VIEWS = [path for path in SOURCES if {"views", "views.py"} & set(path.parts)]


def names(paths: list[Path]) -> list[str]:
    """Paths relative to the checkout, as test ids."""
    return [str(path.relative_to(ROOT)) for path in paths]


@cache
def nodes_of(path: Path) -> list[ast.AST]:
    """All nodes of a file's code."""
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@pytest.fixture(scope="module", autouse=True)
def nodes_forgotten():
    """Keep the nodes of all files for these tests only: they are many."""
    yield
    nodes_of.cache_clear()


def functions_of(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in nodes_of(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def definitions_in(text: str) -> set[str]:
    """Public functions, classes and type aliases of a module."""
    body = ast.parse(text).body
    defined = {
        node.name for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    assigned = [node for node in body if isinstance(node, ast.Assign)]
    named = {target.id for node in assigned for target in node.targets if isinstance(target, ast.Name)}
    return {
        name for name in defined | {name for name in named if re.match("[A-Z][a-z]", name)} if name[0] != "_"
    }


def test_definitions_are_functions_classes_and_aliases_that_others_may_import():
    text = (
        "Points = list[int]\nMOST = 3\n_Row = int\nT = 1\ndef add(): ...\ndef _own(): ...\nclass Row: ...\n"
    )

    assert definitions_in(text) == {"Points", "add", "Row"}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_public_name_means_one_thing_in_an_app(package):
    places: dict[str, list[str]] = {}
    for path in sorted((ROOT / package).rglob("*.py")):
        # tags and tasks are named after the function they call; every command is named Command
        if not {"migrations", "management", "tags", "tags.py", "tasks.py"} & set(path.parts):
            for name in definitions_in(path.read_text(encoding="utf-8")):
                places.setdefault(name, []).append(str(path.relative_to(ROOT)))

    assert len(places) > 100
    assert {name: paths for name, paths in places.items() if len(paths) > 1} == {}


PAGES = ("views", "urls", "tasks")
COMPOSES = (
    "collab.urls",
    "collab.tasks",
    "collab.meeting_page",
    "datareview.urls",
    "datareview.tasks",
    "teams.tasks",
)
AREAS = sorted(
    path.parent
    for package in PACKAGES
    for path in (ROOT / package).glob("*/__init__.py")
    if path.parent.name not in {"management", "migrations"}
)
# The statistics are one area with many families of methods; the demo simulator is no feature.
LARGE = {"datareview/analysis", "collab/demo"}


def imports_of(path: Path) -> list[str]:
    """Dotted names imported anywhere in a file."""
    return [
        f"{node.module}.{alias.name}"
        for node in nodes_of(path)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    ]


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def test_an_areas_views_are_imported_only_by_itself_and_by_composing_modules():
    strangers = [
        (dotted(path), name)
        for path in SOURCES
        for name in imports_of(path)
        if (parts := name.split("."))[0] in PACKAGES
        and len(parts) > 2
        and parts[2] in PAGES
        and not dotted(path).startswith((f"{parts[0]}.{parts[1]}.", *COMPOSES))
    ]
    assert strangers == []


def test_a_private_name_stays_in_its_module():
    borrowed = [
        (dotted(path), name)
        for path in SOURCES
        for name in imports_of(path)
        if name.split(".")[0] in PACKAGES and name.split(".")[-1].startswith("_")
    ]
    assert borrowed == []


@pytest.mark.parametrize("area", AREAS, ids=names(AREAS))
def test_an_area_describes_itself_and_has_at_most_2000_lines(area):
    description = ast.get_docstring(ast.parse((area / "__init__.py").read_text(encoding="utf-8")))
    assert description
    lines = sum(
        len(path.read_text(encoding="utf-8").splitlines())
        for path in area.rglob("*.py")
        if "migrations" not in path.parts
    )
    assert lines <= 2000 or str(area.relative_to(ROOT)) in LARGE


def test_the_layers_of_every_area_with_layers_are_held():
    """Contract 5 lists its areas by name, and says nothing of one that is missing there."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    held = next(one["containers"] for one in contracts["contracts"] if one["name"].startswith("5 "))
    layered = [
        dotted(area)
        for area in AREAS
        if any(
            (area / f"{layer}.py").exists() or (area / layer).is_dir()
            for layer in ("services", "queries", "views")
        )
    ]
    assert sorted(held) == sorted(layered)


def test_foreign_keys_to_higher_areas_are_listed():
    """A string refers to a model in a higher area, so that no import points upward."""
    found = {
        (dotted(path), node.args[0].value)
        for path in SOURCES
        for node in nodes_of(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"ForeignKey", "OneToOneField", "ManyToManyField"}
        and isinstance(node.args[0], ast.Constant)
        and "." in node.args[0].value
    }
    assert found == {
        ("collab.agendas.models", "collab.Decision"),
        ("collab.agendas.models", "collab.Question"),
        ("datareview.family_steps.models", "datareview.Plan"),
        ("datareview.flags.models.candidates", "datareview.Plan"),
        ("datareview.flags.models.changes", "datareview.TrendRun"),
        ("datareview.records.models.attendance", "datareview.Import"),
        ("datareview.records.models.measures", "datareview.Import"),
        ("teams.directory.models.teams", "collab.Protocol"),
    }


def test_no_file_is_a_catch_all():
    assert not [path for path in SOURCES if path.stem in {"utils", "helpers", "common", "misc", "signals"}]


# A file past 300 lines becomes a folder.
LONG_FILES = {"collab/demo/students.py": "tables of values"}


def test_no_file_is_longer_than_300_lines_and_the_median_is_short():
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    long = [path for path, lines in lengths.items() if lines > 300]
    assert sorted(names(long)) == sorted(LONG_FILES)
    assert max(lengths.values()) <= 450
    assert sorted(lengths.values())[len(lengths) // 2] <= 100


def test_most_functions_are_short():
    # Functions of the demo simulator are tables of values.
    own = [path for path in SOURCES if "demo" not in path.parts]
    lengths = sorted(node.end_lineno - node.lineno + 1 for path in own for node in functions_of(path))
    assert lengths[int(len(lengths) * 0.9)] <= 40
    assert lengths[-1] <= 90


@pytest.mark.parametrize("path", VIEWS, ids=names(VIEWS))
def test_views_only_translate(path):
    text = path.read_text(encoding="utf-8")
    assert ".save(" not in text
    assert ".objects" not in text
    assert not re.search(r"Role\.|\.role\b", text)
    assert all(node.end_lineno - node.lineno + 1 <= 40 for node in functions_of(path))


def test_only_the_ability_table_asks_for_a_role():
    asking = [
        path
        for path in SOURCES
        if re.search(r"\bRole\.[A-Z]", path.read_text(encoding="utf-8"))
        and not {"models", "models.py"} & set(path.parts)
        and "demo" not in path.parts
        and "commands" not in path.parts
    ]
    assert names(asking) == ["teams/access/permissions.py"]


def test_only_one_rule_orders_students_by_name():
    ordering = [
        path
        for path in SOURCES
        if re.search(
            r'order_by\([^)]*"(student__)?last_name", "(student__)?first_name', path.read_text("utf-8")
        )
        and path.relative_to(ROOT).parts[0] != "teams"  # which knows no students
    ]
    assert names(ordering) == []


ASKS_FOR_THE_TIME = re.compile(
    r"timezone\.(?:now|localdate)\b|timezone\.localtime\(\)|\b(?:date|datetime|Timestamp)\.(?:now|today|utcnow)\b"
    r"|\btime\.(?:time|localtime|gmtime)\b|from time import (?!monotonic)|\bauto_now|\bNow\(|datetime64\(\"(?:now|today)"
    r"|{% now\b|\|(?:timesince|timeuntil|naturaltime|naturalday)\b"
)
MACHINE_TIME = {
    "teams/lib/clock.py": "it is the clock",
    "collab/demo/opening.py": "it sets the demo's clock by the machine's",
    "collab/room/queries/listeners.py": "Django ends a session by the machine's time",
    "teams/account/adapter.py": "sessions have the machine's time of the sign-in",
    "tests/collab/room/test_listeners.py": "it ends a session",
    "tests/day.py": "it sets the clock",
    "tests/teams/account/test_second_factor.py": "codes of apps follow the machine's time",
    "tests/test_architecture.py": "it has examples",
    "tests/walking.py": "it ends a session",
}


def test_only_the_clock_asks_what_time_it_is():
    asking = [
        path
        for path in [*SOURCES, *TEMPLATES, *TESTS]
        if ASKS_FOR_THE_TIME.search(path.read_text(encoding="utf-8"))
    ]
    assert set(names(asking)) == set(MACHINE_TIME)


@pytest.mark.parametrize(
    "text",
    [
        "timezone.now()",
        "models.DateTimeField(default=timezone.now)",
        "timezone.localdate().year",
        "timezone.localtime()",
        "dt.date.today()",
        "dt.datetime.now(tz=school.tz)",
        "begin = time.time()",
        "from time import time",
        "models.DateTimeField(auto_now_add=True)",
        "filter(at__lt=Now())",
        '{% now "Y" %}',
        "{{ job.created_at|timesince }}",
    ],
)
def test_the_pattern_finds_other_clocks(text):
    assert ASKS_FOR_THE_TIME.search(text)


def test_the_pattern_allows_our_clock_and_measured_durations():
    text = (
        "clock.now() school.today() clock.today(school) time.monotonic() timezone.localtime(value) room.now"
    )
    assert not ASKS_FOR_THE_TIME.search(text)


@pytest.mark.child
def test_importing_the_urls_imports_no_statistics():
    import subprocess
    import sys

    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'collab.config.settings';"
        "import django; django.setup(); from django.urls import get_resolver; get_resolver().url_patterns;"
        "print(sorted({'pandas', 'scipy', 'plotly'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


def formatted_by_hand(text: str) -> list[str]:
    """Format specifications of days, times and numbers, and imports of other formatters."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr):
            spec = "".join(part.value for part in node.format_spec.values if isinstance(part, ast.Constant))
            found += re.findall(r".*%[-A-Za-z].*|.*[fge%,]$", spec)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += re.findall(r"%\(\w+\)[-+0-9.]*[fge]\b|[0-9)]s? %%", node.value)
        elif isinstance(node, ast.ImportFrom) and re.match(
            r"babel\b|django\.utils\.formats$", node.module or ""
        ):
            found.append(str(node.module))
        elif isinstance(node, ast.Attribute) and node.attr in {"strftime", "date_format"}:
            found.append(node.attr)
    return found


FORMATTED_IN_A_TEMPLATE = re.compile(r"\|(?:date|time|floatformat|intcomma|localize)\b|}} ?%[^}]|[0-9] %[^}]")
FOR_MACHINES = {
    "collab/availability/queries/finder.py": "addresses",
    "collab/management/commands/demo.py": "a terminal",
    "collab/minutes/views.py": "names of files",
    "collab/packet/views.py": "names of files",
    "collab/polls/services.py": "keys of emails",
    "collab/publishing/services.py": "keys of emails",
    "collab/schedules/models.py": "names of rows for developers",
    "datareview/charts/flows.py": "coordinates",
    "datareview/charts/marks.py": "coordinates",
    "datareview/charts/sparkline.py": "coordinates",
    "datareview/plans/queries/starting.py": "values of number fields",
    "datareview/privacy/models.py": "names of rows for developers",
    "teams/lib/formats.py": "it is the formatter",
    "teams/tables/languages.py": "names of languages in files",
}


def test_only_the_formatter_writes_days_times_and_numbers():
    sources = [path for path in SOURCES if formatted_by_hand(path.read_text(encoding="utf-8"))]
    templates = [
        path for path in TEMPLATES if FORMATTED_IN_A_TEMPLATE.search(path.read_text(encoding="utf-8"))
    ]
    assert (set(names(sources)), templates) == (set(FOR_MACHINES), [])


@pytest.mark.parametrize(
    "text",
    [
        "f'{day:%-d %b}'",
        "f'{at:%H:%M}'",
        "f'{share:.1f}'",
        "f'{value:+z.{places}f}'",
        "f'{value:g}'",
        "f'{count:,}'",
        "_('at %(cut)g')",
        "_('at %(cut)s %%')",
        "_('80 %% of scores')",
        "from django.utils.formats import date_format",
        "from babel.dates import format_date",
        "day.strftime('%d')",
    ],
)
def test_the_finder_of_other_formats_finds_them(text):
    assert formatted_by_hand(text)


def test_the_finder_of_other_formats_lets_text_be():
    assert formatted_by_hand("f'{name:>20} {count:03d} {day}'; _('%(n)d of %(all)s, 80%% of them')") == []


@pytest.mark.parametrize(
    "text",
    ["{{ at|date:'c' }}", "{{ at|time }}", "{{ n|floatformat }}", "{{ n }} % of", "{{ n }}% of", "90 % of"],
)
def test_the_finder_of_formats_in_templates_finds_them(text):
    assert FORMATTED_IN_A_TEMPLATE.search(text)


def test_a_lock_of_a_row_lets_others_refer_to_it():
    """PostgreSQL makes every insert that refers to a row wait for FOR UPDATE; FOR NO KEY UPDATE lets them pass."""
    calls = [
        (str(path.relative_to(ROOT)), node)
        for path in SOURCES
        for node in nodes_of(path)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "select_for_update"
    ]
    strict = [
        f"{name}:{call.lineno}"
        for name, call in calls
        if "no_key" not in {word.arg for word in call.keywords}
    ]

    assert len(calls) > 20
    assert strict == []


def test_every_text_field_of_a_form_has_a_longest_value():
    fields = [
        (f"{path.relative_to(ROOT)}:{node.lineno}", {word.arg for word in node.keywords})
        for path in SOURCES
        for node in nodes_of(path)
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") == "CharField"
        and ast.unparse(node.func) == "forms.CharField"
    ]

    assert len(fields) > 20
    assert [place for place, words in fields if "max_length" not in words] == []


# What the demo writes without a service, and why; everything else it does by the doors of a real school.
# What the demo writes without a service; `tests/collab/demo/test_same_rows.py` compares it with what services leave.
PAST_SERVICES = {
    "collab/demo/district.py:count_as_sent": "emails of the past count as sent; no one sends them to made-up people",
    "collab/demo/people.py:let_sign_in": "everyone knows the password of a demo, which is none that a person may choose",
    "collab/demo/people.py:make_administrator": "the first account of all; a demo prints no code for it",
    "collab/demo/people.py:note_sign_in": "made-up people sign in nowhere; that they did is written down",
}
WRITES = re.compile(
    r"\.(create|create_user|(get|update)_or_create|bulk_(create|update)|save|delete)\(|\.update\(\w+="
)


def test_the_demo_writes_by_services():
    written = {
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in SOURCES
        if path.is_relative_to(ROOT / "collab/demo")
        for node in functions_of(path)
        if WRITES.search(ast.unparse(node))
    }
    assert written == set(PAST_SERVICES)
