"""Saved views: own ones and those of a team."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from datareview.comparisons.choices import Question
from datareview.explore import services
from datareview.explore.models import SavedView
from datareview.explore.permissions import saved_views_visible_to
from datareview.explore.queries.page import explore_page
from datareview.records.models import Score
from teams.lib.errors import DomainError
from tests.factories.windows import let_winter_begin_today


def save(cast, actor, name="Growth", team=None, **question):
    of = {"of": f"team:{cast.team.uuid}"}
    return services.save_view(
        cast.school, actor=actor, name=name, question=Question(**of | question), team=team
    )


def test_an_own_view_is_seen_by_nobody_else_and_a_teams_by_those_who_see_the_team(cast):
    own, shared = save(cast, cast.ana, "Mine"), save(cast, cast.ana, "Ours", cast.team)
    assert set(saved_views_visible_to(cast.ana)) == {own, shared}
    assert list(saved_views_visible_to(cast.tom)) == [shared]
    assert list(saved_views_visible_to(cast.pia)) == [shared]
    assert not saved_views_visible_to(cast.gil).exists()
    assert not saved_views_visible_to(cast.zed).exists()


def test_a_team_shares_only_views_of_its_own_students(cast):
    with pytest.raises(DomainError):
        save(cast, cast.ana, team=cast.team, of=f"section:{cast.section.uuid}")
    with pytest.raises(PermissionDenied):
        save(cast, cast.gil, team=cast.team)
    assert not SavedView.objects.exists()


def test_a_name_is_used_once_and_spaces_make_no_other_name(cast):
    save(cast, cast.ana, "Growth")
    with pytest.raises(DomainError, match="name already"):
        save(cast, cast.ana, "  Growth ")
    with pytest.raises(DomainError, match="Give the view a name"):
        save(cast, cast.ana, "  ")
    save(cast, cast.tom, "Growth")


def test_there_is_a_most(cast, monkeypatch):
    monkeypatch.setattr(services, "MOST", 1)
    save(cast, cast.ana, "One")
    with pytest.raises(DomainError, match="You can keep 1 views"):
        save(cast, cast.ana, "Two")


def test_a_view_of_the_usual_windows_follows_them(cast):
    """Saved in fall, it compares winter with fall once there are scores in winter."""
    year = cast.school.years.get()
    page = explore_page(cast.ana, cast.school, Question(kind="movement"))
    assert (page.keep.before, page.keep.after) == ("", "")
    let_winter_begin_today(cast)
    today = cast.school.today()
    Score.objects.create(
        student=cast.maya, measure=cast.fluency, taken_on=today - dt.timedelta(days=20), value=90
    )
    Score.objects.create(student=cast.maya, measure=cast.fluency, taken_on=today, value=99)
    later = explore_page(cast.ana, cast.school, page.keep)
    assert (later.question.before, later.question.after) == (
        f"fall-{year.starts_on.year}",
        f"winter-{year.starts_on.year}",
    )
    earlier = explore_page(cast.ana, cast.school, Question(after=f"fall-{year.starts_on.year}"))
    assert earlier.keep.after == f"fall-{year.starts_on.year}"


def test_a_view_is_saved_opened_and_removed_on_the_page(cast, as_user):
    client = as_user(cast.ana)
    data = {"of": f"team:{cast.team.uuid}", "kind": "growth", "name": "Growth", "is_shared": "on"}
    answer = client.post(reverse("datareview:view-save"), data, follow=True)
    (link,) = answer.context["page"].saved
    assert (link.view.name, link.view.team, link.is_removable) == ("Growth", cast.team, True)
    opened = client.get(reverse("datareview:explore-show", query=link.question.written()))
    assert opened.context["page"].question.kind == "growth"
    again = client.post(reverse("datareview:view-save"), data)
    assert again.status_code == 422
    assert "You have a view with this name already" in again.content.decode()
    client.post(reverse("datareview:view-remove", args=[link.view.uuid]))
    assert not SavedView.objects.exists()


def test_a_view_keeps_what_was_understood_of_the_form_and_no_typed_words(cast, as_user):
    data = {"kind": "notice", "measure": "Maya Okafor", "after": "Maya Okafor", "name": "Mine"}
    as_user(cast.ana).post(reverse("datareview:view-save"), data)
    page = explore_page(cast.ana, cast.school, Question())
    assert SavedView.objects.get().question == page.keep.written()
    assert "Maya Okafor" not in page.keep.written().values()


def test_who_only_sees_a_teams_view_cannot_remove_it(cast):
    view = save(cast, cast.ana, team=cast.team)
    with pytest.raises(PermissionDenied):
        services.remove_view(view, actor=cast.pia)
    with pytest.raises(PermissionDenied):
        services.remove_view(save(cast, cast.ana, "Mine"), actor=cast.tom)
    services.remove_view(view, actor=cast.tom)
