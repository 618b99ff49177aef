import datetime as dt

from teams.directory.models import Staff, User
from teams.invitations.models import Invitation
from teams.lib import clock
from tests.access import Elsewhere, Page, Post, Side, by, now, one

ADMINISTRATORS = by("ada zac", rest=403)
ADA = by("ada", blind="zac", rest=403)  # Zac administers the other school


def _tom(side: Side) -> list:
    return [side.staff.tom.uuid]


def _toms(*fields: str):
    return lambda side: Staff.objects.filter(pk=side.staff.tom.pk).values_list(*fields).first()


def _invite(side: Side) -> None:
    Invitation.objects.create(staff=side.staff.tom, expires_at=clock.now() + dt.timedelta(days=1))


def _invitations(side: Side) -> list:
    rows = Invitation.objects.filter(staff=side.staff.tom).order_by("pk")
    return [(one.sent_by, one.withdrawn_at is None) for one in rows]


def _newcomer(side: Side) -> None:
    """Someone who never signed in."""
    user = User.objects.create_user(f"new-{side.school.pk}@new.test", first_name="Eve")
    side.newcomer = Staff.objects.create(user=user, school=side.school, role="teacher")


def _left(side: Side) -> None:
    Staff.objects.filter(pk=side.staff.tom.pk).update(ends_on=side.school.today() - dt.timedelta(days=9))


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
    Page("person-detail", _tom, ADA),
    Page("person-edit", _tom, ADA),
    Page("person-leave", _tom, ADA),
    Page("work-handover", _tom, ADA),
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
    Post(
        "people-change",
        who=by("ada", refused="zac", rest=403),
        data=lambda side: {"row": str(side.staff.tom.uuid), "do": "role", "new_role": "specialist"},
        effect=_toms("role"),
        becomes=("specialist",),
    ),
    Post(
        "person-edit",
        _tom,
        ADA,
        data=lambda side: {
            "title": "Head of Math",
            "local_id": "8",
            "seen": f"{side.tom.first_name} · {side.tom.last_name} · {side.tom.email} ·  · ",
        },
        effect=_toms("title", "local_id"),
        becomes=("Head of Math", "8"),
    ),
    Post(
        "role-change",
        _tom,
        ADA,
        data=lambda side: {"role": "principal"},
        effect=_toms("role"),
        becomes=("principal",),
    ),
    Post(
        "person-leave",
        _tom,
        ADA,
        data=lambda side: {"last_day": side.school.today().isoformat()},
        effect=_toms("ends_on"),
        becomes=lambda side: (side.school.today(),),
    ),
    Post(
        "work-handover",
        lambda side: [side.staff.sol.uuid],
        ADA,
        data=lambda side: {"plans-delivered": str(side.staff.tom.uuid)},
        effect=now("plan", "provider"),
        becomes=lambda side: side.staff.tom.pk,
    ),
    Post(
        "person-return",
        _tom,
        ADA,
        given=_left,
        data=lambda side: {"role": "teacher"},
        effect=_toms("ends_on"),
        becomes=(None,),
    ),
    Post(
        "person-invite",
        one("newcomer"),
        ADA,
        given=_newcomer,
        effect=lambda side: list(side.newcomer.invitations.values_list("sent_by", flat=True)),
        becomes=lambda side: [side.ada.pk],
    ),
    Post(
        "invitation-withdraw",
        _tom,
        ADA,
        given=_invite,
        effect=_invitations,
        becomes=[(None, False)],
    ),
]

ELSEWHERE = [
    Elsewhere("password-link", "asks for the password again; tests/teams/people/test_password_link.py"),
    Elsewhere("second-step-reset", "asks for the password again; tests/teams/people/test_second_step.py"),
]
