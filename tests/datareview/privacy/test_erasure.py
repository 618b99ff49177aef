"""A student is erased with everything recorded, and the logs keep their facts without the person."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection, models

from collab.agendas.models import AgendaItem
from collab.discussion.models import Contribution
from collab.proposals import services as proposals
from datareview.doubles.queries import merge_preview
from datareview.doubles.services.merging import merge_students, undo_merge
from datareview.imports.models import Import, ImportChange, ImportProblem
from datareview.imports.services.reading import load_columns
from datareview.privacy.models import Disclosure
from datareview.privacy.services.erasure import erase_student
from datareview.records.models import Score, Student
from teams.audit.models import AuditDetail, AuditEvent
from teams.audit.services import record_event
from teams.documents.models import Document
from teams.documents.services import request_from_maker
from teams.documents.tasks import make_document
from teams.jobs.models import Job
from teams.lib.errors import DomainError
from teams.mail.services.outbox import queue_mail
from tests.conftest import make_student
from tests.factories.district import make_district
from tests.factories.imports import load, scores, today, upload

pytestmark = pytest.mark.django_db


def texts():
    """All texts of all our rows, in one."""
    found = []
    for model in apps.get_models():
        if model._meta.app_label in ("collab", "datareview", "teams"):
            fields = [
                one.name
                for one in model._meta.concrete_fields
                if isinstance(one, models.CharField | models.TextField | models.JSONField)
            ]
            found += [str(row) for row in model._default_manager.values_list(*fields)]
    return "\n".join(found)


@pytest.fixture
def talked_about(cast, as_user):
    """Maya was looked at, put on an agenda, talked about, and something about her was taken back."""
    as_user(cast.sol).get(cast.plan.get_absolute_url())
    item = proposals.propose_candidate(cast.candidate, actor=cast.ana, team=cast.team)
    for text in (
        "Maya Okafor stalled; Maya reads less",
        "Okafor, Maya needs a seat",
        "Maya is a common name",
    ):
        Contribution.objects.create(item=item, author=cast.ana, text=text, client_key=uuid.uuid4())
    item.exhibits.update(frozen={"title": "Maya Okafor: attendance", "rows": [["Maya Okafor", 3]]})
    record_event(cast.ana, "withdrew", cast.plan, school=cast.school, detail={"said": "She cried"})
    return item


def test_nothing_names_an_erased_student_and_the_logs_keep_their_facts(cast, talked_about):
    maya, events = cast.maya.pk, AuditEvent.objects.count()
    assert Disclosure.objects.of_student(maya).count() == 1
    erased = erase_student(cast.maya, actor=cast.ada)
    assert "Okafor" not in texts()
    assert erased.texts >= 4
    said = Contribution.objects.filter(item=talked_about).order_by("pk").values_list("text", flat=True)
    assert list(said) == [
        "(erased) stalled; (erased) reads less",
        "(erased) needs a seat",
        "Maya is a common name",
    ]
    assert AgendaItem.objects.get(pk=talked_about.pk).title == "(erased)"
    assert not Student.objects.filter(pk=maya).exists()
    assert not AuditDetail.objects.exists()
    assert Disclosure.objects.of_student(maya).count() == 1
    assert list(AuditEvent.objects.order_by("-pk").values_list("verb", "actor")[:1]) == [
        ("erased", cast.ada.pk)
    ]
    assert AuditEvent.objects.count() == events + 1


def test_others_stay_as_they_are(cast, talked_about):
    before = Student.objects.exclude(pk=cast.maya.pk).count()
    erase_student(cast.maya, actor=cast.ada)
    assert Student.objects.count() == before
    assert cast.jonas.scores.count() == 7


def test_imports_keep_nothing_of_an_erased_student_and_all_of_others(cast):
    load(cast, "student_id,first_name,last_name,grade\n1001,May,Okaf,5\n1002,Jon,Web,4\n", "students.csv")
    first, _second = (
        load(cast, scores(cast, *words), confirm=True)
        for words in (("1001,{day},70,orf", "1002,{day},80,orf"), ("1001,{day},75,orf", "1002,{day},85,orf"))
    )
    load(cast, f"student_id,date,mark\n1001,{today(cast)},A\n1002,{today(cast)},P\n", "days.csv")
    before = ImportChange.objects.count()
    cast.maya.refresh_from_db()
    erase_student(cast.maya, actor=cast.ada)
    kept = ImportChange.objects.order_by("pk").values_list("table", "before", "after")
    assert before == 2 * 2
    assert list(kept) == [
        (
            "student",
            {"first_name": "Jonas", "last_name": "Weber", "grade": 4},
            {"first_name": "Jon", "last_name": "Web", "grade": 4},
        ),
        ("score", {"value": 80.0, "imported_by_id": first.pk, "line": 3}, {"value": 85.0}),
    ]
    assert list(Score.objects.filter(imported_by__isnull=False).values_list("student", "value")) == [
        (cast.jonas.pk, 85.0)
    ]


def test_problems_of_files_that_quote_an_erased_student_are_deleted_with_their_row(cast):
    loaded = Import.objects.create(school=cast.school, kind="scores", uploaded_by=cast.ada, state="applied")

    def problem(row, value, message="Not a number.", of=loaded):
        ImportProblem.objects.create(of_import=of, row=row, value=value, code="x", message=message)

    problem(1, "1001")
    problem(1, "ninety")
    problem(2, "okafor, maya")
    problem(3, "", "“1001” occurs twice.")
    problem(4, "10010", "Mayan is no name.")
    problem(5, "1002")
    problem(None, "", "A column is missing.")
    theirs = Import.objects.create(school=cast.other_school, kind="scores", uploaded_by=cast.zed)
    problem(1, "1001", of=theirs)
    erase_student(cast.maya, actor=cast.ada)
    assert list(ImportProblem.objects.order_by("pk").values_list("of_import", "row", "value")) == [
        (loaded.pk, 4, "10010"),
        (loaded.pk, 5, "1002"),
        (loaded.pk, None, ""),
        (theirs.pk, 1, "1001"),
    ]


def test_a_text_that_grows_is_cut_to_its_field(cast, talked_about):
    most = AgendaItem._meta.get_field("title").max_length
    AgendaItem.objects.filter(pk=talked_about.pk).update(title=("Maya Okafor " + "Maya " * most)[:most])
    erase_student(cast.maya, actor=cast.ada)
    talked_about.refresh_from_db()
    assert talked_about.title == ("(erased) " * most)[:most]


def test_texts_are_left_alone_if_another_student_has_the_name(cast, talked_about):
    make_student(cast.other_school, "77", "maya", "Okafor", 4)
    assert erase_student(cast.maya, actor=cast.ada).has_namesake
    assert "Maya Okafor stalled" in texts()


def test_only_an_administrator_of_the_school_erases(cast):
    for user in (cast.cora, cast.pia, cast.zed):
        with pytest.raises(PermissionDenied):
            erase_student(cast.maya, actor=user)


def test_the_command_asks_for_the_name_and_says_what_remains(cast, capsys):
    given = {"school": cast.school.name, "email": cast.ada.email}
    with pytest.raises(CommandError, match="no such student"):
        call_command("erase_student", "1001", name="Jonas Weber", **given)
    with pytest.raises(CommandError, match="not an administrator"):
        call_command("erase_student", "1001", name="Maya Okafor", **{**given, "email": cast.pia.email})
    call_command("erase_student", "1001", name="Maya Okafor", **given)
    assert not Student.objects.filter(pk=cast.maya.pk).exists()
    assert "The files that the school uploaded were deleted." in capsys.readouterr().out


def test_a_preferred_name_is_erased_too(cast):
    cast.maya.preferred_name = "Bee"
    cast.maya.save()
    cast.action.text = "Call the family of Bee Okafor; Bee waits"
    cast.action.save()
    erase_student(cast.maya, actor=cast.ada)
    cast.action.refresh_from_db()
    assert cast.action.text == "Call the family of (erased); (erased) waits"


@pytest.fixture
def merged(cast):
    """Maya's second record, misspelled and with an import, is merged into hers."""
    people = "student_id,first_name,last_name,grade\n"
    load(cast, f"{people}0777,Maia,Okafore,4\n0778,Nia,Last,4\n", "students.csv")
    load(cast, f"{people}0777,Maja,Okafore,4\n0778,Nia,Least,4\n", "more-students.csv")
    twin = Student.objects.get(local_id="0777")
    day = today(cast)
    every = {
        "columns": {"student": "student_id", "day": "date", "mark": "mark"},
        "options": {"absences": "all"},
    }
    load(cast, f"student_id,date,mark\n0777,{day},A\n1001,{day},T\n1002,{day},A\n", "days.csv", every)
    record_event(
        cast.ada, "edited-student", twin, school=cast.school, detail={"first_name": ["Maia", "Maja"]}
    )
    chosen = {one.key: "kept" for one in merge_preview(cast.maya, twin).conflicts}
    assert len(chosen) == 1
    return merge_students(cast.maya, twin, actor=cast.ada, chosen=chosen)


