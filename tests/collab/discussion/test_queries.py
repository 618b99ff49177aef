"""A busy page gets only new rows, or everything if more than rows changed."""

import uuid

import pytest
from django.urls import reverse

from collab.agendas.services import items
from collab.discussion import services as contributions
from collab.discussion.queries import discussion_of, update_since
from collab.meetings.models import Meeting
from collab.room.services import clock, lifecycle
from tests.factories.meetings import current, say


@pytest.fixture
def live(cast):
    return lifecycle.start_meeting(cast.meeting, actor=cast.ana)


@pytest.fixture
def updates(live):
    """``updates(user, work)``: the update of ``user``'s page after ``work()``."""

    def after(user, work):
        since = Meeting.objects.get(pk=live.pk).revision
        work()
        return update_since(user, current(Meeting.objects.get(pk=live.pk)), since)

    return after


def fresh(found):
    return [(group.kind, [row.text for row in group.contributions]) for group in found.fresh]


def test_a_new_row_is_sent_alone_with_the_count(cast, live, updates):
    say(current(live), cast.ana, "First")
    found = updates(
        cast.tom, lambda: [say(current(live), cast.ana, "Second"), say(current(live), cast.tom, "Third")]
    )
    assert fresh(found) == [("notice", ["Second", "Third"])]
    assert found.counts == {"notice": 3}
    assert found.changed == []


def test_an_agreement_re_renders_one_row(cast, live, updates):
    first, _second = say(current(live), cast.ana, "First"), say(current(live), cast.ana, "Second")
    found = updates(cast.tom, lambda: contributions.toggle_agreement(first, actor=cast.tom))
    assert [(row.text, row.agree, row.voted, row.i_agree) for row in found.changed] == [("First", 1, 0, True)]
    assert (found.fresh, found.votes_left, found.rows) == ([], None, 1)


def test_a_vote_re_renders_all_since_it_can_move_a_row(cast, live, updates):
    first, second = (say(current(live), cast.ana, text) for text in ("First", "Second"))
    item = current(live)
    assert (
        updates(cast.tom, lambda: contributions.toggle_vote(item, actor=cast.tom, contribution=second))
        is None
    )
    (notices,) = (group for group in discussion_of(cast.ana, item).kinds if group.kind == "notice")
    assert notices.contributions == [second, first]


def test_a_long_list_shows_those_with_most_votes_and_the_newest(cast, live):
    item = current(live)
    rows = [say(item, cast.ana, str(n)) for n in range(12)]
    contributions.toggle_vote(item, actor=cast.tom, contribution=rows[9])
    (notices,) = (group for group in discussion_of(cast.ana, item).kinds if group.kind == "notice")
    found = [[int(row.text) for row in part] for part in (notices.first, notices.folded, notices.last)]
    assert found == [[9, 0, 1, 2, 3, 4], [5, 6, 7], [8, 10, 11]]


def test_a_list_that_grows_folds_again_after_each_ten(cast, live, updates):
    item = current(live)
    folds = [updates(cast.tom, lambda n=n: say(item, cast.ana, str(n))) is None for n in range(1, 22)]
    assert [n for n, folded in enumerate(folds, start=1) if folded] == [11, 21]
    assert updates(cast.tom, lambda: [say(item, cast.ana, text) for text in "abcdefghijk"]) is None


def test_each_reader_sees_their_own_agreement_in_rows_loaded_once_for_all(cast, live, updates):
    first = say(current(live), cast.ana, "First")
    since = Meeting.objects.get(pk=live.pk).revision
    contributions.toggle_agreement(first, actor=cast.tom)
    item = current(Meeting.objects.get(pk=live.pk))
    found = {user: update_since(user, item, since) for user in (cast.tom, cast.ana)}
    hands = {user: [(row.i_agree, row.agree) for row in found[user].changed] for user in found}
    assert hands == {cast.tom: [(True, 1)], cast.ana: [(False, 1)]}


def test_a_restricted_item_has_no_incremental_updates(cast, live, updates):
    item = current(live)
    row = say(item, cast.ana, "First")
    item.visibility = "restricted"
    item.save(update_fields=["visibility"])
    assert row.item.meeting_id == live.pk
    assert updates(cast.tom, lambda: None) is None


