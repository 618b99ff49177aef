"""Exact formats of days, times and numbers in the languages of the product."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from teams.lib import clock, formats

CHICAGO = ZoneInfo("America/Chicago")
LANGUAGES = ["en", "es", "en-gb"]


def at(day: int, hour: int = 10, minute: int = 10, *, month: int = 12, year: int = 2026) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute, tzinfo=CHICAGO)


@pytest.fixture(autouse=True)
def tuesday_morning(monkeypatch):
    """Set the clock to Tuesday, December 1, 2026, 7:40 AM at the school."""
    monkeypatch.setattr(clock, "now", lambda: at(1, 7, 40))
    monkeypatch.setattr(formats, "now", lambda: at(1, 7, 40))
    with timezone.override(CHICAGO):
        yield


@pytest.fixture(params=LANGUAGES)
def language(request):
    with translation.override(request.param):
        yield request.param


def text_in(language: str, *texts: str) -> str:
    """Choose the text in ``language`` from ``texts``, which are in the order of `LANGUAGES`."""
    return texts[LANGUAGES.index(language)]


@pytest.mark.parametrize(
    ("on", "texts"),
    [
        (dt.date(2026, 11, 30), ("Mon, Nov 30", "lun, 30 nov", "Mon 30 Nov")),
        (dt.date(2026, 7, 1), ("Wed, Jul 1", "mié, 1 jul", "Wed 1 Jul")),
        (dt.date(2027, 6, 30), ("Wed, Jun 30", "mié, 30 jun", "Wed 30 Jun")),
        (dt.date(2025, 11, 30), ("Sun, Nov 30, 2025", "dom, 30 nov 2025", "Sun, 30 Nov 2025")),
        (dt.date(2026, 6, 30), ("Tue, Jun 30, 2026", "mar, 30 jun 2026", "Tue, 30 Jun 2026")),
        (dt.date(2027, 7, 1), ("Thu, Jul 1, 2027", "jue, 1 jul 2027", "Thu, 1 Jul 2027")),
        (dt.date(2028, 2, 29), ("Tue, Feb 29, 2028", "mar, 29 feb 2028", "Tue, 29 Feb 2028")),
    ],
)
def test_a_day_has_its_year_where_it_is_not_this_school_year(language, on, texts):
    assert formats.day(on) == text_in(language, *texts)


def test_a_school_year_goes_on_in_january(language, monkeypatch):
    monkeypatch.setattr(formats, "now", lambda: at(5, month=1, year=2027))
    assert formats.day(dt.date(2026, 11, 30)) == text_in(language, "Mon, Nov 30", "lun, 30 nov", "Mon 30 Nov")


def test_short_days_and_parts_of_days(language):
    on = dt.date(2026, 12, 1)
    found = [
        formats.short_day(on),
        formats.short_day(dt.date(2025, 11, 30)),
        formats.short_day(on, with_year=True),
        formats.day(on, with_year=True),
        formats.day(dt.date(2025, 12, 1), with_year=False),
        formats.month(on, with_year=False),
        formats.month(on, with_year=True),
        formats.weekday(on),
    ]
    texts = {
        "en": [
            "Dec 1",
            "Nov 30, 2025",
            "Dec 1, 2026",
            "Tue, Dec 1, 2026",
            "Mon, Dec 1",
            "Dec",
            "Dec 2026",
            "Tue",
        ],
        "es": [
            "1 dic",
            "30 nov 2025",
            "1 dic 2026",
            "mar, 1 dic 2026",
            "lun, 1 dic",
            "dic",
            "dic 2026",
            "mar",
        ],
        "en-gb": [
            "1 Dec",
            "30 Nov 2025",
            "1 Dec 2026",
            "Tue, 1 Dec 2026",
            "Mon 1 Dec",
            "Dec",
            "Dec 2026",
            "Tue",
        ],
    }
    assert found == texts[language]


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        (dt.time(0, 0), ("12:00\xa0AM", "0:00", "00:00")),
        (dt.time(0, 5), ("12:05\xa0AM", "0:05", "00:05")),
        (dt.time(9, 5), ("9:05\xa0AM", "9:05", "09:05")),
        (dt.time(11, 59), ("11:59\xa0AM", "11:59", "11:59")),
        (dt.time(12, 0), ("12:00\xa0PM", "12:00", "12:00")),
        (dt.time(13, 0), ("1:00\xa0PM", "13:00", "13:00")),
        (dt.time(23, 59), ("11:59\xa0PM", "23:59", "23:59")),
        (dt.datetime(2026, 12, 1, 16, 10, tzinfo=dt.UTC), ("10:10\xa0AM", "10:10", "10:10")),
    ],
)
def test_a_time(language, value, texts):
    assert formats.time(value) == text_in(language, *texts)


@pytest.mark.parametrize(
    ("start", "end", "texts"),
    [
        (dt.time(10, 10), dt.time(10, 55), ("10:10–10:55\xa0AM", "10:10–10:55", "10:10–10:55")),
        (dt.time(13, 5), dt.time(14, 0), ("1:05–2:00\xa0PM", "13:05–14:00", "13:05–14:00")),
        (dt.time(11, 30), dt.time(12, 15), ("11:30\xa0AM–12:15\xa0PM", "11:30–12:15", "11:30–12:15")),
        (dt.time(12, 0), dt.time(13, 0), ("12:00–1:00\xa0PM", "12:00–13:00", "12:00–13:00")),
        (dt.time(0, 0), dt.time(8, 0), ("12:00–8:00\xa0AM", "0:00–8:00", "00:00–08:00")),
        (dt.time(9, 0), dt.time(9, 0), ("9:00\xa0AM", "9:00", "09:00")),
    ],
)
def test_a_span_of_hours_names_am_or_pm_once(language, start, end, texts):
    assert formats.hours(start, end) == text_in(language, *texts)


def test_a_moment_is_never_without_its_day(language):
    today, other_day, other_year = at(1), at(2), at(1, year=2025)
    assert [formats.moment(one) for one in (today, other_day, other_year)] == {
        "en": ["Tue, Dec 1, 10:10\xa0AM", "Wed, Dec 2, 10:10\xa0AM", "Mon, Dec 1, 2025, 10:10\xa0AM"],
        "es": ["mar, 1 dic, 10:10", "mié, 2 dic, 10:10", "lun, 1 dic 2025, 10:10"],
        "en-gb": ["Tue 1 Dec, 10:10", "Wed 2 Dec, 10:10", "Mon, 1 Dec 2025, 10:10"],
    }[language]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (at(1, 0, 0), "today, 12:00\xa0AM"),
        (at(1, 23, 59), "today, 11:59\xa0PM"),
        (at(2, 0, 0), "Wed, Dec 2, 12:00\xa0AM"),
        (at(30, 23, 59, month=11), "Mon, Nov 30, 11:59\xa0PM"),
        (at(1, year=2025), "Mon, Dec 1, 2025, 10:10\xa0AM"),
    ],
)
def test_a_page_says_today(value, text):
    assert formats.moment(value.astimezone(dt.UTC), says_today=True) == text


def test_a_page_says_today_in_spanish_too():
    with translation.override("es"):
        assert formats.moment(at(1), says_today=True) == "hoy, 10:10"


def test_today_is_a_day_of_the_zone():
    late = dt.datetime(2026, 12, 2, 5, 30, tzinfo=dt.UTC)  # the evening of December 1 in Chicago
    assert formats.moment(late, says_today=True) == "today, 11:30\xa0PM"
    assert formats.moment(late, tz=ZoneInfo("Europe/Berlin")) == "Wed, Dec 2, 6:30\xa0AM"
    assert formats.day(late) == "Tue, Dec 1"
    assert formats.day(late, tz=ZoneInfo("Europe/Berlin")) == "Wed, Dec 2"
    assert formats.short_day(late, tz=ZoneInfo("Europe/Berlin")) == "Dec 2"
    assert formats.time(late, tz=dt.UTC) == "5:30\xa0AM"


def test_a_span_has_one_day_or_two():
    assert formats.span(at(1), at(1, 10, 55)) == "Tue, Dec 1, 10:10–10:55\xa0AM"
    assert formats.span(at(1, 11, 30), at(1, 12, 15)) == "Tue, Dec 1, 11:30\xa0AM–12:15\xa0PM"
    assert formats.span(at(1), at(1, 10, 55), says_today=True) == "today, 10:10–10:55\xa0AM"
    assert formats.span(at(1), at(1, 10, 55), with_year=True) == "Tue, Dec 1, 2026, 10:10–10:55\xa0AM"
    assert formats.span(at(1, year=2025), at(1, 11, 0, year=2025)) == "Mon, Dec 1, 2025, 10:10–11:00\xa0AM"
    assert formats.span(at(1, 23), at(2, 1)) == "Tue, Dec 1, 11:10\xa0PM–Wed, Dec 2, 1:10\xa0AM"
    assert formats.span(at(1, 23), at(2, 1), tz=dt.UTC) == "Wed, Dec 2, 5:10–7:10\xa0AM"
    with translation.override("es"):
        assert formats.span(at(1), at(1, 10, 55)) == "mar, 1 dic, 10:10–10:55"


@pytest.mark.parametrize(
    ("first", "last", "texts"),
    [
        (dt.date(2026, 11, 30), dt.date(2026, 12, 4), ("Nov 30–Dec 4", "30 nov–4 dic", "30 Nov–4 Dec")),
        (dt.date(2026, 11, 9), dt.date(2026, 11, 13), ("Nov 9–13", "9–13 nov", "9–13 Nov")),
        (dt.date(2026, 12, 21), dt.date(2027, 1, 1), ("Dec 21–Jan 1", "21 dic–1 ene", "21 Dec–1 Jan")),
        (dt.date(2026, 11, 9), dt.date(2026, 11, 9), ("Nov 9", "9 nov", "9 Nov")),
        (dt.date(2025, 11, 3), dt.date(2025, 11, 4), ("Nov 3–4, 2025", "3–4 nov 2025", "3–4 Nov 2025")),
        (
            dt.date(2025, 8, 18),
            dt.date(2026, 6, 5),
            ("Aug 18, 2025–Jun 5, 2026", "18 ago 2025–5 jun 2026", "18 Aug 2025–5 Jun 2026"),
        ),
    ],
)
def test_days_have_their_year_where_one_is_not_in_this_school_year(language, first, last, texts):
    assert formats.days(first, last) == text_in(language, *texts)


def test_days_with_their_years():
    first, last = dt.date(2026, 8, 17), dt.date(2027, 6, 4)
    assert formats.days(first, last) == "Aug 17–Jun 4"
    assert formats.days(first, last, with_year=True) == "Aug 17, 2026–Jun 4, 2027"


@pytest.mark.parametrize(
    ("value", "english", "spanish"),
    [
        (0, "0", "0"),
        (1, "1", "1"),
        (-3, "−3", "−3"),
        (-0.0, "0", "0"),
        (10.0, "10", "10"),
        (10.5, "10.5", "10,5"),
        (-0.25, "−0.25", "−0,25"),
        (0.1 + 0.2, "0.3", "0,3"),
        (1 / 3, "0.333333", "0,333333"),
        (1234, "1,234", "1.234"),
        (-1234567.5, "−1,234,567.5", "−1.234.567,5"),
        (Decimal("2.50"), "2.5", "2,5"),
    ],
)
def test_a_number(value, english, spanish):
    assert formats.number(value) == english
    with translation.override("es"):
        assert formats.number(value) == spanish


@pytest.mark.parametrize(
    ("value", "places", "at_most", "exactly"),
    [
        (2.5, 0, "3", "3"),
        (-2.5, 0, "−3", "−3"),
        (0.285, 2, "0.29", "0.29"),  # the float is below the half
        (2.0, 1, "2", "2.0"),
        (-0.04, 1, "0", "0.0"),
        (-0.05, 1, "−0.1", "−0.1"),
        (999.95, 1, "1,000", "1,000.0"),
    ],
)
def test_halves_are_rounded_away_from_zero(value, places, at_most, exactly):
    assert (formats.number(value, places), formats.fixed(value, places)) == (at_most, exactly)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (0.5, None, "+0.5"),
        (-0.5, None, "−0.5"),
        (0, None, "0"),
        (1234, None, "+1,234"),
        (0.5, 2, "+0.50"),
        (0.004, 2, "0"),
        (-0.004, 2, "0"),
        (0.005, 2, "+0.01"),
    ],
)
def test_a_change_has_its_sign(value, places, text):
    assert formats.signed(value, places) == text


@pytest.mark.parametrize(
    ("value", "most", "english", "spanish"),
    [
        (0, 6, "0%", "0\xa0%"),
        (1, 6, "1%", "1\xa0%"),
        (10.5, 6, "10.5%", "10,5\xa0%"),
        (100, 6, "100%", "100\xa0%"),
        (-2.5, 6, "−2.5%", "−2,5\xa0%"),
        (1234.5, 6, "1,234.5%", "1.234,5\xa0%"),
        (99.49, 0, "99%", "99\xa0%"),
        (99.5, 0, "100%", "100\xa0%"),
        (99.95, 1, "100%", "100\xa0%"),
        (0.05, 1, "0.1%", "0,1\xa0%"),
        (0.049, 1, "0%", "0\xa0%"),
        (-0.4, 0, "0%", "0\xa0%"),
        (33.3333333, 6, "33.333333%", "33,333333\xa0%"),
    ],
)
def test_a_percentage(value, most, english, spanish):
    assert formats.percent(value, most) == english
    with translation.override("es"):
        assert formats.percent(value, most) == spanish


def rendered(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


def test_the_filters_of_days_and_times():
    start, end = at(2), at(2, 10, 55)
    source = "{{ a|day }}|{{ a|short_day }}|{{ a|dated }}|{{ a|clock }}|{{ a|moment }}|{{ a|span:b }}|{{ t|hours:u }}"
    assert rendered(source, a=start, b=end, t=start.time(), u=end.time()).split("|") == [
        "Wed, Dec 2",
        "Dec 2",
        "Wed, Dec 2, 2026",
        "10:10\xa0AM",
        "Wed, Dec 2, 10:10\xa0AM",
        "Wed, Dec 2, 10:10–10:55\xa0AM",
        "10:10–10:55\xa0AM",
    ]
    source = "{{ a|dated_moment }}|{{ a|dated_span:b }}|{{ x|days:y }}|{{ now|when }}|{{ now|when:later }}|{{ a|when:b }}"
    dates = {"x": dt.date(2026, 12, 2), "y": dt.date(2026, 12, 4), "now": at(1), "later": at(1, 10, 55)}
    assert rendered(source, a=start, b=end, **dates).split("|") == [
        "Wed, Dec 2, 2026, 10:10\xa0AM",
        "Wed, Dec 2, 2026, 10:10–10:55\xa0AM",
        "Dec 2–4",
        "today, 10:10\xa0AM",
        "today, 10:10–10:55\xa0AM",
        "Wed, Dec 2, 10:10–10:55\xa0AM",
    ]


def test_machines_read_the_same_in_every_language(language):
    late = dt.datetime(2026, 12, 2, 5, 30, tzinfo=dt.UTC)
    source = "{{ at|iso }}|{{ at|iso_day }}|{{ on|iso_day }}"
    assert rendered(source, at=late, on=late.date()) == "2026-12-01T23:30:00-06:00|2026-12-01|2026-12-02"


def test_the_filters_of_numbers():
    source = (
        "{{ n|number }}|{{ n|number:1 }}|{{ n|fixed:3 }}|{{ n|percent }}|{{ n|percent:1 }}|{{ zero|number }}"
    )
    assert rendered(source, n=-1234.56, zero=0) == "−1,234.56|−1,234.6|−1,234.560|−1,234.56%|−1,234.6%|0"


@pytest.mark.parametrize(
    "name",
    [
        "day",
        "short_day",
        "dated",
        "clock",
        "moment",
        "when",
        "dated_moment",
        "iso",
        "iso_day",
        "number",
        "fixed:1",
        "percent",
    ],
)
def test_a_missing_value_is_written_as_nothing(name):
    assert rendered("{{ none|" + name + " }}", none=None) == ""