def changes():
    return sorted(ImportChange.objects.values_list("table", "row_id"))


def test_a_merged_record_is_erased_with_its_imports_and_names(cast, merged):
    cast.action.text = "Call the family of Maja Okafore; Maja waits, Maya Okafor too"
    cast.action.save()
    problem = {"of_import": Import.objects.latest("pk"), "row": 9, "code": "x"}
    ImportProblem.objects.create(value="0777", **problem)
    nia = Student.objects.get(local_id="0778")
    erase_student(Student.objects.get(pk=cast.maya.pk), actor=cast.ada)
    cast.action.refresh_from_db()
    assert cast.action.text == "Call the family of (erased); (erased) waits, (erased) too"
    everything = texts()
    assert [word for word in ("Maia", "Maja", "Okafor", "0777") if word in everything] == []
    assert changes() == [("student", nia.pk)] * 2


def test_a_record_whose_merge_was_undone_is_not_erased_with_the_other(cast, merged):
    twin = undo_merge(merged, actor=cast.ada)
    before = [row for row in changes() if row[0] == "student"]
    erase_student(Student.objects.get(pk=cast.maya.pk), actor=cast.ada)
    assert [row for row in changes() if row[0] == "student"] == before
    assert AuditDetail.objects.filter(event__subject_uuid=twin.uuid).exists()
    assert Student.objects.get(pk=twin.pk).last_name == "Okafore"


