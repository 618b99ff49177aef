"""Save a pasted block as it was previewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from datareview.answers.queries.grid import grid_revision
from datareview.answers.services.cells import TypedCell, save_answers
from datareview.records.models import Assessment
from teams.lib.errors import DomainError, StaleEdit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from datareview.records.models import Section
    from teams.directory.models import User


@transaction.atomic
def save_block(
    assessment: Assessment,
    cells: Iterable[tuple[UUID, int, str]],
    *,
    actor: User,
    section: Section,
    seen: str,
) -> int:
    """Save cells (student, item, text) all or none. Returns their number.

    ``seen`` is the `grid_revision` with which the block was compared; StaleEdit if somebody saved since.
    """
    locked = Assessment.objects.select_for_update(of=("self",), no_key=True).get(pk=assessment.pk)
    if seen != grid_revision(locked, section):
        raise StaleEdit(
            _("Someone saved answers of this class meanwhile. The rows now show what saving would replace."),
            current="",
        )
    typed = [TypedCell(student, number, text) for student, number, text in cells]
    if not typed:
        raise DomainError(_("There is nothing to save: every row is left out or empty."))
    saved = save_answers(locked, typed, actor=actor, section=section)
    for cell in saved:
        if cell.problem:
            raise DomainError(cell.problem)
    return len(saved)
