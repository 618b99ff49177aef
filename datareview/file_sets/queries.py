"""The page of a set of files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid5

from django.db.models import Count
from django.utils.translation import gettext as _

from datareview.imports.models import SET, STAFF, Import, ImportProblem
from datareview.imports.queries import ProblemGroup, reason_to_stop, totals_of
from teams.jobs.services.jobs import with_progress
from teams.lib.versions import version_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from teams.jobs.models import Job

PROBLEMS_SHOWN = 3  # of a file
STATES = Import.State


@dataclass(frozen=True, slots=True)
class SetPart:
    """A file of a set: how many rows stay out, its main problems, and what a person has to do first; empty if nothing."""

    row: Import
    out: int
    problems: list[ProblemGroup]
    need: str

    @property
    def name(self) -> str:
        """The name without that of the set in front."""
        return self.row.name.rpartition(".zip: ")[2]

    @property
    def is_kept(self) -> bool:
        """Whether undoing the set left it as it is, because something was built on it."""
        return self.row.state == STATES.APPLIED and bool(self.row.error)


@dataclass(frozen=True, slots=True)
class SetPage:
    """A set, with the job that works on it, if one does, and its files; ``stamp`` is that of the results shown."""

    row: Import
    job: Job | None
    parts: list[SetPart]
    stamp: str
    is_any_ready: bool
    is_any_applied: bool
    kept: list[str]


def set_page(row: Import) -> SetPage:
    """The page of a set, which the user may see."""
    if row.job and not row.job.is_finished:
        return SetPage(row, with_progress(row.job), [], "", is_any_ready=False, is_any_applied=False, kept=[])
    parts = set_parts(row)
    states = {part.row.state for part in parts}
    return SetPage(
        row,
        row.job if row.job and row.job.error else None,
        parts,
        stamp_of(part.row for part in parts),
        is_any_ready=STATES.CHECKED in states,
        is_any_applied=STATES.APPLIED in states,
        kept=[part.name for part in parts if part.is_kept],
    )


def files_in_set(row: Import) -> list[Import]:
    """The files into which a set was divided, in the order in which they need each other."""
    rows = row.parts.select_related("job", "school", "uploaded_by", "team__school")
    found = {one.uuid: one for one in rows}
    uuids = [uuid5(row.uuid, name) for name in row.guesses.get(SET, [])]
    return [found[uuid] for uuid in uuids if uuid in found]


def stamp_of(parts: Iterable[Import]) -> str:
    """Which checks of the files of a set the stored results are of."""
    return version_of(*(part.check_stamp for part in parts))


def set_parts(row: Import) -> list[SetPart]:
    """The files of a set as its page has them, in two queries."""
    parts = files_in_set(row)
    found = ImportProblem.objects.filter(of_import__in=parts).order_by("severity", "message")
    told: dict[int, list[ProblemGroup]] = {part.pk: [] for part in parts}
    names = {part.pk: part for part in parts}
    groups = found.values("of_import_id", "code", "column", "message", "severity")
    for group in groups.annotate(many=Count("pk")):
        part = names[group["of_import_id"]]
        key = group["code"], group["column"], group["message"]
        many = totals_of(part).get(key, group["many"])
        told[part.pk].append(ProblemGroup(*key, group["severity"], many, first_row=None, value=""))
    rows = []
    for part in parts:
        part.state = part.standing
        problems = sorted(told[part.pk], key=lambda one: (one.severity, -one.many))
        out = sum(one.many for one in problems if one.severity == ImportProblem.Severity.ERROR)
        rows.append(SetPart(part, out, problems[:PROBLEMS_SHOWN], _need_of(part)))
    return rows


def _need_of(part: Import) -> str:
    """What a person has to do about a file of a set before it is loaded; empty if nothing."""
    if part.error:
        return part.error
    if part.state in (Import.State.APPLIED, Import.State.UNDONE) or part.state in part.BEFORE:
        return ""
    if not part.kind and STAFF in part.guesses:
        return _("A list of staff. Open it to load it as people.")
    if not part.kind:
        return _("Not recognized. Say what its rows are about, or it stays out.")
    if part.state != Import.State.CHECKED:
        return _("Match its columns.")
    if part.saves_nothing:
        return _("No row can be saved. Look at why.")
    if part.counts.get("needs_confirm"):
        return reason_to_stop(part)
    return ""