def test_nothing_of_an_erased_student_stays_in_a_merge_that_was_undone(cast, merged):
    twin = undo_merge(merged, actor=cast.ada)
    erase_student(twin, actor=cast.ada)
    assert "Okafore" not in texts()
    assert Student.objects.filter(pk=cast.maya.pk).exists()


@pytest.mark.parametrize(
    ("first", "preferred", "other_first", "other_preferred", "is_shared"),
    [
        ("Maya", "Bee", "Bee", "", True),
        ("Maya", "Bee", "Jo", "bee", True),
        ("Maya", "", "Jo", "MAYA", True),
        ("Élise", "", "ÉLISE", "", True),
        ("Maya", "Bee", "Jo", "", False),
        ("Maya", "", "Jo", "", False),
    ],
)
def test_a_namesake_is_who_shares_a_first_or_preferred_name(
    cast, first, preferred, other_first, other_preferred, is_shared
):
    Student.objects.filter(pk=cast.maya.pk).update(first_name=first, preferred_name=preferred)
    other = make_student(cast.other_school, "77", other_first, "Okafor", 4)
    Student.objects.filter(pk=other.pk).update(preferred_name=other_preferred)
    cast.action.text = said = f"Call {preferred or first} Okafor"
    cast.action.save()
    cast.maya.refresh_from_db()
    assert erase_student(cast.maya, actor=cast.ada).has_namesake == is_shared
    cast.action.refresh_from_db()
    assert cast.action.text == (said if is_shared else "Call (erased)")


# Everything, in every table and file ----------------------------------------------------------------------------------


def every_table() -> str:
    """Every row of every table of the database, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 (a name that the database gave)
            rows = ((bytes(one) if isinstance(one, memoryview) else one for one in row) for row in cursor)
            found += [f"{table}: {[*row]}" for row in rows]
    return "\n".join(found)


@pytest.mark.django_db(transaction=True)
def test_the_command_leaves_the_name_and_number_in_no_table_and_no_file(settings, rf):
    """One row of everything about her, files requested, made and failed, an upload, and two jobs."""
    side = make_district()
    Student.objects.filter(pk=side.maya.pk).update(local_id="778899", last_name="Zyxwena")
    maya = Student.objects.get(pk=side.maya.pk)
    request = rf.get("/reports/download/")
    request.user, request.school = side.ana, side.school
    options = {"of": f"team:{side.team.uuid}", "since": today(side)}
    made = request_from_maker(request, "datareview.report", options, name="x", page="/reports/")
    make_document(made.job_id)
    Document.objects.create(owner=side.tom, name="x", digest="y", html="<p>Maya Zyxwena</p>")
    Job.objects.create(kind="x", school=side.school, result={"of": "Maya Zyxwena"}, error="Zyxwena, Maya")
    load(side, "student_id,first_name,last_name,grade\n778899,Maya,Zyxwena,4\n", "students.csv")
    record_event(side.ana, "withdrew", side.plan, school=side.school, detail={"said": "Maya Zyxwena cried"})
    Contribution.objects.create(
        item=side.item, author=side.ana, text="Maya Zyxwena stalled", client_key=uuid.uuid4()
    )
    side.exhibit.frozen = {"title": "Maya Zyxwena: attendance"}
    side.exhibit.save()
    queue_mail(side.ana, kind="digest", subject="Maya Zyxwena", text="Maya Zyxwena", dedupe_key="x")
    stored = [Path(one.file.path) for one in Import.objects.filter(school=side.school).exclude(file="")]
    assert [path.exists() for path in stored if path.name.endswith(".csv")]
    assert "Zyxwena" in every_table()

    call_command(
        "erase_student", "778899", school=side.school.name, email=side.ada.email, name="Maya Zyxwena"
    )
    left = every_table()
    assert [line for line in left.splitlines() if "Zyxwena" in line or "778899" in line] == []
    assert [path for path in stored if path.exists()] == []
    kept = [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert [path for path in kept if b"Zyxwena" in path.read_bytes()] == []
    assert not Student.objects.filter(pk=maya.pk).exists()


def test_a_file_that_was_not_applied_has_to_be_uploaded_again(cast, as_user):
    row = upload(cast, "student_id,first_name,last_name,grade\n1001,Maya,Okafor,4\n", "students.csv")
    with pytest.raises(DomainError, match="A file of the school is being processed"):
        Import.objects.filter(pk=row.pk).update(state="checking")
        erase_student(cast.maya, actor=cast.ada)
    Import.objects.filter(pk=row.pk).update(state="uploaded")
    Path(row.file.path).unlink()
    row.refresh_from_db()
    with pytest.raises(DomainError, match="This file was deleted when a student was erased"):
        load_columns(row)
