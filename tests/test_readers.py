"""A prepared query finds for each reader what the rule itself finds, in any order of readers."""

import pytest

from collab.actions.models import Action
from collab.actions.permissions import actions_visible_to
from collab.agendas.models import AgendaItem, Visibility
from collab.agendas.permissions import items_visible_to
from collab.meetings.models import Meeting
from collab.meetings.permissions import meetings_visible_to
from datareview.records.models import Student
from datareview.records.permissions import students_visible_to
from teams.access.prepared import in_prepared, prepared_rows
from teams.access.readers import reader_of
from teams.directory.models import School

PEOPLE = ("ana", "tom", "sol", "cora", "pia", "ada", "gus", "zed")
RULES = {
    "items": (AgendaItem, items_visible_to),
    "actions": (Action, actions_visible_to),
    "meetings": (Meeting, meetings_visible_to),
    "students": (Student, students_visible_to),
}


@pytest.mark.sweep
@pytest.mark.django_db
@pytest.mark.parametrize("rule", RULES)
def test_every_reader_finds_what_the_rule_finds(district, rule):
    AgendaItem.objects.filter(meeting=district.meeting).update(visibility=Visibility.RESTRICTED)
    School.objects.filter(pk=district.school.pk).update(newcomers_read_all=False)
    model, visible = RULES[rule]
    people = [getattr(district, name) for name in PEOPLE]
    for user in [*people, *reversed(people)]:
        expected = {row.pk for row in visible(user)}
        assert {row.pk for row in prepared_rows(visible, reader_of(user))} == expected
        assert set(model.objects.filter(in_prepared(visible, reader_of(user)))) == set(
            model.objects.filter(pk__in=expected)
        )
