"""What is found, by whom, and in which order; the same on every database."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection

from collab.agendas.models import AgendaItem, ItemReader, Topic
from collab.decisions.models import Decision
from collab.discussion.models import Contribution
from collab.followup.models import Cause, Question, TeachingChange
from collab.meetings.models import Guest
from collab.search.matching import FOLD_FROM, fold, marked, parse_terms
from collab.search.queries.kinds import KINDS
from collab.search.queries.texts import search
from teams.lib import clock
from teams.lib.request_cache import request_cache


def say(cast, text, *, item=None, by=None, **fields):
    return Contribution.objects.create(
        item=item or cast.meeting.items.first(),
        author=by or cast.ana,
        text=text,
        client_key=uuid.uuid4(),
        **fields,
    )


def look(cast, text, *, user=None, **options):
    user = user or cast.ana
    school = cast.other_school if user == cast.zed else cast.school
    results = search(user, school, text=text, **options)
    return [str(one.title).replace("<mark>", "").replace("</mark>", "") for one in results.found]


def item_about(cast, student_candidate=None, **fields):
    topic = Topic.objects.create(team=cast.team, title="t", candidate=student_candidate)
    return AgendaItem.objects.create(topic=topic, meeting=cast.meeting, position=9, **fields)


@pytest.mark.parametrize(
    ("text", "query", "is_found"),
    [
        ("Fluency grew in both classes", "fluen", True),
        ("Fluency grew in both classes", "FLUENCY classes", True),
        ("Fluency grew in both classes", "fluency grade", False),
        ("Fluency grew in both classes", "luency", False),
        ("Fluency grew in both classes", '"both classes"', True),
        ("Fluency grew in both classes", '"classes both"', False),
        ("Fluency grew in both classes", "fluency -classes", False),
        ("Fluency grew in both classes", "fluency -school", True),
        ("A check-in every Monday", "check in", True),
        ("A check-in every Monday", '"check in"', True),
        ("A check-in every Monday", "check-in", True),
        ("Niños leen más rápido", "ninos rapido", True),
        ("Ninos leen", "niños", True),
        ("ÁRBOL grande", "árbol", True),
        ("and/or words, e.g. these", "or these", True),
        ("It is 3.5 of 10", "3.5", True),
        ("Room 4A, section b_2", "4a b_2", True),
        ("don't stop", "dont", False),
        ("don't stop", "don't", True),
        ("100 % of <b>them</b>", "them", True),
        ("x", "'", None),
        ("it's ' quoted", "quoted '); drop", False),
        ("words & more | signs ! (here) <-> :*", "signs & here", True),
        ("Straße", "straße", True),
    ],
)
def test_words_match_the_way_people_expect(cast, text, query, is_found):
    say(cast, text)
    assert parse_terms(query).is_in(text) is bool(is_found) or is_found is None
    found = search(cast.ana, cast.school, text=query, kind="contribution").found
    assert bool(found) is bool(is_found)


def test_every_kind_is_searched(cast):
    item = cast.meeting.items.first()
    key = uuid.uuid4
    AgendaItem.objects.filter(pk=item.pk).update(outcome="We know about zebras")
    cast.meeting.purpose = "Zebras"
    cast.meeting.save()
    say(cast, "I see zebras")
    Decision.objects.create(item=item, text="Zebras first", decided_by=cast.ana, client_key=key())
    cast.action.reason = "no zebra there"
    cast.action.save()
    Cause.objects.create(item=item, author=cast.ana, text="Too few zebras", client_key=key())
    TeachingChange.objects.create(
        item=item, teacher=cast.staff.ana, text="More", saw="zebra", client_key=key()
    )
    Question.objects.create(item=item, text="May we", answer="Zebra yes", asked_by=cast.ana, client_key=key())
    found = search(cast.ana, cast.school, text="zebra").found
    assert sorted(one.kind for one in found) == sorted(KINDS)
    for kind in KINDS:
        assert [one.kind for one in search(cast.ana, cast.school, text="zebra", kind=kind).found] == [kind]
    assert search(cast.zed, cast.other_school, text="zebra").found == []
    assert search(cast.zed, cast.school, text="zebra").found == []
    assert search(cast.gil, cast.school, text="zebra").found == []


def test_a_restricted_item_is_found_by_its_readers_and_owner_only(cast):
    item = item_about(cast, title="Secret owls", visibility="restricted", owner=cast.staff.cora)
    item.readers.create(staff=cast.staff.ana)
    say(cast, "Owls at night", item=item)
    Decision.objects.create(item=item, text="Owl boxes", decided_by=cast.ana, client_key=uuid.uuid4())
    finders = {
        name: len(look(cast, "owl", user=getattr(cast, name)))
        for name in ("ana", "tom", "gil", "sol", "cora", "pia", "ada", "zed")
    }
    assert finders == {"ana": 3, "tom": 0, "gil": 0, "sol": 0, "cora": 3, "pia": 0, "ada": 0, "zed": 0}
    ItemReader.objects.create(item=item, staff=cast.staff.tom)
    assert len(look(cast, "owl", user=cast.tom)) == 3


def test_retracted_contributions_are_not_found(cast):
    say(cast, "Herons", deleted_at=clock.now())
    assert look(cast, "heron") == []


def test_private_writing_is_found_by_its_author_only(cast):
    item = item_about(cast, title="x", writing_since=clock.now())
    say(cast, "Herons of Ana", item=item)
    say(cast, "Herons of Tom", item=item, by=cast.tom)
    assert look(cast, "heron") == ["Herons of Ana"]
    assert look(cast, "heron", user=cast.tom) == ["Herons of Tom"]
    item.revealed_at = clock.now()
    item.save()
    assert sorted(look(cast, "heron")) == ["Herons of Ana", "Herons of Tom"]


def test_an_answer_before_the_meeting_is_private_until_the_item_starts(cast):
    item = item_about(cast, title="x")
    say(cast, "Herons", item=item, by=cast.tom, is_before=True)
    assert look(cast, "heron") == []
    assert look(cast, "heron", user=cast.tom) == ["Herons"]
    AgendaItem.objects.filter(pk=item.pk).update(state="done")
    assert look(cast, "heron") == ["Herons"]


def test_a_guest_finds_their_meeting_but_nothing_about_students_they_may_not_see(cast):
    say(cast, "Herons fly")
    item = item_about(cast, cast.candidate, title="Maya and herons")
    say(cast, "Maya watches herons", item=item)
    Decision.objects.create(item=item, text="Herons for Maya", decided_by=cast.ana, client_key=uuid.uuid4())
    assert look(cast, "heron", user=cast.gil) == []
    Guest.objects.create(meeting=cast.meeting, staff=cast.staff.gil, invited_by=cast.ana)
    assert look(cast, "heron", user=cast.gil) == ["Herons fly"]
    assert len(look(cast, "heron")) == 4


def test_a_decision_for_students_the_reader_may_not_see_is_left_out(cast):
    Guest.objects.create(meeting=cast.meeting, staff=cast.staff.gil, invited_by=cast.ana)
    decision = Decision.objects.create(
        item=cast.meeting.items.first(), text="Herons", decided_by=cast.ana, client_key=uuid.uuid4()
    )
    assert look(cast, "heron", user=cast.gil) == ["Herons"]
    decision.students.create(student=cast.maya)
    assert look(cast, "heron", user=cast.gil) == []
    assert look(cast, "heron") == ["Herons"]


def test_an_action_item_about_a_student_is_found_by_people_who_may_see_the_student(cast):
    cast.action.text, cast.action.owner, cast.action.student = "Herons", cast.staff.gil, cast.maya
    cast.action.item = None
    cast.action.save()
    assert look(cast, "heron", user=cast.gil) == []
    assert look(cast, "heron") == ["Herons"]


def test_filters_by_team_kind_and_days(cast):
    say(cast, "Herons")
    day = cast.meeting.starts_at.astimezone(cast.school.tz).date()
    assert look(cast, "heron", team=str(cast.team.uuid)) == ["Herons"]
    assert look(cast, "heron", team=str(cast.other_team.uuid)) == []
    assert look(cast, "heron", since=day, until=day) == ["Herons"]
    assert look(cast, "heron", until=day - dt.timedelta(days=1)) == []
    assert look(cast, "heron", since=day + dt.timedelta(days=1)) == []


def test_best_and_newest_first(cast):
    for text in (
        "Heronry was closed for years and years and nobody said why",
        "Heron, heron!",
        "A heron there",
    ):
        say(cast, text)
    best = ["Heron, heron!", "A heron there", "Heronry was closed for years and years and nobody said why"]
    assert look(cast, "heron") == best
    assert look(cast, "heron", newest=True) == [best[1], best[0], best[2]]


def test_results_have_pages_and_a_sentence_if_there_are_more(cast, monkeypatch):
    monkeypatch.setattr("collab.search.queries.texts.MOST", 25)
    for index in range(24):
        say(cast, f"Heron {index}")
    results = search(cast.ana, cast.school, text="heron", page=2)
    assert (len(results.found), results.page.paginator.count, results.is_cut) == (4, 24, False)
    for index in range(2):
        say(cast, f"Heron {index}")
    results = search(cast.ana, cast.school, text="heron")
    assert (results.page.paginator.count, results.is_cut) == (25, True)


def test_matches_are_marked_and_escaped():
    what = parse_terms("heron b")
    assert marked("<b>Herons</b>", what) == "&lt;<mark>b</mark>&gt;<mark>Herons</mark>&lt;/<mark>b</mark>&gt;"
    long = "word " * 60 + "heron " + "word " * 60
    cut = marked(long, parse_terms("heron"), width=80)
    assert "<mark>heron</mark>" in cut
    assert len(cut) < 110


def test_query_count_does_not_grow_with_results(cast, django_assert_max_num_queries):
    for index in range(6):
        say(cast, f"Heron {index}")
    with request_cache(), django_assert_max_num_queries(15):
        search(cast.ana, cast.school, text="heron")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has a function of its own")
def test_postgresql_folds_as_python_does(cast):
    words = [f"a{letter}z" for letter in FOLD_FROM]
    with connection.cursor() as cursor:
        for word in words:
            cursor.execute(
                "SELECT collab_words(%s) @@ to_tsquery('pg_catalog.simple', %s)",
                [word, parse_terms(word).as_tsquery()],
            )
            assert cursor.fetchone() == (True,), word
            cursor.execute("SELECT array_to_string(tsvector_to_array(collab_words(%s)), ' ')", [word])
            assert set(cursor.fetchone()[0].split()) == set(fold(word).split()), word
