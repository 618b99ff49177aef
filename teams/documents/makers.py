"""What a worker can make as a PDF file: the areas that know the content register a maker under a name.

A maker runs as the person who asked: it reads what they may see now, in their language, and with names hidden if they
were. What it shows of people is collected for the log of disclosures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from teams.directory.models import School, User
    from teams.jobs.services.jobs import Progress
    from teams.lib.hidden_names import Hider

    Maker = Callable[["Wanted", Progress], str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A requested file: the person, their school, and the options of the page, as JSON."""

    user: User
    school: School
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Protection:
    """How names are hidden at a school, and which students of the schools a file names (ids), given its texts."""

    hider_of: Callable[[School], Hider]
    named_in: Callable[[Iterable[str], Collection[int]], set[int]]


_makers: dict[str, Maker] = {}
_protections: list[Protection] = []


def makes(name: str) -> Callable[[Maker], Maker]:
    """Let files be requested as ``name``; the function returns their HTML, or raises DomainError."""

    def register(make: Maker) -> Maker:
        _makers[name] = make
        return make

    return register


def maker_named(name: str) -> Maker:
    """The maker registered as ``name``."""
    return _makers[name]


def register_protection(protection: Protection) -> None:
    """Set how names are hidden and found; the app that knows students calls it once."""
    _protections[:] = [protection]


def protection() -> Protection:
    """What `register_protection` set."""
    return _protections[0]
