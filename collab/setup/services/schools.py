"""Add a school with what every school has from its first day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext, override

from collab.setup.grades import grades_in_name
from collab.setup.queries.terms import usual_terms
from datareview.measures.services.measures import add_derived_measures
from teams.access.permissions import FIRST_ROLE
from teams.account.queries import unproven_sentence
from teams.account.services.joining import give_role
from teams.audit.services import record_event
from teams.directory.models import School, SchoolYear, Term
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from teams.directory.models import User


@transaction.atomic
def add_school(
    name: str, *, actor: User | None, administrator: User, time_zone: str, language: str
) -> School:
    """Add a school with its year, two terms, and measures of attendance and incidents; ``administrator`` runs it.

    Its grades are those that its name tells, as "Elementary", else all.

    ``actor`` is None if a command adds it. DomainError if the name is taken, the time zone is not known, or someone
    else could hold the password of ``administrator`` (`User.has_unproven_address`).
    """
    if administrator.has_unproven_address and administrator != actor:
        raise DomainError(unproven_sentence(administrator))
    school = School(name=name, time_zone=time_zone, language=language)
    if grades := grades_in_name(name):
        school.lowest_grade, school.highest_grade = grades
    try:
        school.full_clean()
    except ValidationError as error:
        raise DomainError(" ".join(error.messages)) from error
    school.save()
    give_role(administrator, school=school, role=FIRST_ROLE)
    with override(language):
        _add_year(school)
        add_derived_measures(school)
    record_event(actor, "added-school", school, school=school)
    return school


def _add_year(school: School) -> None:
    """Add this school year with two terms."""
    terms = usual_terms(school.today())
    starts_on, ends_on = terms[0][0], terms[-1][1]
    year = SchoolYear.objects.create(
        school=school,
        name=f"{starts_on.year}–{ends_on.year % 100:02d}",
        starts_on=starts_on,
        ends_on=ends_on,
    )
    names = [gettext("Fall term"), gettext("Spring term")]
    for name, (first, last) in zip(names, terms, strict=True):
        Term.objects.create(year=year, name=name, starts_on=first, ends_on=last)
