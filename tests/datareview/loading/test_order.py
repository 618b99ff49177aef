"""Files of one form are applied in the order in which they were uploaded, or an older one is refused."""

import pytest

from datareview.imports.services import files
from datareview.loading.services.applying import apply_job
from teams.jobs.models import Job
from teams.jobs.services.jobs import PostponedError
from teams.lib.errors import DomainError
from tests.factories.imports import Quiet, check, load, scores, upload


def of_orf(cast):
    return list(cast.maya.scores.filter(imported_by__isnull=False).values_list("value", flat=True))


def test_of_two_files_that_are_applied_at_once_the_first_uploaded_is_written_first(cast):
    rows = [check(cast, upload(cast, scores(cast, f"1001,{{day}},{score},orf"))) for score in (70, 71)]
    for row in reversed(rows):
        files.start_apply(row, actor=cast.ada)
    first, second = (Job(payload={"import": row.pk}) for row in rows)
    with pytest.raises(PostponedError, match="uploaded before"):
        apply_job(second, Quiet())
    apply_job(first, Quiet())
    apply_job(second, Quiet())
    assert of_orf(cast) == [71]


def test_a_file_whose_job_failed_is_not_waited_for(cast):
    rows = [check(cast, upload(cast, scores(cast, f"1001,{{day}},{score},orf"))) for score in (70, 71)]
    for row in rows:
        files.start_apply(row, actor=cast.ada)
    rows[0].refresh_from_db()
    Job.objects.filter(pk=rows[0].job_id).update(state="failed")
    apply_job(Job(payload={"import": rows[1].pk}), Quiet())
    assert of_orf(cast) == [71]


def test_an_older_file_of_a_form_brings_back_no_older_values(cast):
    older = check(
        cast, upload(cast, scores(cast, "1001,{day},70,orf", "1002,{day},70,orf"), name="monday.csv")
    )
    load(cast, scores(cast, "1001,{day},71,orf"), name="tuesday.csv")
    older = check(cast, older)
    with pytest.raises(DomainError, match="has the same form"):
        files.start_apply(older, actor=cast.ada)
    assert of_orf(cast) == [71]


def test_an_older_file_that_only_adds_is_applied(cast):
    older = check(cast, upload(cast, scores(cast, "1002,{day},70,orf")))
    load(cast, scores(cast, "1001,{day},71,orf"))
    files.start_apply(older, actor=cast.ada)
    apply_job(Job(payload={"import": older.pk}), Quiet())
    assert (of_orf(cast), cast.jonas.scores.filter(value=70).count()) == ([71], 1)


def test_a_later_file_that_is_applied_meanwhile_stops_an_older_one(cast):
    older = check(cast, upload(cast, scores(cast, "1001,{day},70,orf")))
    later = check(cast, upload(cast, scores(cast, "1001,{day},71,orf")))
    files.start_apply(older, actor=cast.ada)
    older.refresh_from_db()
    Job.objects.filter(pk=older.job_id).update(state="failed")  # and is sent again after the later one
    files.start_apply(later, actor=cast.ada)
    apply_job(Job(payload={"import": later.pk}), Quiet())
    with pytest.raises(DomainError, match="has the same form"):
        apply_job(Job(payload={"import": older.pk}), Quiet())
    older.refresh_from_db()
    assert (of_orf(cast), older.state) == ([71], "checked")
