"""A live meeting: its current item, contributions and action items."""

import uuid

from collab.actions import services as actions
from collab.discussion import services as contributions
from collab.discussion.queries import discussion_of


def say(item, user, text="Five of six were below in fall.", key=None):
    return contributions.add_contribution(
        item, actor=user, kind="notice", text=text, client_key=key or uuid.uuid4()
    )


def current(meeting):
    return meeting.items.get(state="current")


def add_action(cast, live, **fields):
    values = {
        "text": "Pick passages",
        "owner": cast.staff.tom,
        "due_on": cast.school.today(),
        "client_key": uuid.uuid4(),
    }
    return actions.make_action(current(live), actor=cast.ana, **{**values, **fields})


def texts(user, item):
    discussion = discussion_of(user, item)
    return sorted(
        row.text for group in (*discussion.groups, *discussion.kinds) for row in group.contributions
    )


def fresh(row):
    return type(row).objects.get(pk=row.pk)
