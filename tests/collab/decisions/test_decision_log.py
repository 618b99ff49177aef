"""A month later: what was decided, whether it was done, and whether it worked."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from collab.actions.models import Action
from collab.agendas.models import Topic
from collab.decisions.models import Decision
from collab.decisions.queries.decision_log import decision_log_of
from collab.decisions.queries.school_decisions import decisions_of_teams
from collab.meetings.models import Meeting
from teams.directory.models import Term
from tests.conftest import make_team


def meet(cast, weeks, *, team=None):
    """A closed meeting ``weeks`` ago."""
    starts = cast.school.at(cast.school.today() - dt.timedelta(weeks=weeks), dt.time(10, 10))
    ends = starts + dt.timedelta(minutes=45)
    return Meeting.objects.create(
        team=team or cast.team, title=f"{weeks} weeks ago", starts_at=starts, ends_at=ends,
        started_at=starts, closed_at=ends, state="closed",
    )  # fmt: skip


def decide(cast, meeting, text, *, check=None, topic=None, actions_in=(), **fields):
    """A decision on its own item, to be checked in ``check`` days, with action items in the given states."""
    topic = topic or Topic.objects.create(team=meeting.team, title=text)
    item = meeting.items.create(topic=topic, title=f"On {text}", state="done", **fields)
    for state in actions_in:
        Action.objects.create(
            team=meeting.team, item=item, text=f"{state} for {text}", owner=cast.staff.ana, state=state,
            due_on=cast.school.today() - dt.timedelta(days=1), made_by=cast.ana,
            reason="Solved" if state == "dropped" else "", client_key=uuid.uuid4(),
        )  # fmt: skip
    return Decision.objects.create(
        item=item, text=text, decided_by=cast.ana, client_key=uuid.uuid4(),
        check_on=None if check is None else cast.school.today() + dt.timedelta(days=check),
    )  # fmt: skip


@pytest.fixture
def decided(cast):
    """Four decisions of the last weeks in different states, and one of last year."""
    cast.action.delete()
    first = decide(cast, meet(cast, 6), "Read aloud", check=-14, actions_in=["done", "dropped", "open"])
    again = Topic.objects.create(team=cast.team, title="Did it work", kind="check", decision=first)
    decide(cast, meet(cast, 3), "Keep reading aloud", check=10, topic=again)
    decide(cast, meet(cast, 2), "Buddy reading", check=-1)
    decide(cast, meet(cast, 1), "New seats")
    decide(cast, meet(cast, 50), "Old rule", check=-300)
    return first


def texts(log):
    return [entry.decision.text for group in log.groups for entry in group.entries]


def test_decisions_come_newest_first_with_their_states(cast, decided):
    log = decision_log_of(cast.tom, cast.team)
    assert [(entry.decision.text, entry.state) for group in log.groups for entry in group.entries] == [
        ("New seats", "open"),
        ("Buddy reading", "due"),
        ("Keep reading aloud", "waiting"),
        ("Read aloud", "checked"),
    ]
    assert log.counts == {"due": 1, "waiting": 1, "checked": 1, "open": 1}
    assert (log.action_count, log.done, log.dropped, log.overdue) == (3, 1, 1, 1)
    check = log.groups[-1].entries[0].checks[0]
    assert [row.text for row in check.decisions.all()] == ["Keep reading aloud"]


@pytest.mark.parametrize(
    ("period", "first"),
    [("term", "Read aloud"), ("year", "Read aloud"), ("all", "Old rule"), ("x", "Read aloud")],
)
def test_a_period(cast, decided, period, first):
    assert texts(decision_log_of(cast.tom, cast.team, period=period))[-1] == first


def test_this_term_is_the_previous_one_until_it_has_run_for_four_weeks(cast, decided):
    today, year = cast.school.today(), cast.school.years.get()
    for name, begin, end in (("1", 85, 20), ("2", 19, -60)):
        Term.objects.create(
            year=year,
            name=name,
            starts_on=today - dt.timedelta(days=begin),
            ends_on=today - dt.timedelta(days=end),
        )
    assert decision_log_of(cast.tom, cast.team).since == today - dt.timedelta(days=85)


def test_one_state_and_the_counts_of_all(cast, decided):
    log = decision_log_of(cast.tom, cast.team, state="due")
    assert texts(log) == ["Buddy reading"]
    assert log.sum.decided == 4
    assert texts(decision_log_of(cast.tom, cast.team, state="nonsense")) == texts(
        decision_log_of(cast.tom, cast.team)
    )


def test_a_restricted_item_is_neither_shown_nor_counted(cast, decided):
    decided.item.visibility = "restricted"
    decided.item.save()
    log = decision_log_of(cast.tom, cast.team)
    assert "Read aloud" not in texts(log)
    assert (log.sum.decided, log.action_count, log.counts["checked"]) == (3, 0, 0)
    assert decision_log_of(cast.ana, cast.team).action_count == 3  # she may read them


def test_a_result_counts_as_a_check_unless_it_has_no_students(cast, decided):
    row = Decision.objects.get(text="Buddy reading")
    for n, state in ((0, "due"), (3, "checked")):
        Decision.objects.filter(pk=row.pk).update(result={"n": n})
        assert decision_log_of(cast.tom, cast.team).counts[state] == {0: 1, 3: 2}[n]


def test_another_team_has_its_own(cast, decided):
    decide(cast, meet(cast, 1, team=cast.other_team), "Elsewhere")
    assert "Elsewhere" not in texts(decision_log_of(cast.tom, cast.team))


def test_the_page_links_back_and_forward(cast, decided, as_user):
    address = reverse("collab:ledger-show", args=[cast.team.uuid])
    page = as_user(cast.tom).get(address).content.decode()
    meeting = decided.item.meeting
    assert page.count(f"{meeting.get_absolute_url()}#item-{decided.item.uuid}") == 2
    again = Decision.objects.get(text="Keep reading aloud").item
    assert page.count(f"{again.meeting.get_absolute_url()}#item-{again.uuid}") == 2
    assert "dropped: Solved" in page
    assert "3 action items: 1 done, 1 dropped with a reason." in page
    assert as_user(cast.gil).get(address).status_code == 404
    assert as_user(cast.zed).get(address).status_code == 404
    assert as_user(cast.pia).get(address).status_code == 200


@pytest.mark.sweep
def test_query_count_does_not_grow_with_decisions(cast, decided):
    decision_log_of(cast.tom, cast.team)
    taken = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert decision_log_of(cast.tom, cast.team).groups
        taken.append(len(queries))
        for number in range(5):
            decide(cast, meet(cast, 4), f"More {number}", actions_in=["done"])
    assert taken[0] == taken[1]


def test_the_sum_counts_what_was_done_and_of_that_what_worked(cast, decided, as_user):
    said = {
        "Read aloud": ("as_meant", "worked"),
        "Buddy reading": ("partly", "did_not"),
        "New seats": ("partly", ""),
        "Keep reading aloud": ("stopped", "worked"),
    }
    for text, (done_as, judged) in said.items():
        Decision.objects.filter(text=text).update(done_as=done_as, judged=judged)
    total = decision_log_of(cast.tom, cast.team).sum
    assert (total.decided, total.done, total.worked, total.did_not, total.early) == (4, 3, 1, 1, 1)
    page = as_user(cast.tom).get(reverse("collab:ledger-show", args=[cast.team.uuid])).content.decode()
    assert "4 decisions, 3 done. Of those 1 worked, 1 did not, and for 1 it is too early." in " ".join(
        page.split()
    )


def test_decisions_are_filtered_by_what_they_were_about(cast, decided):
    Topic.objects.filter(title="New seats").update(kind="data")
    log = decision_log_of(cast.tom, cast.team, about="data")
    assert (texts(log), log.sum.decided) == (["New seats"], 4)
    assert [(key, count) for key, _label, count in log.topics] == [("data", 1), ("checks", 1), ("other", 2)]


def test_members_say_on_the_log_what_came_of_it(cast, decided, as_user):
    row = Decision.objects.get(text="Buddy reading")
    address = reverse("collab:decision-record", args=[row.uuid])
    log = reverse("collab:ledger-show", args=[cast.team.uuid])
    assert address in as_user(cast.tom).get(log).content.decode()
    assert address not in as_user(cast.pia).get(log).content.decode()
    sent = as_user(cast.tom).post(address, {"done_as": "not_begun"})
    assert sent["Location"] == f"{log}?since=all#decision-{row.uuid}"
    assert Decision.objects.get(pk=row.pk).done_as == "not_begun"


def test_leaders_see_the_decisions_of_all_teams_in_numbers_only(cast, decided, as_user):
    Decision.objects.filter(text="Keep reading aloud").update(done_as="partly", judged="worked")
    hidden = Decision.objects.get(text="New seats").item
    hidden.visibility = "restricted"
    hidden.save()
    found = decisions_of_teams(cast.pia, cast.school)
    (row,) = found.rows
    assert (row.team, row.sum.decided, row.sum.done, row.sum.worked, row.overdue) == (cast.team, 3, 1, 1, 1)
    Decision.objects.filter(text="Buddy reading").update(gauge="attendance", result={"n": 6, "change": 1.0})
    (row,) = decisions_of_teams(cast.pia, cast.school).rows
    assert row.overdue == 0
    page = as_user(cast.pia).get(reverse("collab:decision-teams")).content.decode()
    assert ("Buddy reading" in page, str(cast.other_team.uuid) in page) == (False, False)
    with CaptureQueriesContext(connection) as few:
        decisions_of_teams(cast.pia, cast.school, order="worked")
    other = make_team(cast.school, "Grade 5", 5, [cast.staff.ana])
    for number in range(4):
        decide(cast, meet(cast, 2, team=other), f"More {number}", check=-3)
    with CaptureQueriesContext(connection) as many:
        found = decisions_of_teams(cast.pia, cast.school, order="decided")
    assert [row.team for row in found.rows] == [other, cast.team]
    assert len(many) == len(few)
    ranked = decisions_of_teams(cast.pia, cast.school, order="worked")
    assert ([row.team for row in ranked.rows], ranked.order) == ([cast.team, other], "")
