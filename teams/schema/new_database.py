"""The tables of a new database, made from the models as they are now.

Its migrations would make each table and change it again, many times over, and Django renders all models anew after each
step: a minute instead of a second. So what a database needs beyond its tables (triggers, indexes by SQL, rows) is made
after migrations, by receivers of ``post_migrate``; functions that migrations run only change old rows
(`tests/test_migrations.py` lists them).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.db import router
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper


def make_tables(connection: BaseDatabaseWrapper) -> bool:
    """Create all tables of an empty database and count all migrations as applied, in one transaction.

    Returns False, and does nothing, if it has one of our tables.
    """
    models = [
        model
        for config in apps.get_app_configs()
        if config.models_module is not None
        for model in router.get_migratable_models(config, connection.alias)
        if model._meta.can_migrate(connection)  # noqa: SLF001
    ]
    recorder = MigrationRecorder(connection)
    there = set(connection.introspection.table_names())
    if recorder.applied_migrations() or any(model._meta.db_table in there for model in models):  # noqa: SLF001
        return False
    recorder.ensure_schema()
    with connection.schema_editor() as editor:
        for model in models:
            editor.create_model(model)
        recorder.migration_qs.bulk_create(
            recorder.Migration(app=app, name=name) for app, name in sorted(_steps())
        )
    return True


def is_up_to_date(connection: BaseDatabaseWrapper) -> bool:
    """Whether all migrations are applied. Costs a hundredth of what Django's plan does, which renders all models."""
    return not _steps().difference(MigrationRecorder(connection).applied_migrations())


def _steps() -> set[tuple[str, str]]:
    """App and name of each migration."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return set(loader.disk_migrations)
