from __future__ import annotations

import pytest
from django.db import connection

from teams.directory.models import School
from teams.schema.planner import count_rows_again


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans without statistics")
def test_postgresql_knows_how_many_rows_a_table_has_grown_to():
    School.objects.bulk_create([School(name=f"School {number}") for number in range(1, 301)])
    count_rows_again(School)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [School._meta.db_table])
        assert cursor.fetchone() == (School.objects.count(),)
