"""Search contributions, decisions, action items and more, limited to what the reader may open.

Each kind of text is queried separately, newest matches first and at most `MOST` of a kind. Results are then
ranked in Python, the same on every database.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db import connection
from django.db.models import BooleanField, F, Func, TextField, Value
from django.db.models.functions import Coalesce
from django.utils.safestring import SafeString

from collab.agendas.models import AgendaItem
from collab.meetings.models import Meeting
from collab.search.matching import marked, parse_terms
from collab.search.queries.kinds import KINDS, ONE, Kind, Reader
from teams.access.permissions import visible_teams
from teams.lib.hidden_names import hide_names

if TYPE_CHECKING:
    from django.core.paginator import Page

    from collab.search.matching import SearchTerms
    from teams.directory.models import School, Team, User

MOST, A_PAGE, EXCERPT = 500, 20, 220


@dataclass(frozen=True, slots=True)
class Found:
    """One result; ``title`` and ``text`` are escaped with matches marked."""

    kind: str
    label: str
    title: SafeString
    text: SafeString
    url: str
    where: str
    team: str
    day: dt.datetime
    by: str


@dataclass(frozen=True, slots=True)
class SearchResults:
    """A page of results. ``is_cut`` means that some kind has more matches than were searched."""

    page: Page
    found: list[Found]
    is_cut: bool
    teams: list[Team]
    is_asked: bool


@dataclass(frozen=True, slots=True)
class _Hit:
    kind: str
    pk: int
    at: dt.datetime
    weight: float


def search(
    user: User,
    school: School,
    *,
    text: str,
    kind: str = "",
    team: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
    newest: bool = False,
    page: int | str = 1,
) -> SearchResults:
    """Find everything at ``school`` that ``user`` may read and that matches ``text``, best or newest first."""
    terms, reader = parse_terms(text), Reader(user)
    teams = visible_teams(user, school)
    hits: list[_Hit] = []
    is_cut = False
    for name in [kind] if kind in KINDS else KINDS if terms else []:
        of_kind = _hits(reader, school, name, terms, team, since, until) if terms else []
        is_cut = is_cut or len(of_kind) > MOST
        hits += of_kind[:MOST]
    hits.sort(key=lambda hit: (hit.at, hit.pk), reverse=True)
    if not newest:
        hits.sort(key=lambda hit: hit.weight, reverse=True)
    cut = Paginator(hits, A_PAGE).get_page(page)
    return SearchResults(cut, _results(reader, list(cut), terms), is_cut, teams, bool(terms))


def _hits(
    reader: Reader,
    school: School,
    name: str,
    terms: SearchTerms,
    team: str,
    since: dt.date | None,
    until: dt.date | None,
) -> list[_Hit]:
    """The newest matches of one kind, one more than shown to detect a cut."""
    kind = KINDS[name]
    rows = kind.rows(reader).filter(_has(kind.fields, terms), **{f"{kind.team}__school": school})
    if team:
        rows = rows.filter(**{f"{kind.team}__uuid": team})
    rows = rows.annotate(at=_at(kind))
    if since:
        rows = rows.filter(at__gte=school.at(since, dt.time.min))
    if until:
        rows = rows.filter(at__lt=school.at(until + dt.timedelta(days=1), dt.time.min))
    found = rows.order_by("-at", "-pk").values_list("pk", "at", *kind.fields)[: MOST + 1]
    return [_Hit(name, pk, at, terms.weight(" ".join(texts))) for pk, at, *texts in found]


def _at(kind: Kind) -> Any:
    """The time of the meeting, or of writing if the row has no meeting."""
    if not kind.meeting:
        return F("starts_at")
    return Coalesce(F(f"{kind.meeting}__starts_at"), F("created_at"))


class _Joined(Func):
    """Fields of one row joined as one text, exactly as in the index of `migrations/0004_search`."""

    template = "%(expressions)s"
    arg_joiner = " || ' ' || "
    output_field = TextField()


class _Words(Func):
    """Whether a text matches: `collab_words` on PostgreSQL, `SearchTerms.is_in` on SQLite."""

    output_field = BooleanField()
    function = "collab_matches"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler,
            connection,
            template="collab_words(%(expressions)s)",
            arg_joiner=") @@ to_tsquery('pg_catalog.simple', ",
            **context,
        )


def _has(fields: tuple[str, ...], terms: SearchTerms) -> _Words:
    """The condition that ``fields`` together match the terms."""
    text = _Joined(*(F(field) for field in fields)) if len(fields) > 1 else F(fields[0])
    if connection.vendor == "sqlite":
        _register_sqlite_function(terms)
    return _Words(text, Value(terms.as_tsquery()))


def _register_sqlite_function(terms: SearchTerms) -> None:
    """Register the function that `_Words` calls on this SQLite connection."""
    connection.ensure_connection()
    connection.connection.create_function(
        "collab_matches", 2, lambda text, _query: terms.is_in(text or ""), deterministic=True
    )


def _results(reader: Reader, hits: list[_Hit], terms: SearchTerms) -> list[Found]:
    """Load the rows of ``hits`` in order, with one query per kind."""
    rows: dict[tuple[str, int], Any] = {}
    for name in {hit.kind for hit in hits}:
        of_kind = KINDS[name].rows(reader).filter(pk__in=[hit.pk for hit in hits if hit.kind == name])
        rows |= {(name, row.pk): row for row in of_kind.select_related(*KINDS[name].related)}
    return [_found(hit, rows[hit.kind, hit.pk], terms) for hit in hits if (hit.kind, hit.pk) in rows]


def _found(hit: _Hit, row: Any, terms: SearchTerms) -> Found:
    kind = KINDS[hit.kind]
    meeting = row if hit.kind == "meeting" else _follow(row, kind.meeting)
    team = _follow(row, kind.team)
    first, *others = (getattr(row, field) for field in kind.fields)
    places = [text for text in others if text and terms.places(text)]
    return Found(
        kind=hit.kind,
        label=str(ONE[hit.kind]),
        title=marked(hide_names(first), terms, width=EXCERPT),
        text=marked(hide_names(places[0]), terms, width=EXCERPT) if places else SafeString(""),
        url=_address(row, hit.kind, meeting or team),
        where="" if hit.kind == "meeting" or meeting is None else meeting.title,
        team=team.name,
        day=hit.at,
        by=_by(row),
    )


def _address(row: Any, kind: str, place: Any) -> str:
    """The URL of a result: action items have their own page, others open in the minutes."""
    if kind == "action":
        return str(row.get_absolute_url())
    item = row if kind == "item" else getattr(row, "item", None)
    is_closed = isinstance(place, Meeting) and place.state == Meeting.State.CLOSED
    return str(place.get_absolute_url()) + (f"#item-{item.uuid}" if item and is_closed else "")


def _follow(row: Any, path: str) -> Any:
    """The object at the end of a path of relations; None if any is None."""
    for name in path.split("__"):
        row = getattr(row, name) if row is not None else None
    return row


def _by(row: Any) -> str:
    """The author or owner of a result; empty if it belongs to the team."""
    for name in ("author", "owner", "teacher", "asked_by"):
        person = getattr(row, name, None)
        if person is not None and not isinstance(row, AgendaItem):
            return str(person)
    return ""
