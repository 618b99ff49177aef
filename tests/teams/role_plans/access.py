from teams.role_plans.models import RolePlan
from tests.access import Page, Post, Side, by, day

ADA = by("ada", blind="zac", rest=403)  # Zac administers the other school


def _tom(side: Side) -> list:
    return [side.staff.tom.uuid]


def _plans(side: Side) -> list:
    return list(RolePlan.objects.filter(staff=side.staff.tom).values_list("role", flat=True))


def _planned(side: Side) -> None:
    RolePlan.objects.create(
        staff=side.staff.tom, role="specialist", starts_on=day(side, 5), planned_by=side.ada
    )


PAGES = [Page("role-plan", _tom, ADA)]

POSTS = [
    Post(
        "role-plan",
        _tom,
        ADA,
        data=lambda side: {"role": "coordinator", "also": "", "starts_on": day(side, 9), "seen": ""},
        effect=_plans,
        becomes=["coordinator"],
    ),
    Post("role-plan-cancel", _tom, ADA, given=_planned, effect=_plans, becomes=[]),
]
