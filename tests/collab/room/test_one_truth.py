"""Pages of several people follow a meeting through a network that delays, reorders and loses: all end equal to a fresh load.

The server is real, and so is the rule of what a page shows (`static/js/room/revisions.js`). A page here keeps each region
as HTML, and what was said also row by row: answers may contain single rows. It fetches, and presses buttons itself.
"""

from __future__ import annotations

import re
import uuid
from functools import partial
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from collab.agendas.services import items
from collab.decisions.models import Decision
from collab.decisions.services import decisions
from collab.discussion import services as contributions
from collab.discussion.models import Contribution
from collab.discussion.queries import _shared_update
from collab.meetings.models import Meeting
from collab.room.queries.listeners import regions_since
from collab.room.services import clock, lifecycle
from collab.room.views.stream import _regions
from teams.lib.errors import DomainError
from tests.browser_rules import running
from tests.factories.meetings import current, say
from tests.properties import Phase, given, settings, st

if TYPE_CHECKING:
    from collab.agendas.models import AgendaItem

OPENS = re.compile(r'<(div|section)\b[^>]*?\bid="(\w+)"[^>]*?data-follows="([^"]*)"[^>]*>')
# What differs between two answers that show the same: keys of forms, the time, and in which order attributes stand.
NOISE = re.compile(
    r'(name="(?:csrfmiddlewaretoken|form_key|client_key)" value="[^"]*"|data-now="[^"]*"|hx-swap-oob="true"|\s+)+'
)
ROW = re.compile(r'<li id="(said-[0-9a-f-]+)".*?</li>|<b id="(count-\w+)".*?</b>', re.DOTALL)


def regions_of(html: str) -> dict[str, tuple[str, list[str]]]:
    """Each region in ``html``: its text without what is random (none for the whole room), and the events it follows."""
    found = {}
    for match in OPENS.finditer(html):
        depth, end = 0, match.start()
        for tag in re.finditer(rf"<(/?){match[1]}\b", html[match.start() :]):
            depth += -1 if tag[1] else 1
            end = match.start() + tag.end()
            if depth == 0:
                break
        text = "" if match[2] == "room" else NOISE.sub(" ", html[match.start() : end])
        found[match[2]] = (text, match[3].split())
    return found


def rows_of(html: str) -> dict[str, str]:
    """The rows of contributions in ``html`` and their counts, by id."""
    found = {match[1] or match[2]: NOISE.sub(" ", match[0]) for match in ROW.finditer(html)}
    return {name: row.replace(" >", ">") for name, row in found.items()}


class Page:
    """One person's browser."""

    def __init__(self, user, meeting: Meeting, call) -> None:
        self.client, self.address, self.call = Client(), meeting.get_absolute_url(), call
        self.client.force_login(user, backend="teams.account.backends.ScopeBackend")
        self.meeting = meeting
        answer = self.client.get(self.address)
        self.shown = regions_of(answer.content.decode())
        (revision,) = re.findall(r'data-revision="(\d+)"', answer.content.decode())
        self.seen = int(revision)
        self.item = re.findall(r'data-item="([^"]*)"', answer.content.decode())[0]
        self.said, self.is_in_rows = rows_of(answer.content.decode()), False
        self.rule = call(None, "new", self.seen)
        self.answers: list = []

    def hear(self, *, until: int) -> None:
        """The stream names what changed since the last event that arrived."""
        for name in regions_since(self.meeting.pk, self.seen, until=until):
            for region, (_text, follows) in self.shown.items():
                if name in follows:
                    self.call(self.rule, "announce", region, until)
        self.seen = until

    def ask(self) -> None:
        """Fetch what is behind. The answer is on its way from now on."""
        if names := self.call(self.rule, "behind"):
            names = [name for name in names if name in self.shown]
            self.answers.append(self.client.get(self.address, {"region": names}, headers=self._headers()))

    def press(self, n: int) -> None:
        """Send one of the room's forms. Its answer is on its way like the others."""
        item, live = current(self.meeting), self.meeting.uuid
        decision = Decision.objects.filter(item=item).first()
        said = Contribution.objects.filter(item=item, deleted_at=None, cluster=None).first()
        sent = {"kind": "notice", "text": f"Pressed {n}", "client_key": uuid.uuid4()}
        forms = [("contribution-add", [live, item.uuid]), ("clock-add", [live])]
        forms += [("decision-vote", [live, decision.uuid, n % 6])] if decision else []
        forms += [("contribution-vote", [live, said.uuid])] if said else []
        name, at = forms[n % len(forms)]
        address = reverse(f"collab:{name}", args=at)
        answer = self.client.post(address, sent | {"wanted": "yes"}, headers=self._headers())
        if "Room-Revision" in answer:  # otherwise it was refused
            self.answers.append(answer)

    def _headers(self) -> dict[str, str]:
        drawn = self.call(self.rule, "at", "contributions")
        return {"HX-Request": "true", "Room-Item": self.item, "Room-Drawn": str(drawn)}

    def get(self, place: int) -> None:
        """One of the answers that are on their way arrives."""
        if not self.answers:
            return
        answer = self.answers.pop(place % len(self.answers))
        html, revision = answer.content.decode(), int(answer["Room-Revision"])
        names = answer["Room-Regions"].split()
        taken = [name for name in names if self.call(self.rule, "take", name, revision)]
        now = regions_of(html)
        if taken == ["room"]:
            self.shown = now
            self.item = re.findall(r'data-item="([^"]*)"', html)[0]
        else:
            self.shown |= {name: one for name, one in now.items() if name in taken}
        if {"room", "contributions"} & set(taken):
            self.is_in_rows = not {"room", "contributions"} & now.keys()
            self.said = self.said | rows_of(html) if self.is_in_rows else rows_of(html)

    def differs(self) -> dict[str, object]:
        """What of it is not as on a page that is loaded now."""
        html = self.client.get(self.address).content.decode()
        fresh = regions_of(html)
        found = {name: now for name, now in self.shown.items() if now != fresh.get(name)}
        if self.is_in_rows:  # the region as it was drawn before its last rows
            found.pop("contributions", None)
        rows = rows_of(html)
        return found | {
            name: row for name in rows | self.said if (row := self.said.get(name)) != rows.get(name)
        }


