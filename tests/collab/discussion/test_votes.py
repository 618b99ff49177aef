"""Votes and groups."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from collab.discussion import services as contributions
from collab.discussion.models import Vote
from collab.discussion.queries import discussion_of
from teams.lib.errors import DomainError
from tests.factories.meetings import current, fresh, say


def test_everyone_has_three_votes_on_an_item_and_the_database_refuses_a_fourth(cast, live):
    item = current(live)
    rows = [say(item, cast.tom, text=f"Idea {n}") for n in range(4)]
    left = [contributions.toggle_vote(item, actor=cast.ana, contribution=row) for row in rows[:3]]
    assert left == [2, 1, 0]
    with pytest.raises(DomainError, match="You have used all your votes on this item"):
        contributions.toggle_vote(item, actor=cast.ana, contribution=rows[3])
    for slot in (3, 4):
        with pytest.raises(IntegrityError), transaction.atomic():
            Vote.objects.create(item=item, user=cast.ana, slot=slot, contribution=rows[3])
    assert contributions.toggle_vote(item, actor=cast.ana, contribution=rows[0]) == 1
    assert contributions.toggle_vote(item, actor=cast.ana, contribution=rows[3]) == 0


def test_contributions_are_grouped_and_an_empty_group_is_deleted(cast, live):
    item = current(live)
    one, two = say(item, cast.ana, text="One"), say(item, cast.tom, text="Two")
    cluster = contributions.group_contribution(one, actor=cast.tom, onto="new", title="After the break")
    contributions.group_contribution(two, actor=cast.ana, onto=str(cluster.uuid))
    contributions.toggle_vote(item, actor=cast.tom, cluster=cluster)
    (group,) = discussion_of(cast.ana, item).groups
    assert (group.label, len(group.contributions), group.cluster.voted) == ("After the break", 2, 1)
    contributions.group_contribution(fresh(one), actor=cast.ana, onto="")
    contributions.group_contribution(fresh(two), actor=cast.ana, onto="")
    assert discussion_of(cast.ana, item).groups == []
    with pytest.raises(DomainError, match="no longer exists"):
        contributions.group_contribution(fresh(one), actor=cast.ana, onto=str(cluster.uuid))


def votes(user, item):
    return discussion_of(user, item).votes_left


def test_retracting_a_contribution_returns_its_votes(cast, live):
    item = current(live)
    contribution = say(item, cast.tom, text="Hasty")
    contributions.toggle_vote(item, actor=cast.ana, contribution=contribution)
    contributions.retract_contribution(contribution, actor=cast.tom)
    assert (votes(cast.ana, item), Vote.objects.count()) == (3, 0)
    contributions.restore_contribution(fresh(contribution), actor=cast.tom)
    assert votes(cast.ana, item) == 3


def test_votes_move_with_a_contribution_into_its_group_once_per_person(cast, live):
    item = current(live)
    one, two = say(item, cast.tom, text="One"), say(item, cast.tom, text="Two")
    for row in (one, two):
        contributions.toggle_vote(item, actor=cast.ana, contribution=row)
    cluster = contributions.group_contribution(one, actor=cast.tom, onto="new", title="Both")
    contributions.group_contribution(two, actor=cast.tom, onto=str(cluster.uuid))
    (group,) = discussion_of(cast.ana, item).groups
    assert (group.cluster.voted, group.cluster.i_voted, votes(cast.ana, item)) == (1, True, 2)
    for row in (one, two):
        contributions.retract_contribution(fresh(row), actor=cast.tom)
    assert (discussion_of(cast.ana, item).groups, votes(cast.ana, item)) == ([], 3)


def test_votes_go_into_a_group_and_out_again_with_their_contribution(cast, live):
    item = current(live)
    one, two = say(item, cast.ana, text="One"), say(item, cast.ana, text="Two")
    for user in (cast.ana, cast.tom):
        contributions.toggle_vote(item, actor=user, contribution=one)
    cluster = contributions.group_contribution(two, actor=cast.ana, onto="new", title="Both")
    contributions.group_contribution(one, actor=cast.ana, onto=str(cluster.uuid))
    assert cluster.votes.count() == 2
    contributions.group_contribution(one, actor=cast.ana, onto="")
    assert set(fresh(one).votes.values_list("user", flat=True)) == {cast.ana.pk, cast.tom.pk}
    assert (cluster.votes.count(), votes(cast.tom, item)) == (0, 2)


def test_votes_for_a_group_stay_with_the_contribution_that_leaves_it_empty(cast, live):
    item = current(live)
    one = say(item, cast.ana, text="One")
    cluster = contributions.group_contribution(one, actor=cast.ana, onto="new", title="Alone")
    contributions.toggle_vote(item, actor=cast.tom, cluster=cluster)
    contributions.group_contribution(one, actor=cast.ana, onto="")
    assert list(fresh(one).votes.values_list("user", flat=True)) == [cast.tom.pk]
    assert item.clusters.count() == 0


def test_a_vote_on_a_card_that_has_just_been_grouped_is_for_the_group(cast, live):
    item = current(live)
    one = say(item, cast.ana, text="One")
    cluster = contributions.group_contribution(fresh(one), actor=cast.ana, onto="new", title="Both")
    contributions.toggle_vote(item, actor=cast.tom, contribution=one)  # as his page still shows it
    assert (cluster.votes.count(), one.votes.count(), votes(cast.tom, item)) == (1, 0, 2)
    with pytest.raises(DomainError, match="your vote counts for the group"):
        contributions.toggle_vote(item, actor=cast.tom, contribution=one)
    assert contributions.toggle_vote(item, actor=cast.tom, cluster=cluster) == 3


def test_nobody_votes_or_groups_while_all_write_privately(cast, live):
    item = current(live)
    one = say(item, cast.tom, text="One")
    one.item  # loaded before private writing began  # noqa: B018
    cluster = item.clusters.create(title="Both")
    contributions.write_privately(item, actor=cast.ana)
    for work in (
        lambda: contributions.toggle_vote(item, actor=cast.ana, cluster=cluster),
        lambda: contributions.toggle_vote(item, actor=cast.ana, contribution=one),
        lambda: contributions.toggle_agreement(one, actor=cast.ana),
        lambda: contributions.group_contribution(one, actor=cast.ana, onto=str(cluster.uuid)),
    ):
        with pytest.raises(DomainError):
            work()
    assert (Vote.objects.count(), fresh(one).cluster) == (0, None)


def test_a_button_pressed_on_two_devices_gives_one_vote_and_one_agreement(cast, live):
    item = current(live)
    row = say(item, cast.ana, text="Idea")
    left = [contributions.toggle_vote(item, actor=cast.tom, contribution=row, wanted=True) for _ in range(2)]
    agrees = [contributions.toggle_agreement(row, actor=cast.tom, wanted=True) for _ in range(2)]
    kinds = discussion_of(cast.tom, item).kinds
    assert (left, agrees) == ([2, 2], [True, True])
    assert [(one.voted, one.agree) for kind in kinds for one in kind.contributions] == [(1, 1)]
    left = [contributions.toggle_vote(item, actor=cast.tom, contribution=row, wanted=False) for _ in range(2)]
    assert (left, contributions.toggle_agreement(row, actor=cast.tom, wanted=False)) == ([3, 3], False)


def test_the_buttons_of_a_contribution_say_what_they_do(cast, live, as_user):
    row, client = say(current(live), cast.ana, text="Idea"), as_user(cast.tom)
    address = reverse("collab:contribution-vote", args=[live.uuid, row.uuid])
    for wanted, votes in (("yes", 1), ("yes", 1), ("no", 0), ("no", 0)):
        client.post(address, {"wanted": wanted})
        assert row.votes.count() == votes
    page = client.get(live.get_absolute_url()).content.decode()
    assert (page.count('value="yes"'), page.count('value="no"')) == (2, 0)
