"""`manage.py demo`: migrate the database and fill it, if it is empty, with a fictional school district."""

from __future__ import annotations

import gc
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Migrates the database, and fills it unless there is a school already."""

    help = "Fill an empty database with a made-up district of two schools."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse outside a demo, and report progress."""
        from collab.demo.district import fill_demo, is_filled

        if not settings.DEMO:
            raise CommandError("This is not a demo. Set DEMO=1 to make one; never do that with real data.")
        call_command("migrate", verbosity=0)
        if is_filled():
            self.stdout.write("The district is there already.")
            return
        self.stdout.write("Making up a district …")
        begin = time.monotonic()
        # The collector would look at everything that stays, again and again: a tenth of the time.
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)
        fill_demo(say=self.stdout.write)
        self.stdout.write(f"Done in {time.monotonic() - begin:.0f} s.")
