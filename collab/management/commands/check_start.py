"""Check that the database and the static files are those of this version; say what to do if not, and how to begin."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from collab.setup.services.begin import make_setup_code
from teams.operation.queries import quoting_settings, start_problems


class Command(BaseCommand):
    help = "Check, before the web server starts, that ./dev migrate has run for it."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        problems = start_problems()
        if problems:
            told = "\n".join(f"Collab cannot start: {problem}" for problem in problems)
            where = " with ENVIRONMENT=production" if settings.ENV.production else ""
            raise CommandError(f"{told}\nRun ./dev migrate{where}, then start again.")
        if quoting := quoting_settings():
            self.stderr.write(
                f"PostgreSQL’s log quotes rows and statements, and so names of students: {', '.join(quoting)}."
                " Set them as docker-compose.yml does."
            )
        if code := make_setup_code():
            self.stdout.write(
                f"Nobody can sign in yet. Set up the first school at {settings.SITE_URL}/begin/"
            )
            self.stdout.write(f"with the one-time code {code}")
