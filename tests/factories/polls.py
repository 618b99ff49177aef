"""Create and answer a poll."""

from __future__ import annotations

import datetime as dt

from collab.polls import services as polls


def ask(cast, **changes):
    fields = {
        "actor": cast.ana,
        "title": "How do the winter results look?",
        "minutes": 45,
        "closes_on": cast.school.today() + dt.timedelta(days=3),
        "people": [cast.staff.ana, cast.staff.tom, cast.staff.gil],
        "times": [at(cast, 3, 10), at(cast, 2, 9), at(cast, 4, 8)],
    } | changes
    return polls.start_poll(cast.team, **fields)


def at(cast, days, hour):
    return cast.school.at(cast.school.today() + dt.timedelta(days=days), dt.time(hour))


def say(poll, user, place, answer):
    option = list(poll.options.all())[place]
    return polls.answer_poll(poll, actor=user, option_uuid=str(option.uuid), answer=answer)
