"""A new database takes a few large steps, an older one has taken the many small ones; both end the same."""

from __future__ import annotations

import pytest
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader

OWN = {"teams", "datareview", "collab"}


@pytest.fixture(autouse=True)
def migrations_on(settings) -> None:
    """Find the migrations, also if ``--no-migrations`` hides them."""
    settings.MIGRATION_MODULES = {}


def test_a_new_database_gets_the_tables_that_the_small_steps_give():
    loader = MigrationLoader(None, replace_migrations=False)
    large = {key: step for key, step in loader.disk_migrations.items() if key[0] in OWN and step.replaces}
    last = {app: max(key for key in large if key[0] == app) for app in OWN}
    small = loader.project_state([large[key].replaces[-1] for key in last.values()])
    new = MigrationLoader(None).project_state(list(last.values()))
    changes = MigrationAutodetector(small, new)._detect_changes()
    assert {app: [str(step.operations) for step in steps] for app, steps in changes.items()} == {}
    assert {key for key in small.models if key[0] in OWN} == {key for key in new.models if key[0] in OWN}
    assert len(small.models) > 100


def test_every_small_step_before_a_large_one_is_replaced_by_one():
    steps = MigrationLoader(None, replace_migrations=False).disk_migrations
    replaced = [key for step in steps.values() for key in step.replaces if key[0] in OWN]
    assert len(replaced) == len(set(replaced))
    for app in OWN:
        last = max(key for key in replaced if key[0] == app)
        assert {key for key in replaced if key[0] == app} == {
            key for key, step in steps.items() if key[0] == app and key <= last and not step.replaces
        }
