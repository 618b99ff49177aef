"""What waits for a person before a meeting is first on its agenda and on Home."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from collab.actions.models import Action
from collab.discussion.services import answer_before
from collab.room.services import lifecycle
from tests.access import KEY

HOME = reverse("collab:home-show")


@pytest.fixture
def asked(cast):
    """The first item asks a question, Tom leads the second, and his action item is overdue."""
    first, second = cast.meeting.items.order_by("position")
    cast.meeting.items.filter(pk=first.pk).update(ask="What do you see?")
    cast.meeting.items.filter(pk=second.pk).update(owner=cast.staff.tom)
    yesterday = cast.school.today() - dt.timedelta(days=1)
    Action.objects.filter(pk=cast.action.pk).update(owner=cast.staff.tom, due_on=yesterday, item=None)
    first.refresh_from_db()
    return first


def test_questions_led_items_and_overdue_action_items_are_first_on_the_agenda(cast, asked, as_user):
    found = {
        name: as_user(getattr(cast, name)).get(cast.meeting.get_absolute_url()).context["for_me"]
        for name in ("tom", "ana", "pia")
    }
    titles = {
        name: ([one.ask for one in mine.unanswered], [one.title for one in mine.led], mine.overdue)
        for name, mine in found.items()
    }
    assert titles == {
        "tom": (["What do you see?"], ["Winter fluency"], [cast.action]),
        "ana": (["What do you see?"], [], []),
        "pia": ([], [], []),
    }
    page = as_user(cast.tom).get(cast.meeting.get_absolute_url()).content.decode()
    assert page.index('id="for-me"') < page.index('id="agenda-title"')
    assert f'id="ask-{asked.uuid}"' in page


def test_home_begins_with_them_until_they_are_answered(cast, asked, as_user):
    tom = as_user(cast.tom)
    page = tom.get(HOME)
    text = page.content.decode()
    assert text.index('id="for-me"') < text.index('id="my-actions"')
    assert f'href="{cast.meeting.get_absolute_url()}#ask-{asked.uuid}"' in text
    assert page.context["home"].finding.startswith("2 things to do")  # the question and the action item
    answer_before(asked, actor=cast.tom, text="Two stalled", client_key=KEY)
    home = tom.get(HOME).context["home"]
    assert (home.to_prepare.unanswered, [one.title for one in home.to_prepare.led]) == (
        [],
        ["Winter fluency"],
    )
    assert home.finding.startswith("1 thing to do")


def test_a_restricted_question_waits_only_for_who_may_read_it(cast, asked, as_user):
    cast.meeting.items.filter(pk=asked.pk).update(visibility="restricted")
    asked.readers.create(staff=cast.staff.ana)
    assert as_user(cast.tom).get(HOME).context["home"].to_prepare.unanswered == []
    assert as_user(cast.ana).get(HOME).context["home"].to_prepare.unanswered == [asked]


def test_while_a_meeting_runs_joining_it_is_first(cast, asked, as_user):
    lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    text = as_user(cast.tom).get(HOME).content.decode()
    link = f'<a class="button" href="{cast.meeting.get_absolute_url()}">'
    assert text.count(link) == 1
    assert text.index(link) < text.index('id="my-actions"')
    assert 'id="for-me"' not in text
