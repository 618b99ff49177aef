"""Adopting, adding, changing, copying and retiring strategies."""

import pytest
from django.core.exceptions import PermissionDenied

from datareview.strategies import services
from datareview.strategies.library import starting_strategies
from datareview.strategies.models import Strategy
from teams.lib.errors import DomainError, StaleEdit


def names(school):
    return set(school.strategies.values_list("name", flat=True))


def test_a_school_adopts_all_once_without_those_it_has_by_name(cast, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        added = services.adopt_strategies(cast.school, actor=cast.cora)
    assert len(added) == len(starting_strategies()) - 1  # "Repeated reading" is there
    assert names(cast.school) == {row["name"] for row in starting_strategies()}
    assert services.adopt_strategies(cast.school, actor=cast.ada) == []
    assert names(cast.other_school) == set()


def test_a_renamed_or_retired_one_is_not_adopted_again(cast):
    (game,) = services.adopt_strategies(cast.school, {"good-behavior-game"}, actor=cast.ada)
    services.change_strategy(game, actor=cast.ada, name="Our game")
    services.retire_strategies(cast.school, [game], actor=cast.ada, is_retired=True)
    assert services.adopt_strategies(cast.school, {"good-behavior-game", "unknown"}, actor=cast.ada) == []


@pytest.mark.parametrize("who", ["ana", "sol", "pia", "zed"])
def test_others_change_nothing(cast, who):
    user = getattr(cast, who)
    for work in (
        lambda: services.adopt_strategies(cast.school, actor=user),
        lambda: services.add_strategy(cast.school, actor=user, name="Mine", domain="academic"),
        lambda: services.change_strategy(cast.strategy, actor=user, name="Mine"),
        lambda: services.copy_strategy(cast.strategy, actor=user),
        lambda: services.retire_strategies(cast.school, [cast.strategy], actor=user, is_retired=True),
    ):
        with pytest.raises(PermissionDenied):
            work()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"name": "Repeated reading"}, "There is a strategy named Repeated reading already."),
        ({"domain": "music"}, "Choose a domain."),
        ({"tier": 4}, "Choose tier 1, 2 or 3."),
        ({"lowest_grade": 5, "highest_grade": 4}, "The last grade is before the first."),
        ({"what_to_do": "\n".join("abcdefghijklm")}, "Keep it to 12 steps or fewer."),
        ({"fidelity": "\n".join("abcdefg")}, "Keep the checklist to 6 lines or fewer."),
    ],
)
def test_a_strategy_that_cannot_be_is_refused_with_the_reason(cast, values, sentence):
    with pytest.raises(DomainError) as error:
        services.add_strategy(cast.school, actor=cast.ada, **{"name": "New", "domain": "academic", **values})
    assert str(error.value) == sentence


def test_a_stale_change_is_refused_and_shows_what_is_there(cast):
    seen = services.strategy_fingerprint(cast.strategy)
    services.change_strategy(cast.strategy, actor=cast.ada, seen=seen, what_to_do="One")
    with pytest.raises(StaleEdit) as error:
        services.change_strategy(cast.strategy, actor=cast.cora, seen=seen, what_to_do="Two")
    assert error.value.current == "Repeated reading: One"


def test_copies_get_a_free_name(cast):
    first = services.copy_strategy(cast.strategy, actor=cast.cora)
    second = services.copy_strategy(cast.strategy, actor=cast.cora)
    assert (first.name, second.name, first.key) == ("Repeated reading (2)", "Repeated reading (3)", "")
    Strategy.objects.filter(pk=cast.strategy.pk).update(name="x" * 120)
    cast.strategy.refresh_from_db()
    assert len(services.copy_strategy(cast.strategy, actor=cast.cora).name) == 120


def test_a_running_plan_keeps_a_retired_strategy(cast):
    foreign = services.copy_strategy(cast.strategy, actor=cast.cora)
    Strategy.objects.filter(pk=foreign.pk).update(school=cast.other_school)
    rows = [cast.strategy, foreign]
    assert services.retire_strategies(cast.school, rows, actor=cast.cora, is_retired=True) == [cast.strategy]
    assert services.retire_strategies(cast.school, rows, actor=cast.cora, is_retired=True) == []
    cast.plan.refresh_from_db()
    assert (cast.plan.strategy, cast.plan.state) == (cast.strategy, "active")
