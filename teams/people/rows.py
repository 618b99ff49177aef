"""Read people from pasted lines: name, email address, role, staff id."""

from __future__ import annotations

import csv
import datetime as dt  # noqa: TC003 (an annotation of a dataclass)
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from teams.access.permissions import USUAL_ROLE
from teams.directory.models import SECOND_ROLES, Role
from teams.tables.emails import name_in_email, split_addresses

NAME_LENGTH, ID_LENGTH, EMAIL_LENGTH, TITLE_LENGTH = 150, 40, 254, 80
DELIMITERS = ("\t", ";", ",")  # the first of these that a line contains
# Last words of titles of people who work as specialists.
SPECIALISTS = {"counselor", "counsellor", "psychologist", "interventionist"}
HEADINGS = {"name", "first name", "last name", "email", "e-mail", "nombre"}


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to add. ``local_id`` is the school's own staff number; without ``starts_on`` they begin today."""

    email: str
    first_name: str = ""
    last_name: str = ""
    role: str = USUAL_ROLE
    local_id: str = ""
    title: str = ""
    starts_on: dt.date | None = None

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email


@dataclass(frozen=True, slots=True)
class PastedLine:
    """A line of pasted text, with its number: a person, or the ``problem`` as a sentence."""

    number: int
    text: str
    person: NewPerson | None = None
    problem: str = ""


def read_people(text: str) -> list[PastedLine]:
    """Parse pasted text, one person per line, separated by tabs, semicolons or commas. Empty lines are left out.

    A line is name, email address, role and staff id. The name may be two columns (first, last) or "Last, First". Role
    and staff id may be missing, and so may the name, which is then guessed from the address. A line may also be a list
    of addresses, as email programs copy it: "Ana Ruiz <ana@lincoln.org>; Bo Lee <bo@lincoln.org>", or without names. A
    first line of column names is skipped.
    """
    lines = [
        (number, part)
        for number, line in enumerate(text.splitlines(), start=1)
        for part in split_addresses(line)
    ]
    if lines and "@" not in lines[0][1] and HEADINGS & {cell.lower() for cell in _cells(lines[0][1])}:
        lines = lines[1:]
    return [_read_line(number, line) for number, line in lines]


def email_problem(email: str) -> str:
    """Why ``email`` is not an email address, as a sentence; empty if it is one."""
    local, at, host = email.partition("@")
    if not at or not local:
        return _("There is no email address.")
    if "." not in host.strip("."):
        return _("The address has no ending, like .org.")
    try:
        validate_email(email)
    except ValidationError:
        return _("“%(text)s” is not an email address.") % {"text": email}
    return _("The address is too long.") if len(email) > EMAIL_LENGTH else ""


def _cells(line: str) -> list[str]:
    delimiter = next((one for one in DELIMITERS if one in line), ",")
    cells = next(csv.reader([line.replace("\0", "")], delimiter=delimiter, skipinitialspace=True), [])
    return [" ".join(cell.split()) for cell in cells]


def _read_line(number: int, text: str) -> PastedLine:
    cells = _cells(text)
    at = next((place for place, cell in enumerate(cells) if "@" in cell), None)
    if at is None:
        return PastedLine(number, text, problem=_("There is no email address."))
    names, email, rest = cells[:at], cells[at].lower(), [*cells[at + 1 :], "", ""]
    first, last = split_name(names) if any(names) else name_in_email(email)
    role = role_named(rest[0])
    problem = (
        email_problem(email)
        or (_("The name is missing.") if not first else "")
        or (_("There are too many columns.") if len(names) > 2 or any(rest[2:]) else "")
        or (_("The name is too long.") if max(len(first), len(last)) > NAME_LENGTH else "")
        or (no_role_sentence(rest[0]) if role is None else "")
        or (_("The title is too long.") if len(rest[0]) > TITLE_LENGTH else "")
        or (_("The staff id is too long.") if len(rest[1]) > ID_LENGTH else "")
    )
    if problem or role is None:
        return PastedLine(number, text, problem=problem)
    return PastedLine(number, text, NewPerson(email, first, last, role[0], rest[1], role[1]))


def split_name(cells: list[str]) -> tuple[str, str]:
    """First and last name from one or two columns. In "Ana Ruiz López" the first word is the first name."""
    if len(cells) == 2:
        return cells[0], cells[1]
    name = cells[0] if cells else ""
    last, comma, first = name.partition(",")
    if comma:
        return first.strip(), last.strip()
    first, _space, last = name.partition(" ")
    return first, last


def role_named(word: str) -> tuple[str, str] | None:
    """The role that ``word`` names, in English or the reader's language, or a title like "math teacher"; and the title.

    The usual role if it is empty, None if it names no role.
    """
    if not word:
        return USUAL_ROLE, ""
    names = {text.lower(): Role(value) for value, label in Role.choices for text in (value, str(label))}
    if role := names.get(word.lower()):
        return role, ""
    last = word.lower().split()[-1]
    role = names.get("specialist" if last in SPECIALISTS else last)
    return (role, word) if role in SECOND_ROLES else None  # a title makes no one administrator


def no_role_sentence(word: str) -> str:
    """The sentence about a word that names no role."""
    roles = ", ".join(str(label) for label in Role.labels)
    return _("“%(role)s” is not a role. The roles are: %(roles)s.") % {"role": word, "roles": roles}
