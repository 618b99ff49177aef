"""Notes about what people saw of a student: who reads them, changes, removal; the school's skills."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from datareview.anecdotes.models import Anecdote, Skill
from datareview.anecdotes.permissions import anecdotes_visible_to
from datareview.anecdotes.queries import anecdote_record_of
from datareview.anecdotes.services.anecdotes import (
    AnecdoteValues,
    edit_anecdote,
    remove_anecdote,
    restore_anecdote,
    write_anecdote,
)
from datareview.anecdotes.services.skills import add_skills, rename_skill, retire_skill
from datareview.privacy.services.erasure import erase_student
from teams.audit.models import AuditEvent
from teams.lib.errors import DomainError, StaleEdit
from tests.conftest import TODAY, make_staff

pytestmark = pytest.mark.django_db

SEEN = AnecdoteValues("Stops at each line end", TODAY)
READERS = "ana tom gil sol cora pia ada zed"


def write(cast, who="ana", **changed):
    return write_anecdote(cast.maya, actor=getattr(cast, who), values=replace(SEEN, **changed))


def who_read(cast):
    return [who for who in READERS.split() if anecdotes_visible_to(getattr(cast, who)).exists()]


@pytest.mark.parametrize(
    ("sharing", "readers"),
    [("me", "ana"), ("team", "ana tom"), ("school", "ana tom sol cora pia ada"), ("named", "ana sol")],
)
def test_only_those_read_a_note_whom_its_author_chose(cast, as_user, sharing, readers):
    write(
        cast,
        sharing=sharing,
        team=cast.team if sharing == "team" else None,
        readers=[cast.staff.sol] if sharing == "named" else [],
    )
    assert who_read(cast) == readers.split()
    for who in ["ana", "tom", "sol", "cora", "pia", "ada"]:
        page = as_user(getattr(cast, who)).get(cast.maya.get_absolute_url()).content.decode()
        shown = "A note for you" if sharing == "named" and who != "ana" else "Stops at each line end"
        assert (shown in page) == (who in readers.split()), who


def test_reading_a_note_for_named_people_is_logged_and_its_author_sees_it(cast, as_user):
    note = write(cast, sharing="named", readers=[cast.staff.sol])
    address = reverse("datareview:anecdote-read", args=[note.uuid])
    for _time in range(2):
        assert "Stops at each line end" in as_user(cast.sol).get(address).content.decode()
    for who in ("tom", "cora", "pia", "ada", "zed"):
        assert as_user(getattr(cast, who)).get(address).status_code == 404
    as_user(cast.ana).get(address)
    assert [(one.reader, one.read_on) for one in note.readings.all()] == [(cast.sol, TODAY)]
    assert AuditEvent.objects.filter(verb="read-anecdote").count() == 1
    assert "Sol Vega" in as_user(cast.ana).get(note.get_absolute_url()).content.decode()
    student = as_user(cast.sol).get(cast.maya.get_absolute_url()).content.decode()
    assert "Stops at each line end" not in student


def test_reading_a_note_for_everyone_leaves_no_row(cast, as_user):
    note = write(cast)
    as_user(cast.tom).get(reverse("datareview:anecdote-read", args=[note.uuid]))
    assert not note.readings.exists()


def test_who_left_the_team_reads_its_notes_no_more(cast):
    write(cast, sharing="team", team=cast.team)
    cast.team.members.filter(staff=cast.staff.tom).update(ends_on=TODAY - dt.timedelta(days=1))
    assert "tom" not in who_read(cast)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"text": " "}, "Write what you saw"),
        ({"seen_on": TODAY + dt.timedelta(days=1)}, "in the future"),
        ({"sharing": "team"}, "Choose the team"),
        ({"sharing": "named"}, "Name the people"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(cast, changed, sentence):
    with pytest.raises(DomainError, match=sentence):
        write(cast, **changed)
    assert not Anecdote.objects.exists()


def test_nobody_shares_with_a_team_or_people_that_are_not_theirs(cast):
    other_skill = Skill.objects.create(school=cast.other_school, name="Pace")
    stranger = make_staff("Kim", "Low", cast.other_school, "teacher")
    for changed in (
        {"sharing": "team", "team": cast.other_team},
        {"sharing": "named", "readers": [stranger]},
        {"sharing": "named", "readers": [cast.staff.sol, cast.staff.gil]},
        {"skill": other_skill},
    ):
        with pytest.raises(PermissionDenied):
            write(cast, **changed)
    with pytest.raises(PermissionDenied):
        write_anecdote(cast.leak, actor=cast.ana, values=SEEN)
    with pytest.raises(PermissionDenied):
        write(cast, "gil")


def test_nobody_writes_about_a_student_who_left(cast):
    cast.maya.status = "left"
    with pytest.raises(DomainError, match="has left the school"):
        write(cast)


def test_a_change_keeps_what_was_said_and_two_windows_do_not_overwrite(cast):
    note = write(cast)
    edit_anecdote(note, actor=cast.ana, values=replace(SEEN, text="Reads with melody"), seen=0)
    with pytest.raises(StaleEdit) as stale:
        edit_anecdote(note, actor=cast.ana, values=SEEN, seen=0)
    assert stale.value.current == "Reads with melody"
    note.refresh_from_db()
    assert [one.text for one in note.former.all()] == ["Stops at each line end"]
    for who in ("tom", "cora", "pia", "ada"):
        with pytest.raises(PermissionDenied):
            edit_anecdote(note, actor=getattr(cast, who), values=SEEN, seen=1)
        with pytest.raises(PermissionDenied):
            remove_anecdote(note, actor=getattr(cast, who))


def test_who_may_read_it_changes_without_a_trace_of_readers_left(cast):
    note = write(cast, sharing="named", readers=[cast.staff.sol])
    edit_anecdote(note, actor=cast.ana, values=replace(SEEN, sharing="me"), seen=0)
    note.refresh_from_db()
    assert (list(note.readers.all()), list(note.former.all()), who_read(cast)) == ([], [], ["ana"])
    assert AuditEvent.objects.latest("pk").verb == "edited-anecdote"


def test_a_removed_note_is_on_no_page_and_can_be_restored(cast, as_user):
    note = write(cast)
    ana = as_user(cast.ana)
    removed = ana.post(reverse("datareview:anecdote-remove", args=[note.uuid]), follow=True).content.decode()
    assert "Restore it" in removed
    assert (who_read(cast), anecdote_record_of(cast.ana, cast.maya).latest) == ([], [])
    with pytest.raises(DomainError, match="You removed this note"):
        edit_anecdote(note, actor=cast.ana, values=SEEN, seen=0)
    restore_anecdote(note, actor=cast.ana)
    assert [line.anecdote for line in anecdote_record_of(cast.tom, cast.maya).latest] == [note]


def test_a_skill_of_which_two_people_wrote_is_said(cast):
    (skill,) = add_skills(cast.school, actor=cast.cora, names=["Phrasing"])
    for who in ("ana", "tom"):
        write(cast, who, skill=skill)
    write(cast, "sol", text="Explains aloud", is_strength=True, skill=skill)
    record = anecdote_record_of(cast.cora, cast.maya)
    assert [(one.skill, one.people) for one in record.shared] == [("Phrasing", 2)]
    assert [line.anecdote.text for line in record.strengths] == ["Explains aloud"]
    assert anecdote_record_of(cast.gil, cast.jonas).latest == []


def test_skills_are_added_once_renamed_and_retired(cast):
    made = add_skills(cast.school, actor=cast.ada, names=["Phrasing", " phrasing ", "", "Pace"])
    assert sorted(one.name for one in made) == ["Pace", "phrasing"]
    pace = Skill.objects.get(name="Pace")
    with pytest.raises(DomainError, match="There is a skill"):
        rename_skill(pace, actor=cast.cora, name="PHRASING")
    assert rename_skill(pace, actor=cast.cora, name="Tempo").name == "Tempo"
    retire_skill(pace, actor=cast.cora, is_retired=True)
    assert add_skills(cast.school, actor=cast.cora, names=["tempo"]) == []
    assert not Skill.objects.get(name="Tempo").is_retired
    for who in ("ana", "sol", "pia", "zed"):
        with pytest.raises(PermissionDenied):
            add_skills(cast.school, actor=getattr(cast, who), names=["Pace"])
    with pytest.raises(DomainError, match="too long"):
        add_skills(cast.school, actor=cast.cora, names=["x" * 41])
    with pytest.raises(DomainError, match="at least one"):
        add_skills(cast.school, actor=cast.cora, names=[" "])


def test_the_form_is_today_keeps_what_was_typed_and_a_double_click_makes_one(cast, as_user):
    tom, address = as_user(cast.tom), reverse("datareview:anecdote-write", args=[cast.maya.uuid])
    assert tom.get(address).context["form"]["seen_on"].value() == TODAY
    sent = {"text": "Reads alone", "sharing": "team", "seen_on": TODAY}
    refused = tom.post(address, sent)
    assert (refused.status_code, "Reads alone" in refused.content.decode()) == (422, True)
    sent |= {"team": cast.team.uuid, "form_key": "0b0e8d68-3e0c-4b4c-8f4b-6f1f6f0a8a12"}
    for _click in range(2):
        assert tom.post(address, sent).url == cast.maya.get_absolute_url()
    assert Anecdote.objects.count() == 1


def test_the_form_of_a_note_has_its_retired_skill(cast, as_user):
    skill = Skill.objects.create(school=cast.school, name="Pace")
    note = write(cast, skill=skill)
    retire_skill(skill, actor=cast.cora, is_retired=True)
    page = as_user(cast.ana).get(reverse("datareview:anecdote-edit", args=[note.uuid])).content.decode()
    assert "Pace" in page
    assert (
        "Pace"
        not in as_user(cast.ana)
        .get(reverse("datareview:anecdote-write", args=[cast.maya.uuid]))
        .content.decode()
    )


def test_notes_are_erased_with_the_student_and_seen_where_people_decide(cast, as_user):
    write(cast, who="tom")
    cora = as_user(cast.cora)
    for page in (cast.candidate.get_absolute_url(), reverse("datareview:plan-review", args=[cast.plan.uuid])):
        assert "Stops at each line end" in cora.get(page).content.decode(), page
    erase_student(cast.maya, actor=cast.ada)
    assert not Anecdote.objects.exists()
