import datetime as dt

from teams.directory.models import School, Team, TeamMember
from teams.team_admin.services.members import state_of
from teams.team_admin.services.teams import team_fingerprint
from tests.access import READERS, STAFF, TEAM, Page, Post, by, day, now, one
from tests.conftest import TODAY
from tests.factories.district import Side

EDITORS = "cora ada"
OWN = by("cora ada zoe zac", rest=403)  # each at their own school
EDITS = by(EDITORS, sees="ana tom pia")
NEW_TEAM = {"name": "Grade 5", "kind": "grade", "grades": [5], "cohort": "grades", "meets_every_days": 14}


def _member(side: Side) -> TeamMember:
    return side.team.members.get(staff=side.staff.tom)


def _at_member(side: Side) -> list:
    return [side.team.uuid, _member(side).uuid]


def _names(side: Side) -> list[str]:
    return list(Team.objects.filter(school=side.school).order_by("name").values_list("name", flat=True))


def _own_names(side: Side) -> list[str]:
    return _names(side.own)


def _eve(side: Side) -> dt.date:
    """Return the last day of what is copied to the school's year today."""
    return max(side.own.year.starts_on, side.own.school.today()) - dt.timedelta(days=1)


def _archived(side: Side) -> None:
    Team.objects.filter(pk=side.team.pk).update(is_active=False)


def _dates(side: Side) -> list:
    rows = TeamMember.objects.filter(team=side.team, staff=side.staff.tom)
    return list(rows.values_list("is_lead", "ends_on"))


PAGES = [
    Page("team-list", who=by(STAFF)),
    Page("team-add", who=OWN),
    Page("teams-paste", who=OWN),
    Page("teams-copy", who=OWN),
    Page("team-detail", one("team"), by(READERS)),
    Page("team-edit", one("team"), EDITS),
    Page("norms-set", one("team"), by(TEAM, sees="pia ada")),
]

POSTS = [
    Post(
        "teams-change",
        who=OWN,
        data=lambda side: {"do": "archive", "row": side.own.team.uuid},
        effect=lambda side: Team.objects.get(pk=side.own.team.pk).is_active,
        becomes=False,
    ),
    Post(
        "team-add",
        who=OWN,
        data=lambda side: NEW_TEAM,
        effect=_own_names,
        becomes=["Grade 4", "Grade 5"],
    ),
    Post(
        "teams-paste",
        who=OWN,
        data=lambda side: {"rows": "Grade 5; grade; 5\nLeaders; leadership"},
        effect=_own_names,
        becomes=["Grade 4", "Grade 5", "Leaders"],
    ),
    Post(
        "teams-copy",
        who=OWN,
        data=lambda side: {"year": str(side.own.year.uuid), "teams": [str(side.own.team.uuid)]},
        effect=_own_names,
        becomes=lambda side: ["Grade 4", f"Grade 4 ({_eve(side).year})"],
    ),
    Post(
        "team-rules",
        who=OWN,
        data=lambda side: {"leads_edit_members": "on"},
        effect=lambda side: School.objects.values_list("leads_edit_members", "newcomers_read_all").get(
            pk=side.own.school.pk
        ),
        becomes=(True, False),
    ),
    Post(
        "team-edit",
        one("team"),
        EDITS,
        data=lambda side: NEW_TEAM | {"name": "Fourth grade", "seen": team_fingerprint(side.team)},
        effect=now("team", "name", "meets_every_days"),
        becomes=("Fourth grade", 14),
    ),
    Post("team-archive", one("team"), EDITS, effect=now("team", "is_active"), becomes=False),
    Post(
        "team-restore",
        one("team"),
        EDITS,
        given=_archived,
        effect=now("team", "is_active"),
        becomes=True,
    ),
    Post(
        "member-add",
        one("team"),
        EDITS,
        data=lambda side: {"people": side.gil.email, "starts_on": day(side, 1)},
        effect=lambda side: list(
            side.team.members.filter(staff=side.staff.gil).values_list("is_lead", flat=True)
        ),
        becomes=[False],
    ),
    Post(
        "member-change",
        _at_member,
        EDITS,
        data=lambda side: {
            "is_lead": "on",
            "starts_on": _member(side).starts_on.isoformat(),
            "ends_on": day(side, 10),
            "seen": state_of(_member(side)),
        },
        effect=_dates,
        becomes=[(True, TODAY + dt.timedelta(days=10))],
    ),
    Post(
        "member-remove",
        _at_member,
        EDITS,
        effect=lambda side: TeamMember.objects.active().filter(pk=_member(side).pk).count(),
        becomes=0,
    ),
    Post(
        "norms-set",
        one("team"),
        by(TEAM, sees="pia ada"),
        data=lambda side: {"norms": "We begin on time\r\nWe listen", "review_on": day(side, 90)},
        effect=lambda side: list(side.team.norms.values_list("text", flat=True)),
        becomes=["We begin on time", "We listen"],
    ),
]
