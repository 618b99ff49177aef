"""A long write at a school, and colleagues who save meanwhile."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from datareview.imports.services import applying
from datareview.records.models import Student
from tests.factories.imports import load, scores

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite locks the whole database, not rows")
def test_rows_of_a_school_are_saved_while_a_file_is_applied_there(cast, monkeypatch):
    """The import holds the school's row; a new row that refers to the school must not wait for it."""
    write = applying._write_scores

    def save_meanwhile():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '10s'")
        Student.objects.create(school=cast.school, local_id="2001", grade=4, entered_on=cast.school.today())
        connection.close()

    def write_slowly(*args):
        with ThreadPoolExecutor(1) as others:
            others.submit(save_meanwhile).result()
        return write(*args)

    monkeypatch.setitem(applying._WRITERS, "scores", write_slowly)
    row = load(cast, scores(cast, "1001,{day},70,orf"))
    assert row.state == "applied"
    assert Student.objects.filter(local_id="2001").exists()
