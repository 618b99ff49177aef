"""The skeleton of an area written by `./dev new-area`."""

import ast
import importlib

import pytest

from tools.new_area import ROOT, main, write_area


@pytest.fixture
def written(tmp_path):
    return write_area(tmp_path, "collab", "staff_goals", "staff_goal")


def test_every_layer_has_its_file(tmp_path, written):
    code = "__init__ forms models permissions queries services urls views"
    tests = "__init__ access test_services"
    assert sorted(str(path.relative_to(tmp_path)) for path in written) == sorted(
        [f"collab/staff_goals/{name}.py" for name in code.split()]
        + ["templates/collab/staff_goals/list.html"]
        + [f"tests/collab/staff_goals/{name}.py" for name in tests.split()]
    )


def test_the_area_has_its_own_names(written):
    text = "".join(path.read_text() for path in written)
    assert "class StaffGoal(PublicModel):" in text
    assert 'name="staff_goal-list"' in text
    assert '{% translate "Staff goals" %}' in text
    assert "thing" not in text.lower()
    assert "areaapp" not in text


def test_everything_it_imports_exists(written):
    imports = [
        node
        for path in written
        if path.suffix == ".py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and not node.module.startswith("collab.staff_goals")
    ]
    assert not [
        f"{node.module}.{name.name}"
        for node in imports
        for name in node.names
        if not hasattr(importlib.import_module(node.module), name.name)
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["collab"], "Name the app"),
        (["school", "goals"], "none of the apps"),
        (["collab", "Goals"], "lower-case"),
        (["collab", "polls"], "is there already"),
    ],
)
def test_an_invalid_name_is_reported_and_nothing_is_written(arguments, sentence):
    before = sorted(ROOT.glob("*/*"))
    with pytest.raises(SystemExit, match=sentence):
        main(arguments)
    assert sorted(ROOT.glob("*/*")) == before
