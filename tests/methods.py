"""The methods page, generated from the kernel's docstrings: ``python -m tests.methods`` writes docs/methods.md."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import docstring_parser

from datareview import analysis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "methods.md"
# Methods that no page shows, with what they are for. The list only gets shorter: a new method comes with what shows it.
ONE_CASE = {
    "judge_plan",
    "project",
    "risk_ratio",
    "judge_indicators",
}  # the case of one, by which that of many is tested
PARTS = {"forecast_scores"}  # what a function with a page computes, by itself
TABLES = {"table_sums", "view_sums", "code_rate"}  # the tables of the sources on which suppression is tested
SCORES = {  # a score and its error, read together with those that pages use
    "alpha_if_deleted", "change_index", "could_flip", "cut_band", "is_too_noisy", "reliable_change", "sem_of", "true_score",
}  # fmt: skip
TO_SHOW = {"baseline_trend", "is_significant", "mark_facts", "on_track", "pool_years"}
WITHOUT_A_PAGE = ONE_CASE | PARTS | TABLES | SCORES | TO_SHOW
TESTS = ROOT / "tests" / "datareview" / "analysis"


def functions() -> list[tuple[ModuleType, list[Callable]]]:
    """Each module of the kernel with its public functions, in package order."""
    found = []
    for name, public in analysis.METHODS.items():
        module = importlib.import_module(f"datareview.analysis.{name}")
        found.append((module, [getattr(module, one) for one in public]))
    return found


@cache
def tested() -> dict[str, set[str]]:
    """Word → test modules that contain it."""
    places: dict[str, set[str]] = {}
    for path in sorted(TESTS.glob("test_*.py")):
        for word in set(re.findall(r"\w+", path.read_text(encoding="utf-8"))):
            places.setdefault(word, set()).add(path.name)
    return places


def used_by_the_product() -> set[str]:
    """Names of the kernel that code outside it imports, with all that these use in turn."""
    uses: dict[str, set[str]] = {}
    for path in (ROOT / "datareview" / "analysis").glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
                uses.setdefault(node.name, set()).update(names)
    found: set[str] = set()
    left = {
        alias.name
        for app in ("collab", "datareview", "teams")
        for path in (ROOT / app).rglob("*.py")
        if "analysis" not in path.parts and "analysis" in (text := path.read_text(encoding="utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("datareview.analysis.")
        for alias in node.names
    }
    while left:
        name = left.pop()
        found.add(name)
        left |= (uses.get(name, set()) & uses.keys()) - found
    return found


def tests_of(function: Callable) -> list[str]:
    """Test modules that name ``function``."""
    return sorted(tested().get(function.__name__, set()))


def page() -> str:
    """The whole page as Markdown."""
    lines = [
        "# Methods",
        "",
        "Every public function of the statistics kernel, `datareview/analysis/`, with its formula, source and tests.",
        "Generated from the docstrings by `./dev docs`; a test checks that the two agree. Too little data gives a",
        "status, never a number.",
        "",
    ]
    for module, public in functions():
        name = module.__name__.rpartition(".")[2]
        lines += [f"## {name}", "", _flat(inspect.getdoc(module) or ""), ""]
        for one in public:
            lines += _entry(one)
        if name == "shortfall":
            lines += measured_growth()
    return "\n".join(lines).rstrip() + "\n"


def measured_growth() -> list[str]:
    """What `./dev bench growth` measured last."""
    from benchmarks.growth import RESULTS, report

    return ["### Measured", "", *report(json.loads(RESULTS.read_text(encoding="utf-8")))]


def _entry(function: Callable) -> Iterator[str]:
    doc = docstring_parser.parse(
        inspect.getdoc(function) or "", style=docstring_parser.DocstringStyle.NUMPYDOC
    )
    yield f"### `{function.__name__}`"
    yield ""
    yield _flat(" ".join(part for part in (doc.short_description, doc.long_description) if part))
    parts = {meta.args[0]: meta.description for meta in doc.meta if meta.args and meta.description}
    for title, key in (("How", "notes"), ("Source", "references")):
        if key in parts:
            yield ""
            yield f"*{title}:* {_flat(parts[key] or '')}"
    yield ""
    yield "*Tested in:* " + ", ".join(f"`{name}`" for name in tests_of(function))
    yield ""


def _flat(text: str) -> str:
    """One paragraph per line, with Markdown characters escaped."""
    paragraphs = [" ".join(part.split()) for part in text.split("\n\n")]
    return "\n\n".join(
        paragraph.replace("``", "`").replace("*", r"\*").replace("|", r"\|") for paragraph in paragraphs
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