def test_changes_elsewhere_in_the_room_update_no_rows(cast, live, updates):
    say(current(live), cast.ana, "First")
    found = updates(cast.tom, lambda: clock.add_minutes(live, actor=cast.ana, minutes=2))
    assert found.rows == 0


@pytest.mark.parametrize(
    "work",
    [
        lambda cast, live, row: contributions.retract_contribution(row, actor=cast.ana),
        lambda cast, live, row: contributions.edit_contribution(
            row, actor=cast.ana, kind="wonder", text="Other", version=row.version
        ),
        lambda cast, live, row: contributions.group_contribution(
            row, actor=cast.tom, onto="new", title="Mondays"
        ),
        lambda cast, live, row: clock.go_to_item(
            live,
            actor=cast.ana,
            item_uuid=str(live.items.order_by("position")[1].uuid),
            expected=str(current(live).uuid),
            anyway=True,
        ),
        lambda cast, live, row: contributions.add_contribution(
            current(live), actor=cast.ana, kind="idea", text="The first idea", client_key=uuid.uuid4()
        ),
    ],
    ids=["taken back", "reworded", "grouped", "another item", "the first of its kind"],
)
def test_everything_is_re_rendered_if_more_than_rows_changed(cast, live, updates, work):
    items.add_item(live, actor=cast.ana, title="More", minutes=5)
    row = say(current(live), cast.ana, "First")
    assert updates(cast.tom, lambda: work(cast, live, row)) is None


def test_a_vote_for_a_cluster_re_renders_everything(cast, live, updates):
    row = say(current(live), cast.ana, "First")
    group = contributions.group_contribution(row, actor=cast.tom, onto="new", title="Mondays")
    vote = lambda: contributions.toggle_vote(row.item, actor=cast.tom, cluster=group)  # noqa: E731
    assert updates(cast.ana, vote) is None


def test_during_private_writing_there_are_no_updates_from_others(cast, live, updates):
    contributions.write_privately(current(live), actor=cast.ana)
    assert updates(cast.tom, lambda: say(current(live), cast.ana, "Mine alone")) is None


def test_the_page_gets_the_rows_with_instructions_to_append_them(cast, live, as_user):
    say(current(live), cast.ana, "First")
    live.refresh_from_db()
    say(current(live), cast.ana, "Second")
    page = as_user(cast.tom)
    url = f"{live.get_absolute_url()}?region=contributions"
    answer = page.get(url, headers={"HX-Request": "true", "Room-Drawn": str(live.revision)})
    body = answer.content.decode()
    assert (answer["Room-Regions"], answer["Room-Revision"]) == ("contributions", str(live.revision + 1))
    assert ("Second" in body, "First" in body) == (True, False)
    assert 'id="said-notice" hx-swap-oob="beforeend"' in body
    assert '<b id="count-notice" hx-swap-oob="true">2</b>' in body
    live.refresh_from_db()
    nothing = page.get(url, headers={"HX-Request": "true", "Room-Drawn": str(live.revision)})
    assert (nothing.status_code, nothing["Room-Revision"]) == (204, str(live.revision))
    whole = page.get(url, headers={"HX-Request": "true"}).content.decode()
    assert whole.count('<li id="said-') == 2


def test_query_count_of_an_update_and_of_a_contribution(cast, live, as_user, django_assert_max_num_queries):
    say(current(live), cast.ana, "First")
    since = Meeting.objects.get(pk=live.pk).revision
    url = f"{live.get_absolute_url()}?region=contributions"
    for n in range(3):
        say(current(live), cast.ana, f"More {n}")
    ana, htmx = as_user(cast.ana), {"HX-Request": "true", "Room-Drawn": str(since)}
    ana.get(url, headers=htmx)
    tom = as_user(cast.tom)
    # session, user, schools, membership, meeting, item, and whether a word in the texts is a student's name
    with django_assert_max_num_queries(7):
        assert tom.get(url, headers=htmx).content.count(b'<li id="said-') == 3
    url = reverse("collab:contribution-add", args=[live.uuid, current(live).uuid])
    form = {"kind": "wonder", "text": "I see", "client_key": uuid.uuid4()}
    with django_assert_max_num_queries(25):
        assert tom.post(url, form, headers=htmx).content.count(b'<li id="said-') == 4
