"""A new database is made from the models, an older one takes the steps it lacks; both end the same."""

from __future__ import annotations

from contextlib import closing

import pytest
from django.apps import apps
from django.db import connections
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.migrations import RunPython, RunSQL, SeparateDatabaseAndState
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from teams.schema.new_database import is_up_to_date, make_tables

OWN = {"teams", "datareview", "collab"}
# They change rows of older databases and nothing else, so that a new one does without. What every database needs
# is made after migrations.
CHANGE_OLD_ROWS = {
    "collab": ["0006", "0010", "0018"],
    "datareview": [
        "0015",
        "0016",
        "0017",
        "0021",
        "0025",
        "0026",
        "0028",
        "0037",
        "0058",
        "0061",
        "0077",
        "0080",
    ],
    "teams": ["0014", "0017"],
}


@pytest.fixture(autouse=True)
def migrations_on(settings) -> None:
    """Find the migrations, also if ``--no-migrations`` hides them."""
    settings.MIGRATION_MODULES = {}


def test_the_steps_of_an_older_database_end_with_the_tables_of_a_new_one():
    loader = MigrationLoader(None)
    changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(
        loader.graph
    )
    assert {app: [str(step.operations) for step in steps] for app, steps in changes.items()} == {}


def test_steps_that_run_a_function_change_only_rows_of_older_databases():
    found = {app: [] for app in CHANGE_OLD_ROWS}
    for (app, name), step in sorted(MigrationLoader(None).disk_migrations.items()):
        by_hand = [
            operation
            for operation in step.operations
            if isinstance(operation, RunPython | RunSQL)
            or (isinstance(operation, SeparateDatabaseAndState) and operation.database_operations)
        ]
        if by_hand and app in OWN:
            found[app].append(name[:4])
    assert found == CHANGE_OLD_ROWS


@pytest.mark.text
def test_an_empty_database_gets_all_tables_once_and_lacks_no_migration(tmp_path, django_db_blocker):
    here = connections["default"]
    sqlite = {"ENGINE": "django.db.backends.sqlite3", "NAME": tmp_path / "new.sqlite3", "OPTIONS": {}}
    with django_db_blocker.unblock(), closing(DatabaseWrapper({**here.settings_dict, **sqlite})) as new:
        connections["default"] = new
        try:
            assert [make_tables(new), make_tables(new), is_up_to_date(new)] == [True, False, True]
            wanted = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
            assert set(new.introspection.table_names()) == wanted | {"django_migrations"}
            MigrationRecorder(new).migration_qs.filter(app="collab").order_by("name").last().delete()
            assert [make_tables(new), is_up_to_date(new)] == [False, False]
        finally:
            connections["default"] = here
