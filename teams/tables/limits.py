"""What a file may hold at most, and the errors of one that holds more or cannot be read."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from teams.lib.errors import DomainError

EXPANSION = 20  # a file may unpack to at most this many times its limit in bytes
MOST_COLUMNS = 2_500
MOST_CELLS = 10_000_000


class TableError(DomainError):
    """The file cannot be used as a table; the message is for the user."""


class EmptyTable(TableError):
    """The file has no content or no rows below its header."""


class UnreadableTable(TableError):
    """The file is damaged, or not of the type its name claims."""


class TableTooLarge(TableError):
    """The file exceeds a limit, packed or unpacked."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a file: bytes as uploaded, rows below the header; seconds of processor and bytes of memory to read it.

    `read_table` checks the first two; the others need a process (`teams.tables.process`).
    """

    most_bytes: int
    most_rows: int
    most_seconds: int = 120
    most_memory: int = 2**30


def too_many_rows(limits: Limits) -> TableTooLarge:
    """The error of a file with more rows than its limit."""
    return TableTooLarge(_("The file has more than %(n)d rows. Split it.") % {"n": limits.most_rows})


def too_many_columns() -> TableTooLarge:
    """The error of a file with more columns than any table may have."""
    return TableTooLarge(_("The file has more than %(n)d columns.") % {"n": MOST_COLUMNS})


def too_many_cells() -> TableTooLarge:
    """The error of a file with more cells than any table may have."""
    return TableTooLarge(_("The file has more than %(n)d cells. Split it.") % {"n": MOST_CELLS})
