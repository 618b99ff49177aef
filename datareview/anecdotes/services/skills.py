"""The school's list of skills."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from datareview.anecdotes.models import Skill
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.directory.models import School
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from teams.directory.models import User


@transaction.atomic
def add_skills(school: School, *, actor: User, names: Iterable[str]) -> list[Skill]:
    """Add skills to the school's list; a name that is on it, in any case, is left as it is, a retired one comes back."""
    require_ability(actor, "edit_skills", school)
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    wanted = {name.strip().lower(): name.strip() for name in names if name.strip()}
    if not wanted:
        raise DomainError(_("Write at least one skill."))
    if long := next((name for name in wanted.values() if len(name) > 40), ""):
        raise DomainError(_("“%(name)s” is too long. A skill has 40 characters at most.") % {"name": long})
    known = {skill.name.lower(): skill for skill in Skill.objects.filter(school=school)}
    again = [known[key].pk for key in wanted if key in known and known[key].is_retired]
    Skill.objects.filter(pk__in=again).update(is_retired=False)
    made = [Skill(school=school, name=name) for key, name in wanted.items() if key not in known]
    Skill.objects.bulk_create(made)
    record_event(actor, "added-skills", school, school=school, detail={"skills": sorted(wanted.values())})
    return made


@transaction.atomic
def rename_skill(skill: Skill, *, actor: User, name: str) -> Skill:
    """Rename a skill, also on notes that have it."""
    require_ability(actor, "edit_skills", skill.school)
    School.objects.select_for_update(no_key=True).get(pk=skill.school_id)
    name = name.strip()
    if not name:
        raise DomainError(_("A skill needs a name."))
    if Skill.objects.filter(school=skill.school_id, name__iexact=name).exclude(pk=skill.pk).exists():
        raise DomainError(_("There is a skill of this name."))
    if skill.name != name:
        detail = {"name": [skill.name, name]}
        skill.name = name
        skill.save(update_fields=["name"])
        record_event(actor, "renamed-skill", skill, school=skill.school, detail=detail)
    return skill


@transaction.atomic
def retire_skill(skill: Skill, *, actor: User, is_retired: bool) -> Skill:
    """Retire a skill, which is then offered to nobody, or bring it back. Notes that have it keep it."""
    require_ability(actor, "edit_skills", skill.school)
    if skill.is_retired != is_retired:
        skill.is_retired = is_retired
        skill.save(update_fields=["is_retired"])
        verb = "retired-skill" if is_retired else "restored-skill"
        record_event(actor, verb, skill, school=skill.school)
    return skill
