"""Tasks of a worker that stops itself within an import: a part of it is committed, the next one is not."""

from __future__ import annotations

import itertools
import os
import signal

from datareview.loading import rows
from datareview.loading.services import undoing, writing
from tests.faults import tasks  # noqa: F401 (also makes the jobs quick)


def kill_in_part(number: int) -> None:
    """Kill this process in the transaction of a part."""
    count = itertools.count()

    def write_in_turns(parts, write) -> None:
        def write_and_die(part) -> None:
            write(part)
            if next(count) == number:
                os.kill(os.getpid(), signal.SIGKILL)

        rows.write_in_turns(parts, write_and_die)

    for module in (writing, undoing):
        module.write_in_turns = write_in_turns


if "KILL_IN_PART" in os.environ:
    kill_in_part(int(os.environ["KILL_IN_PART"]))
