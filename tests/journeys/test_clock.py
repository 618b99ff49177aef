"""The room's countdown in a browser whose clock is wrong."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from collab.agendas.models import AgendaItem
from collab.room.services import lifecycle
from teams.lib import clock

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]

WRONG = (dt.timedelta(hours=1), dt.timedelta(hours=-1))


@pytest.fixture
def item(cast) -> AgendaItem:
    """The current item: ten minutes long, started half a minute ago."""
    AgendaItem.objects.filter(meeting=cast.meeting).update(minutes=10)
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    found = live.items.get(state="current")
    _begun(found, dt.timedelta(seconds=30))
    return found


def _begun(item: AgendaItem, ago: dt.timedelta) -> None:
    started = clock.now() - ago
    AgendaItem.objects.filter(pk=item.pk).update(
        started_at=started, ends_at=started + dt.timedelta(minutes=item.minutes)
    )


def _with_clock(open_page, cast, off: dt.timedelta) -> Page:
    page = open_page(cast.tom, "/")
    page.clock.install(time=clock.now() + off)
    page.goto(cast.meeting.get_absolute_url())
    return page


def _seconds_left(page: Page) -> float:
    text = page.locator("#clock [data-timer-left]").first.inner_text()
    minutes, seconds = re.fullmatch(r"(\d+):(\d\d)", text).groups()
    return 60 * int(minutes) + int(seconds)


@pytest.mark.parametrize("off", WRONG, ids=["an hour ahead", "an hour behind"])
def test_the_countdown_is_the_servers(cast, item, open_page, off):
    item.refresh_from_db()

    def left() -> float:
        return (item.ends_at - clock.now()).total_seconds()

    asked = left()
    page = _with_clock(open_page, cast, off)
    expect(page.locator("#clock [data-timer]").first).to_have_attribute("data-timer-state", "running")
    on_its_way = asked - left()  # the page lags by no more than its loading time
    before, shown, after = left(), _seconds_left(page), left()
    assert after - 1 <= shown <= before + on_its_way + 1


def test_amber_starts_in_the_last_fifth_and_red_at_the_end_by_the_servers_clock(cast, item, open_page):
    _begun(item, dt.timedelta(minutes=8, seconds=5))
    page = _with_clock(open_page, cast, WRONG[0])
    expect(page.locator("#clock [data-timer]").first).to_have_attribute("data-timer-state", "soon")
    expect(page.get_by_text("left on this item", exact=True)).to_be_visible()
    page.clock.fast_forward("02:00")
    expect(page.locator("#clock [data-timer]").first).to_have_attribute("data-timer-state", "over")
    expect(page.get_by_text("over the time of this item")).to_be_visible()
    expect(page.get_by_text("left on this item", exact=True)).to_be_hidden()
