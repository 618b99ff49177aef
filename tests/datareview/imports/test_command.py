"""Loading a file from the command line."""

import io

import pytest
from django.core.management import CommandError, call_command

from datareview.records.models import Score


@pytest.fixture
def run(cast, tmp_path):
    path = tmp_path / "scores.csv"
    path.write_text(f"id_student,score,day\n1001,70,{cast.school.today()}\n4711,70,{cast.school.today()}\n")

    def run(*more):
        out = io.StringIO()
        call_command(
            "load_file",
            str(path),
            "--school",
            cast.school.name,
            "--as",
            cast.ada.email,
            "--set",
            "measure_name=Orf",
            *more,
            stdout=out,
        )
        return out.getvalue()

    return run


def test_a_dry_run_says_what_would_happen_and_writes_nothing(cast, run):
    said = run("--dry-run")
    assert "1 new, 0 changed, 0 the same." in said
    assert "row 3" in said
    assert not Score.objects.filter(imported_by__isnull=False).exists()


def test_it_applies_the_valid_rows(cast, run):
    run()
    assert Score.objects.get(imported_by__isnull=False).student == cast.maya


def test_an_impossible_request_gets_a_sentence(cast, run):
    with pytest.raises(CommandError, match="no column"):
        run("--map", "student=pupil")
