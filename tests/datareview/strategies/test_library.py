"""The starting strategies are complete."""

import json
from collections import Counter

import pytest

from datareview.records.models import Domain
from datareview.strategies.library import NOT_CONFIRMED, PATH, starting_strategies
from datareview.strategies.models import Strategy
from datareview.strategies.services import EDITED

EACH = pytest.mark.parametrize("row", starting_strategies(), ids=lambda row: row["key"])


def test_there_are_forty_or_more_in_all_six_domains_and_all_tiers():
    rows = starting_strategies()
    domains = Counter(row["domain"] for row in rows)
    assert len(rows) >= 40
    assert (domains.keys(), min(domains.values()) >= 5) == (set(Domain.values), True)
    assert {row["tier"] for row in rows} == {1, 2, 3}
    for name in ("key", "name", "family_en", "family_es", "for_whom"):
        assert len({row[name] for row in rows}) == len(rows), name
    assert json.loads(PATH.read_text(encoding="utf-8"))["license"] == "CC0-1.0"


@EACH
def test_each_says_everything_and_fits_the_bank(row):
    assert set(row) == {"key", *EDITED}
    assert {name for name, value in row.items() if value in {"", None}} <= {"subject"}
    strategy = Strategy(**row)
    strategy.clean_fields(exclude=["school"])
    assert 3 <= len(strategy.steps) <= 6
    assert 3 <= len(strategy.checks) <= 6
    assert strategy.lowest_grade <= strategy.highest_grade


@EACH
def test_each_source_has_a_year(row):
    years = [int(word) for word in "".join(c if c.isdigit() else " " for c in row["evidence"]).split()]
    assert any(1990 <= year <= 2026 for year in years), row["evidence"]


def test_evidence_that_nobody_compared_with_its_source_says_so():
    stored = json.loads(PATH.read_text(encoding="utf-8"))["strategies"]
    marked = [row["key"] for row in starting_strategies() if row["evidence"].endswith(NOT_CONFIRMED)]
    assert marked == [row["key"] for row in stored if not row["checked"]]
    assert len(marked) == 25
    assert all(NOT_CONFIRMED not in row["evidence"] for row in stored)


def test_a_subject_is_that_of_an_academic_need():
    subjects = {(row["domain"], row["subject"]) for row in starting_strategies() if row["subject"]}
    assert subjects == {("academic", "reading"), ("academic", "math"), ("academic", "writing")}
