"""Notes on plans and sessions for some only: who reads them, what others learn, and what is logged."""

from __future__ import annotations

from datareview.anecdotes.models import AnecdoteReading
from datareview.anecdotes.services.anecdotes import AnecdoteValues
from datareview.plan_notes.services import write_plan_note
from datareview.progress.models import Session


def write(cast, sharing="named", **values):
    session = Session.objects.create(
        plan=cast.plan, held_on=cast.school.today(), minutes=20, logged_by=cast.sol
    )
    given = AnecdoteValues("Sleeps in the car", cast.school.today(), sharing=sharing, **values)
    return write_plan_note(cast.plan, actor=cast.sol, values=given, session=session)


def page(cast, who, as_user, at=None):
    return as_user(who).get(at or f"/plans/{cast.plan.uuid}/").content.decode()


def test_named_readers_open_it_which_is_logged_and_nobody_else_learns_of_it(cast, as_user):
    note = write(cast, readers=[cast.staff.cora])
    assert "Sleeps in the car" in page(cast, cast.sol, as_user)
    shown = page(cast, cast.cora, as_user)
    assert "A note for you" in shown
    assert "about the session of" in shown
    assert "Sleeps in the car" not in shown

    for other in (cast.ana, cast.pia, cast.ada):
        shown = page(cast, other, as_user)
        assert "No note that you may read." in shown
        assert "about the session of" not in shown
        assert str(note.anecdote.uuid) not in shown
    assert AnecdoteReading.objects.count() == 0
    link = shown and page(cast, cast.cora, as_user).split('">A note for you')[0].rsplit('href="', 1)[1]
    assert "Sleeps in the car" in page(cast, cast.cora, as_user, link)
    assert list(AnecdoteReading.objects.values_list("reader", "anecdote")) == [
        (cast.cora.pk, note.anecdote_id)
    ]


def test_one_for_oneself_is_seen_by_its_author_only(cast, as_user):
    write(cast, sharing="me")
    assert "Sleeps in the car" in page(cast, cast.sol, as_user)
    assert "Sleeps in the car" not in page(cast, cast.cora, as_user)


def test_a_form_that_was_refused_keeps_the_text_and_the_session(cast, as_user):
    session = Session.objects.create(
        plan=cast.plan, held_on=cast.school.today(), minutes=20, logged_by=cast.sol
    )
    answer = as_user(cast.sol).post(
        f"/plans/{cast.plan.uuid}/notes/new/",
        {
            "text": "Sleeps in the car",
            "sharing": "named",
            "seen_on": cast.school.today(),
            "session": session.pk,
        },
    )
    assert answer.status_code == 422
    assert "Sleeps in the car" in answer.content.decode()
    assert f'<option value="{session.pk}" selected>' in answer.content.decode()
