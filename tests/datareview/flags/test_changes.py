"""Changes since a moment: what came minus what went, in a sentence."""

from __future__ import annotations

import datetime as dt

import pytest

from datareview.flags.models import Change
from datareview.flags.queries.changes import NetChanges, changes_in_short, changes_since
from datareview.records.models import Student

NOW = dt.datetime(2026, 12, 1, 14, tzinfo=dt.UTC)


def changed(student, kind, before, after, *, flag=None, measure=None, minutes=0):
    return Change.objects.create(
        student=student,
        kind=kind,
        flag=flag,
        measure=measure,
        before=before,
        after=after,
        seen_at=NOW + dt.timedelta(minutes=minutes),
    )


def since(cast, minutes=-1):
    students = Student.objects.filter(school=cast.school)
    return changes_since(students, NOW + dt.timedelta(minutes=minutes))


def in_short(cast):
    students = Student.objects.filter(school=cast.school)
    return changes_in_short(students, NOW - dt.timedelta(minutes=1)).sentence


@pytest.mark.parametrize(
    ("history", "where"),
    [
        ([(0, 2)], "opened"),
        ([(0, 1), (1, 2)], "opened"),
        ([(1, 2)], "rose"),
        ([(1, 2), (2, 3)], "rose"),
        ([(2, 0)], "resolved"),
        ([(1, 2), (2, 0)], "resolved"),
        ([(0, 2), (2, 0)], None),
        ([(2, 0), (0, 2)], None),
        ([(2, 0), (0, 3)], "rose"),
        ([(3, 0), (0, 2)], None),
    ],
)
def test_a_flag_is_counted_by_what_it_was_and_is(cast, history, where):
    """Severities before and after each change; 0 is no flag."""
    for minute, (before, after) in enumerate(history):
        changed(cast.maya, "opened", before, after, flag=cast.flag, minutes=minute)
    net = since(cast)
    assert {name: getattr(net, name) for name in ("opened", "rose", "resolved") if getattr(net, name)} == (
        {where: [cast.flag.pk]} if where else {}
    )


@pytest.mark.parametrize(("minutes", "many"), [(-1, 1), (0, 0)])
def test_what_was_seen_at_the_moment_itself_is_not_new(cast, minutes, many):
    changed(cast.maya, "opened", 0, 2, flag=cast.flag)
    assert len(since(cast, minutes).opened) == many


def test_moves_of_levels_are_left_to_the_report(cast):
    changed(cast.maya, "opened", 0, 2, flag=cast.flag)
    changed(cast.maya, "level", 3, 2, measure=cast.fluency)
    changed(cast.leak, "level", 4, 1, measure=cast.fluency)
    assert in_short(cast) == "1 new flag, 0 cleared."


def test_a_change_of_neither_a_flag_nor_a_measure_is_left_out(cast):
    changed(cast.maya, "level", 3, 2)
    assert in_short(cast) == "Nothing has changed."


@pytest.mark.parametrize(
    ("opened", "rose", "resolved", "words"),
    [
        (0, 0, 0, "Nothing has changed."),
        (1, 0, 0, "1 new flag, 0 cleared."),
        (0, 1, 1, "0 new flags, 1 became more urgent, 1 cleared."),
        (2, 2, 2, "2 new flags, 2 became more urgent, 2 cleared."),
    ],
)
def test_the_counts_as_a_sentence(opened, rose, resolved, words):
    net = NetChanges(NOW, [None] * opened, [None] * rose, [None] * resolved)
    assert net.sentence == words
