from teams.schools.queries import school_fingerprint
from tests.access import Page, Post, by


def typed(side):
    """The school with another name."""
    return {
        "seen": school_fingerprint(side.own.school),
        "name": "Renamed",
        "time_zone": "America/Denver",
        "language": "en",
        "lowest_grade": 0,
        "highest_grade": 5,
        "min_group_size": 12,
    }


PAGES = [Page("school-edit", who=by("ada zac", rest=403))]

POSTS = [
    Post(
        "school-edit",
        who=by("ada zac", rest=403),
        data=typed,
        effect=lambda side: type(side.own.school).objects.get(pk=side.own.school.pk).name,
        becomes="Renamed",
    ),
]
