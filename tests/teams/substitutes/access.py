from teams.directory.models import Substitution
from tests.access import Page, Post, Side, by, day, one

ADA = by("ada", blind="zac", rest=403)  # Zac administers the other school


def _tom(side: Side) -> list:
    return [side.staff.tom.uuid]


def _replaced(side: Side) -> None:
    today = side.school.today()
    side.substitution = Substitution.objects.create(
        replaced=side.staff.tom, substitute=side.staff.sol, starts_on=today, ends_on=today
    )


def _substitutes(side: Side) -> list:
    return list(Substitution.objects.filter(replaced=side.staff.tom).values_list("substitute", flat=True))


PAGES = [Page("substitute-name", _tom, ADA)]

POSTS = [
    Post(
        "substitute-name",
        _tom,
        ADA,
        data=lambda side: {
            "substitute": side.staff.sol.uuid,
            "starts_on": day(side, 0),
            "ends_on": day(side, 3),
        },
        effect=lambda side: len(_substitutes(side)),
        becomes=1,
    ),
    Post("substitution-end", one("substitution"), ADA, given=_replaced, effect=_substitutes, becomes=[]),
]
