"""Read untrusted files as tables in a child process, limited in memory, time and the size of its result.

`read_table_apart` is called by workers, `main` runs in the child. A file that exhausts a limit ends the child and
nothing else. The child knows no settings, secrets or database. Its result has columns: each different text once, as JSON,
and numbers that say which text each row has.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import signal
import subprocess
import sys
import tempfile
from array import array
from dataclasses import asdict
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext as _

from teams.tables.columns import Columns, TextColumn
from teams.tables.limits import EmptyTable, Limits, TableError, TableTooLarge, UnreadableTable
from teams.tables.reading import read_columns
from teams.tables.ways import AUTO, Way, way_of

if TYPE_CHECKING:
    from teams.tables.columns import Table

ROOT = Path(__file__).resolve().parents[2]
WAIT = 5  # the child may take this many times its processor time, on a busy machine
ERRORS: dict[str, type[TableError]] = {
    error.__name__: error for error in (EmptyTable, UnreadableTable, TableTooLarge)
}
MEMORY = "memory"  # in place of an error's name
OUT_OF_TIME = (-signal.SIGXCPU, -signal.SIGKILL)

logger = logging.getLogger(__name__)


def read_table_apart(path: Path, name: str, limits: Limits) -> Table:
    """Read the file at ``path`` as `read_table` does, in a child process.

    Raises EmptyTable, UnreadableTable or TableTooLarge; the message names the limit that was exceeded.
    """
    return read_columns_apart(path, name, limits).table()


def read_columns_apart(path: Path, name: str, limits: Limits, way: Way = AUTO) -> Columns:
    """Read the file at ``path`` by columns, which takes a fraction of the time and memory of `read_table_apart`."""
    task = {
        "path": str(path),
        "name": name,
        "limits": asdict(limits),
        "language": translation.get_language(),
        "way": way.stored(),
    }
    with tempfile.TemporaryFile("w+b") as result:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "teams.tables.process"],
                input=json.dumps(task).encode(),
                stdout=result,
                stderr=subprocess.DEVNULL,  # could quote the file
                cwd=ROOT,
                env={"PATH": os.defpath, "LANG": "C.UTF-8"},
                timeout=limits.most_seconds * WAIT,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise _too_slow(limits) from error
        if done.returncode in OUT_OF_TIME:
            raise _too_slow(limits)
        if done.returncode < 0:  # a failed allocation outside Python aborts the process
            raise _too_much_memory(limits)
        if done.returncode > 0:
            logger.error("The process that reads a file ended with status %d.", done.returncode)
            raise _unreadable()
        result.seek(0)
        return _received(result, limits)


def _received(result: IO[bytes], limits: Limits) -> Columns:
    """The columns the child wrote; raise the error that it reports instead."""
    head = json.loads(result.readline())
    if head.get("error") == MEMORY:
        raise _too_much_memory(limits)
    if "error" in head:
        raise ERRORS[head["error"]](head["message"])
    lines = _numbers(result, head["rows"])
    cells = {}
    for name in head["columns"]:
        texts = json.loads(result.readline())
        cells[name] = TextColumn(texts, _numbers(result, head["rows"]))
    ragged = [(number, cells) for number, cells in head["ragged"]]
    return Columns(cells, lines, ragged, head["notes"], head["as_read"])


def _numbers(result: IO[bytes], many: int) -> array[int]:
    numbers = array("i")
    numbers.frombytes(result.read(many * numbers.itemsize))
    return numbers


def _too_slow(limits: Limits) -> TableTooLarge:
    return TableTooLarge(
        _("Reading the file takes longer than %(n)d seconds. Split it, or save it as CSV.")
        % {"n": limits.most_seconds}
    )


def _too_much_memory(limits: Limits) -> TableTooLarge:
    return TableTooLarge(
        _(
            "Reading the file needs more than %(mb)d MB of memory. In a spreadsheet, delete the empty rows and "
            "columns after the table, or save it as CSV. Split a large file."
        )
        % {"mb": limits.most_memory // 2**20}
    )


def _unreadable() -> UnreadableTable:
    return UnreadableTable(_("This file can’t be read. It may be damaged. Save it again, or save it as CSV."))


def main() -> None:
    """Read the file that stdin describes and write the table, or the error, to stdout."""
    task = json.load(sys.stdin)
    limits = Limits(**task["limits"])
    _limit_process(limits)
    _speak(task["language"])
    try:
        found = read_columns(Path(task["path"]), task["name"], limits, way_of(task["way"]))
    except TableError as error:
        _write({"error": type(error).__name__, "message": str(error)})
    except MemoryError:
        _write({"error": MEMORY})
    else:
        _write_columns(found)


def _write_columns(found: Columns) -> None:
    head = {
        "columns": list(found.cells),
        "notes": found.notes,
        "rows": len(found.lines),
        "ragged": found.ragged,
        "as_read": found.as_read,
    }
    _write(head)
    found.lines.tofile(sys.stdout.buffer)
    for column in found.cells.values():
        _write(column.texts)
        column.places.tofile(sys.stdout.buffer)


def _limit_process(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.most_memory, limits.most_memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.most_seconds, limits.most_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.most_memory, limits.most_memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _speak(language: str | None) -> None:
    """Set up translations, without the project's settings."""
    import django
    from django.conf import settings

    settings.configure(LANGUAGE_CODE=language or "en", LOCALE_PATHS=[ROOT / "locale"])
    django.setup(set_prefix=False)


def _write(value: Any) -> None:
    sys.stdout.buffer.write(json.dumps(value).encode() + b"\n")


if __name__ == "__main__":
    main()
