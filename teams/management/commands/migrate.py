"""`manage.py migrate`, which makes the tables of a new database at once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import no_translations
from django.core.management.commands import migrate
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connections

from teams.schema.new_database import is_up_to_date, make_tables

PARTIAL = ("app_label", "fake", "fake_initial", "plan", "check_unapplied", "prune")


class Command(migrate.Command):
    """Django's command, but for a database that has no table yet, or nothing to change and nobody to tell."""

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        """Make the tables of an empty database; bring any other to the last migration, or do what the options say."""
        alias, verbosity, interactive = (options[name] for name in ("database", "verbosity", "interactive"))
        here = connections[alias]
        here.prepare_database()
        is_whole = not any(options[name] for name in PARTIAL)
        if is_whole and (make_tables(here) or (verbosity < 1 and is_up_to_date(here))):
            emit_pre_migrate_signal(verbosity, interactive, alias)
            emit_post_migrate_signal(verbosity, interactive, alias)
        else:
            super().handle(*args, **options)
