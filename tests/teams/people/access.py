from teams.directory.models import Staff
from tests.access import Page, Post, Side, by

ADMINISTRATORS = by("ada zac", rest=403)


def _people(*emails: str):
    def read(side: Side) -> list:
        rows = Staff.objects.filter(school=side.own.school, user__email__in=emails)
        return list(rows.order_by("user__email").values_list("user__email", "role"))

    return read


PAGES = [
    Page("person-list", who=ADMINISTRATORS),
    Page("person-export", who=ADMINISTRATORS),
    Page("role-list", who=ADMINISTRATORS),
    Page("person-add", who=ADMINISTRATORS),
]

POSTS = [
    Post(
        "person-add",
        who=ADMINISTRATORS,
        data=lambda side: {
            "first_name": "Eve",
            "last_name": "de Witt",
            "email": "eve@new.test",
            "role": "teacher",
        },
        effect=_people("eve@new.test"),
        becomes=[("eve@new.test", "teacher")],
    ),
    Post(
        "people-paste",
        who=ADMINISTRATORS,
        data=lambda side: {"lines": "Eve de Witt, eve@new.test\nJo Low\tjo@new.test\tspecialist\t77"},
        effect=_people("eve@new.test", "jo@new.test"),
        becomes=[("eve@new.test", "teacher"), ("jo@new.test", "specialist")],
    ),
]