def work_of(cast, live, n: int) -> object:
    """One of the things that people do in a meeting."""
    actor = (cast.ana, cast.tom)[n % 2]
    item = current(live)
    said = Contribution.objects.filter(item=item, deleted_at=None)
    decided = Decision.objects.filter(item__meeting=live).first()
    every = [
        partial(say, item, actor, f"Thought {n}"),
        partial(_vote, item, actor, said),
        partial(_group, actor, said),
        partial(_decide, item, actor, decided, fingers=n % 6),
        partial(_mark, live, cast, mark="late" if n % 2 else "present"),
        partial(clock.go_to_item, live, actor=cast.ana, item_uuid=str(live.items.all()[n % 2].uuid), anyway=True),
        partial(contributions.write_privately if n % 2 else contributions.reveal, item, actor=cast.ana),
        partial(clock.add_minutes, live, actor=cast.ana, minutes=2),
        partial(items.add_item, live, actor=cast.ana, title=f"More {n}", minutes=5),
    ]  # fmt: skip
    return every[n // 2 % len(every)]()


def _mark(live: Meeting, cast, *, mark: str) -> None:
    lifecycle.mark_attendance(live, actor=cast.ana, staff_uuid=str(cast.staff.tom.uuid), mark=mark)


def _vote(item: AgendaItem, actor, said) -> None:
    if row := said.filter(cluster=None).first():
        contributions.toggle_vote(item, actor=actor, contribution=row)


def _group(actor, said) -> None:
    if row := said.last():
        contributions.group_contribution(row, actor=actor, onto="new", title="Mondays")


def _decide(item: AgendaItem, actor, decided: Decision | None, *, fingers: int) -> None:
    if decided:
        decisions.cast_consensus_vote(decided, actor=actor, fingers=fingers)
    else:
        decisions.decide(item, actor=actor, text="Read in pairs", check_on=None, client_key=uuid.uuid4())


PEOPLE = 3
AT_ONCE = (Phase.explicit, Phase.generate)  # finding a shorter example takes minutes with a real server
steps = st.one_of(
    st.tuples(st.just("do"), st.integers(0, 200)),
    st.tuples(st.just("hear"), st.integers(0, PEOPLE - 1)),
    st.tuples(st.just("press"), st.integers(0, 200)),
    st.tuples(st.just("ask"), st.integers(0, PEOPLE - 1)),
    st.tuples(st.just("get"), st.integers(0, 11)),
    st.tuples(st.just("lose"), st.integers(0, PEOPLE - 1)),
)


@pytest.mark.sweep
def test_all_pages_end_equal_to_a_fresh_load(cast):
    with running("room/revisions.js", "Revisions") as call:

        @settings(max_examples=10, report_multiple_bugs=False, phases=AT_ONCE)
        @given(st.lists(steps, min_size=15, max_size=40))
        def check(steps):
            _regions.cache_clear()
            _shared_update.cache_clear()
            with transaction.atomic():
                follow_a_meeting(cast, call, steps)
                transaction.set_rollback(True)

        check()


def follow_a_meeting(cast, call, steps) -> None:
    items.add_item(cast.meeting, actor=cast.ana, title="Reading night", minutes=5)
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    pages = [Page(user, live, call) for user in (cast.ana, cast.tom, cast.pia)]

    def latest() -> int:
        return Meeting.objects.values_list("revision", flat=True).get(pk=live.pk)

    for step, n in steps:
        page = pages[n % PEOPLE]
        if step == "do":
            try:
                with transaction.atomic():
                    work_of(cast, live, n)
            except DomainError:
                pass
        elif step == "hear":
            page.hear(until=latest())
        elif step == "ask":
            page.ask()
        elif step == "press":
            with transaction.atomic():
                page.press(n // PEOPLE)
        elif step == "get":
            page.get(n // PEOPLE)
        else:
            page.answers.clear()  # the connection is gone, with all that was on its way
    for page in pages:
        settle(page, latest())
        assert page.differs() == {}


def settle(page: Page, latest: int) -> None:
    """Everything arrives that is on its way, and the page asks until nothing is behind."""
    while page.answers:
        page.get(-1)
    page.hear(until=latest)
    for _round in range(4):
        page.ask()
        page.get(0)
    assert page.call(page.rule, "behind") == []


def test_an_answer_that_is_older_than_the_region_is_dropped():
    with running("room/revisions.js", "Revisions") as call:
        rule = call(None, "new", 10)
        assert call(rule, "take", "decisions", 12)
        assert not call(rule, "take", "decisions", 11)
        assert not call(rule, "take", "room", 11)  # it would take the decisions back
        call(rule, "announce", "people", 11)
        call(rule, "announce", "decisions", 12)
        assert call(rule, "behind") == ["people"]
        call(rule, "announce", "room", 13)
        assert call(rule, "behind") == ["room"]
        assert call(rule, "take", "room", 13)
        assert call(rule, "behind") == []
