"""What keeps people from being added: who works here already, and numbers that are taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.db.models import Q
from django.utils.translation import gettext as _

from teams.account.queries import unproven_sentence
from teams.directory.models import Staff, User
from teams.people.rows import NewPerson, PastedLine, email_problem, read_people

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from teams.directory.models import School


@dataclass(frozen=True, slots=True)
class Checked:
    """Pasted lines after their check: people who can be added, and the lines that can't be, with their problems."""

    people: list[NewPerson]
    refused: list[PastedLine]

    @property
    def left(self) -> str:
        """The text of the lines that can't be added."""
        return "\n".join(line.text for line in self.refused)


def check_lines(school: School, text: str) -> Checked:
    """Check pasted ``text`` line by line against itself and the people of ``school``. Nothing is saved."""
    lines = read_people(text)
    found = [(line, line.person) for line in lines if line.person is not None]
    problems = problems_of(school, [person for _line, person in found])
    late = {line.number: problems[place] for place, (line, _one) in enumerate(found) if place in problems}
    return Checked(
        [person for line, person in found if line.number not in late],
        [
            PastedLine(line.number, line.text, problem=line.problem or late[line.number])
            for line in lines
            if line.problem or line.number in late
        ],
    )


def problems_of(school: School, people: Sequence[NewPerson]) -> dict[int, str]:
    """Why some of ``people`` can't be added to ``school``, as sentences by their place in the list."""
    accounts = accounts_by_email(person.email for person in people)
    rows = Staff.objects.filter(school=school)
    here = set(
        rows.filter(Q(ends_on=None) | Q(ends_on__gte=school.today())).values_list("user_id", flat=True)
    )
    known = set(rows.values_list("user_id", flat=True))
    owners = dict(rows.exclude(local_id="").values_list("local_id", "user_id"))
    problems: dict[int, str] = {}
    emails, numbers = set[str](), set[str]()
    for place, person in enumerate(people):
        email, user = person.email.lower(), accounts.get(person.email.lower())
        account = str(user.pk) if user else email
        if problem := email_problem(person.email):
            problems[place] = problem
        elif account in emails:
            problems[place] = _("%(email)s is in the list twice.") % {"email": person.email}
        elif user is not None and user.pk in here:
            problems[place] = _("%(email)s works here already.") % {"email": person.email}
        elif user is not None and user.has_unproven_address and user.pk not in known:
            problems[place] = unproven_sentence(user)
        elif person.local_id and (
            person.local_id in numbers
            or (person.local_id in owners and owners[person.local_id] != (user.pk if user else None))
        ):
            problems[place] = _("The staff id %(id)s is someone else’s.") % {"id": person.local_id}
        else:
            emails.add(account)
            numbers.add(person.local_id)
    return problems


def accounts_by_email(emails: Iterable[str]) -> dict[str, User]:
    """Map email addresses in lower case to the accounts they belong to: as their address, or a verified other one."""
    wanted = {email.lower() for email in emails}
    others = EmailAddress.objects.filter(email__in=wanted, verified=True).select_related("user")
    found = {row.email.lower(): row.user for row in others}
    found.update({user.email.lower(): user for user in User.objects.filter(email__in=wanted)})
    return found
