"""Load a class list: people, students, sections, teachers, enrollments and grade teams."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile

from datareview.class_lists.queries import list_part_of, new_teachers, new_teams, summary_in
from datareview.class_rows.class_lists import CLASS_LIST, class_rows_of, tables_of
from datareview.imports.models import Import
from datareview.imports.services.reading import load_table
from datareview.loading.services.now import load_once
from teams.access.permissions import is_able
from teams.directory.models import Staff, Team
from teams.lib.tags.grades import grade
from teams.people.services.adding import add_people
from teams.team_admin.services.teams import NewTeam, TeamValues, add_teams

if TYPE_CHECKING:
    from datareview.class_lists.queries import GradeTeam
    from teams.directory.models import School, User
    from teams.jobs.models import Job
    from teams.jobs.services.jobs import Progress


def class_list_job(job: Job, progress: Progress) -> dict[str, Any]:
    """Add the people of a class list, load its files one after another, then add teams.

    Each is whole, and done once however often the job runs: what is there already is not added again.
    """
    row = Import.objects.select_related("school", "uploaded_by").get(pk=job.payload["import"])
    actor = job.requested_by or row.uploaded_by
    found = summary_in(row)
    steps = 6
    new, _refused = new_teachers(row.school, found["teachers"])
    if new:
        add_people(row.school, new, actor=actor)
    progress.step(1, steps)
    table = load_table(row)
    files = tables_of(class_rows_of(table.columns, table.rows, table.lines))
    for done, (kind, rows) in enumerate(files.items(), start=2):
        if len(rows) > 1:
            _load(row, kind, rows, actor)
        progress.step(done, steps)
    teams = new_teams(row.school, found["grades"], found["teachers"])
    made = _add_teams(row.school, teams, found["teachers"], job.payload["leads"], actor)
    _remember(row, is_loaded=True)
    progress.step(steps, steps)
    return {"people": len(new), "teams": len(made)}


def _load(row: Import, kind: str, rows: list[list[str]], actor: User) -> None:
    """Load a part of the list as a file of its own, as far as it has no problems, or go on with it."""
    file, name = part_file(row, kind, rows)
    load_once(
        list_part_of(row, kind),
        row.school,
        actor=actor,
        file=file,
        name=name,
        kind=kind,
        mapping={"columns": {field: field for field in rows[0]}, "options": {}},
    )


def part_file(row: Import, kind: str, rows: list[list[str]]) -> tuple[ContentFile[bytes], str]:
    """A part of a class list as a file, with its name."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    name = f"{row.name.rpartition('.')[0] or row.name}: {Import.Kind(kind).label}.csv"
    return ContentFile(text.getvalue().encode(), name=f"{kind}.csv"), name


def _remember(row: Import, **facts: Any) -> None:
    """Store what has been done of a class list."""
    row.guesses[CLASS_LIST] |= facts
    row.save(update_fields=["guesses"])


def _add_teams(
    school: School, teams: list[GradeTeam], teachers: dict[str, str], leads: dict[str, str], actor: User
) -> list[Team]:
    """Add the teams that have a lead, with the teachers who can be in a team."""
    rows = Staff.objects.active(school.today()).filter(school=school, user__email__in=teachers)
    staff = {one.user.email: one for one in rows.select_related("user") if is_able(one, "join_teams")}
    taken = {name.casefold() for name in Team.objects.filter(school=school).values_list("name", flat=True)}
    new = [
        NewTeam(
            TeamValues(name=grade(team.grade), grades=(team.grade,)),
            leads=(staff[lead],),
            members=tuple(staff[email] for email in team.teachers if email in staff),
        )
        for team in teams
        if (lead := leads.get(str(team.grade), "")) in staff and grade(team.grade).casefold() not in taken
    ]
    return add_teams(school, new, actor=actor) if new else []
