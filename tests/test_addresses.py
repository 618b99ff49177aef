"""Mistyped and outdated URLs get a page, never a server error."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from teams.lib.inputs import DayField


@pytest.mark.parametrize(
    "path",
    [
        "/data/?of=team:nonsense",
        "/data/?of=team:00000000-0000-0000-0000-000000000000",
        "/plans/start/?student=nonsense",
        "/plans/start/?candidate=nonsense",
        "/plans/start/",
    ],
)
def test_an_invalid_id_is_not_found(cast, as_user, path):
    assert as_user(cast.cora).get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/students/?grade=x&section=%27&page=zero&sort=?&show=all&q=%25%27",
        "/candidates/?state=x&grade=x&severity=x&domain=x&page=-1&team=x",
        "/meetings/?team=x&page=x",
        "/plans/?tier=x&provider=x&show=x&progress=x",
    ],
)
def test_an_invalid_filter_is_no_error(cast, as_user, path):
    assert as_user(cast.cora).get(path).status_code == 200


@pytest.mark.sweep
@pytest.mark.parametrize(
    "path",
    [
        "/candidates/",
        "/jobs/",
        "/mail/",
        "/meetings/",
        "/minutes/",
        "/search/?q=reading",
        "/students/",
        "/teams/{team}/decisions/",
    ],
)
def test_a_deep_page_costs_what_the_first_one_costs(cast, as_user, path):
    """It is the last page, whatever the number."""
    people = {"/jobs/": cast.ada, "/mail/": cast.ada}
    client = as_user(people.get(path, cast.cora))
    path = path.format(team=cast.team.uuid)
    client.get(path)  # fills caches

    def queries(page):
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(f"{path}{'&' if '?' in path else '?'}page={page}")
        assert answer.status_code == 200
        return len(captured)

    assert queries(1) == queries(999_999) == queries("9" * 400)


# Page → its query parameters that filter, sort, paginate or prefill.
PARAMETERS = {
    "/candidates/": ["state", "domain", "grade", "severity", "team", "sort", "page"],
    "/data/": ["grade", "plan", "before", "after", "domain", "q", "sort"],
    "/jobs/": ["page"],
    "/mail/": ["page"],
    "/meetings/": ["team", "page"],
    "/meetings/find-time/": ["team", "people", "minutes", "week", "day", "every"],
    "/meetings/plan/": ["team", "day", "time", "minutes", "title"],
    "/minutes/": ["team", "page"],
    "/plans/": ["tier", "provider", "show"],
    "/polls/new/": ["team", "people", "minutes", "at", "title"],
    "/reports/": ["of", "since"],
    "/schedules/": ["every"],
    "/search/": ["q", "kind", "team", "since", "until", "order", "page"],
    "/series/new/": ["team", "weekday", "time", "minutes", "cycle_day"],
    "/students/": ["grade", "section", "show", "sort", "q", "page"],
    "/timetable/": ["day"],
}
STRANGE = ["--5", "²", "٣", "9" * 400, "9" * 5000, "nan", "1e400", "0001-01-01", "9999-12-31", "2026-02-30"]


@pytest.mark.sweep
@pytest.mark.parametrize("path", PARAMETERS)
def test_strange_values_of_parameters_are_ignored_or_refused_with_the_form(cast, as_user, path):
    """Every parameter gets every value once, all parameters of a page at a time."""
    client = as_user(cast.ada if path in ("/jobs/", "/mail/") else cast.cora)
    for first in range(len(STRANGE)):
        values = {
            name: STRANGE[(first + place) % len(STRANGE)] for place, name in enumerate(PARAMETERS[path])
        }
        assert client.get(path, values).status_code in {200, 422}, values


@pytest.mark.parametrize("path", ["/students/?q=a%00b", "/candidates/?domain=%00", "/feeds/%00.ics"])
def test_a_nul_in_an_address_is_refused(cast, as_user, path):
    assert as_user(cast.cora).get(path).status_code == 400


def test_a_nul_in_a_form_is_refused(cast, as_user):
    address = f"/teams/{cast.team.uuid}/norms/"
    assert as_user(cast.ana).post(address, {"norms": "Be kind\0"}).status_code == 400


def test_a_day_before_1900_or_after_2099_is_refused():
    field = DayField()
    assert field.clean("1900-01-01") == dt.date(1900, 1, 1)
    assert field.clean("2099-12-31") == dt.date(2099, 12, 31)
    for text in ("1899-12-31", "2100-01-01"):
        with pytest.raises(ValidationError):
            field.clean(text)


def test_a_view_that_does_not_exist_cannot_be_put_on_an_agenda(cast, as_user):
    answer = as_user(cast.ana).post(f"/teams/{cast.team.uuid}/propose/", {"view": "nonsense"})
    assert answer.status_code == 302
    answer = as_user(cast.ana).post(f"/candidates/{cast.candidate.uuid}/propose/", {"team": "nonsense"})
    assert answer.status_code == 404
