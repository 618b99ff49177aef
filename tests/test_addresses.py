"""Addresses that somebody typed or that grew old answer with a page, never with an error of ours."""

import pytest


@pytest.mark.parametrize(
    "path",
    [
        "/data/?team=nonsense",
        "/data/?team=00000000-0000-0000-0000-000000000000",
        "/plans/start/?student=nonsense",
        "/plans/start/?candidate=nonsense",
        "/plans/start/",
    ],
)
def test_an_id_that_is_none_is_not_found(cast, as_user, path):
    assert as_user(cast.cora).get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/students/?grade=x&section=%27&page=zero&sort=?&show=all&q=%25%27",
        "/candidates/?state=x&grade=x&severity=x&domain=x&page=-1&team=x",
        "/meetings/?team=x&page=x",
        "/plans/?tier=x&provider=x&show=x&progress=x",
        "/data/?section=x",
    ],
)
def test_a_filter_that_makes_no_sense_filters_nothing_or_everything(cast, as_user, path):
    assert as_user(cast.cora).get(path).status_code == 200


def test_a_view_that_does_not_exist_cannot_be_put_on_an_agenda(cast, as_user):
    answer = as_user(cast.ana).post(f"/teams/{cast.team.uuid}/propose/", {"view": "nonsense"})
    assert answer.status_code == 302
    answer = as_user(cast.ana).post(f"/candidates/{cast.candidate.uuid}/propose/", {"team": "nonsense"})
    assert answer.status_code == 404
