"""Team norms."""

import pytest
from django.core.exceptions import PermissionDenied

from teams.groups.services import set_norms
from teams.lib.errors import DomainError


def texts(team):
    return [norm.text for norm in team.norms.all()]


def test_any_member_writes_norms_one_per_line_without_duplicates(cast, as_user):
    answer = as_user(cast.tom).post(
        f"/teams/{cast.team.uuid}/norms/",
        {"norms": "Start on time\r\n\r\n Assume good intent \r\nStart on time"},
    )
    assert answer.status_code == 302
    assert texts(cast.team) == ["Start on time", "Assume good intent"]


@pytest.mark.parametrize("lines", [["x" * 201], [f"Norm {n}" for n in range(13)]])
def test_too_long_or_too_many_are_refused_and_the_old_ones_stay(cast, lines):
    set_norms(cast.team, actor=cast.ana, lines=["One"])
    with pytest.raises(DomainError):
        set_norms(cast.team, actor=cast.ana, lines=lines)
    assert texts(cast.team) == ["One"]


def test_a_leader_reads_norms_and_does_not_write_them(cast):
    with pytest.raises(PermissionDenied):
        set_norms(cast.team, actor=cast.pia, lines=["Mine"])
