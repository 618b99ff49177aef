"""The bank, a strategy's page, and the pages of plans that use it."""

import html
import re

from datareview.strategies import services
from datareview.strategies.models import Strategy
from datareview.strategies.queries import bank_of, strategy_page


def found(cast, **wanted):
    return {strategy.name for strategy in bank_of(cast.ana, cast.school, wanted).page}


def test_the_bank_is_searched_and_filtered(cast):
    services.adopt_strategies(cast.school, actor=cast.cora)
    assert found(cast, q="GAME calling") == {"The good behavior game"}
    assert found(cast, domain="attendance", tier="3") == {
        "Visit to understand absences",
        "Small steps back to school",
    }
    assert "Hearing and moving sounds" in found(cast, domain="academic", grade="0")
    assert "Hearing and moving sounds" not in found(cast, domain="academic", grade="5")
    assert found(cast, domain="attendance", evidence="rationale") == {"Morning plan and a partner"}
    assert len(bank_of(cast.ana, cast.school, {}).page) == 25


def test_retired_ones_are_listed_apart_and_cannot_be_chosen(cast, as_user):
    services.retire_strategies(cast.school, [cast.strategy], actor=cast.cora, is_retired=True)
    assert (found(cast), found(cast, show="retired")) == (set(), {"Repeated reading"})
    page = as_user(cast.cora).get(f"/plans/start/?student={cast.jonas.uuid}").content.decode()
    assert f'value="{cast.strategy.uuid}"' not in page


def test_who_uses_it_are_the_students_a_reader_may_see(cast):
    assert [plan.pk for plan in strategy_page(cast.sol, cast.strategy).plans] == [cast.plan.pk]
    assert strategy_page(cast.gil, cast.strategy).plans == []


def test_everything_of_a_strategy_is_on_its_page(cast, as_user):
    (strategy,) = services.adopt_strategies(cast.school, {"check-in-check-out"}, actor=cast.cora)
    text = html.unescape(as_user(cast.ana).get(strategy.get_absolute_url()).content.decode())
    for part in (
        *strategy.steps,
        *strategy.checks,
        strategy.evidence,
        strategy.family_en,
        strategy.family_es,
    ):
        assert part in text, part
    assert "Promising." in text
    assert "/edit/" not in text


def test_an_empty_bank_leads_who_may_to_the_starting_strategies(cast, as_user):
    cast.plan.delete()
    cast.strategy.delete()
    start = f"/plans/start/?student={cast.jonas.uuid}"
    assert 'href="/strategies/"' in as_user(cast.cora).get(start).content.decode()
    specialist = as_user(cast.sol).get("/strategies/").content.decode()
    assert ("/strategies/adopt/" in specialist, "The bank is empty" in specialist) == (False, True)
    cora = as_user(cast.cora)
    assert 'href="/strategies/adopt/"' in cora.get("/strategies/").content.decode()
    keys = re.findall(r'name="keys" value="([^"]+)"', cora.get("/strategies/adopt/").content.decode())
    assert cora.post("/strategies/adopt/", {"keys": keys}).status_code == 302
    assert Strategy.objects.filter(school=cast.school).count() == len(keys)
    assert "Your bank has all of them." in cora.get("/strategies/adopt/").content.decode()


def test_a_double_click_adds_one(cast, as_user):
    ada = as_user(cast.ada)
    key = re.search(r'name="form_key" value="([^"]+)"', ada.get("/strategies/add/").content.decode())[1]
    data = {"name": "Mine", "domain": "academic", "tier": 2, "minutes": 20, "sessions_per_week": 3}
    for _click in range(2):
        assert ada.post("/strategies/add/", data | {"form_key": key}).status_code == 302
    assert Strategy.objects.filter(name="Mine").count() == 1


def test_a_stale_edit_can_be_saved_again(cast, as_user):
    ada, address = as_user(cast.ada), f"/strategies/{cast.strategy.uuid}/edit/"
    data = {"name": "One", "domain": "academic", "tier": 2, "minutes": 20, "sessions_per_week": 3}
    seen = services.strategy_fingerprint(cast.strategy)
    assert ada.post(address, data | {"seen": seen}).status_code == 302
    stale = ada.post(address, data | {"name": "Two", "seen": seen})
    text = html.unescape(stale.content.decode())
    assert (stale.status_code, "Someone changed this strategy" in text, 'value="Two"' in text) == (
        422,
        True,
        True,
    )
    newest = re.search(r'name="seen" value="([^"]*)"', text)[1]
    assert ada.post(address, data | {"name": "Two", "seen": newest}).status_code == 302
    assert Strategy.objects.get(pk=cast.strategy.pk).name == "Two"


def test_the_checklist_is_shown_where_a_session_is_logged(cast, as_user):
    services.change_strategy(cast.strategy, actor=cast.cora, fidelity="The passage was modeled")
    page = as_user(cast.sol).get(f"/plans/{cast.plan.uuid}/").content.decode()
    assert "The passage was modeled" in page
    assert f'href="{cast.strategy.get_absolute_url()}"' in page


def test_all_of_a_filtered_list_are_retired_on_all_its_pages(cast, as_user):
    services.adopt_strategies(cast.school, actor=cast.cora)
    ada = as_user(cast.ada)
    sent = {"do": "retire", "everyone": "yes", "row": "", "back": "domain=behavior&sort=name"}
    response = ada.post("/strategies/change/", sent)
    assert response.url == "/strategies/?domain=behavior&sort=name"
    assert "7 strategies were retired." in ada.get(response.url).content.decode()
    rows = Strategy.objects.filter(school=cast.school)
    assert {row.domain for row in rows if row.is_retired} == {"behavior"}
    assert rows.filter(domain="behavior", is_retired=False).count() == 0
    refused = ada.post("/strategies/change/", {"do": "retire", "back": "domain=academic"})
    page = html.unescape(refused.content.decode())
    assert (refused.status_code, "Select at least one row first." in page) == (422, True)
    assert ("Repeated reading" in page, "Friendship skills" in page) == (True, False)
