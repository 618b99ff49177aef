"""No form loses what was typed, in a real browser: refusal, error, expired session, Back, a closed tab, another item."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from collab.agendas.services import items
from collab.discussion.models import Contribution
from collab.room.services import clock, lifecycle
from datareview.flags.models import Rule
from tests.servers import wait_until

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]

DRAFTS = "Object.keys(localStorage).filter((key) => key.startsWith('draft:')).length"


def test_what_was_typed_survives_until_it_is_saved(cast, open_page):
    address = reverse("collab:norms-set", args=[cast.team.uuid])
    page = open_page(cast.ana, address)
    field = page.locator("#main textarea").first
    field.fill("We begin on time")
    page.goto("/")  # left, as by a closed tab
    page.goto(address)
    expect(field).to_have_value("We begin on time")
    expect(page.get_by_text("Not saved yet, kept from last time")).to_be_visible()
    page.get_by_role("button", name="Discard it").click()
    expect(field).to_have_value("")
    field.fill("We end on time")
    page.route(
        "**/*",
        lambda route: (
            route.fulfill(status=500, body="Broken") if route.request.method == "POST" else route.continue_()
        ),
    )
    save = page.locator("#main form").get_by_role("button", name="Save")
    save.click()
    expect(page.get_by_text("Broken")).to_be_visible()
    page.unroute("**/*")
    page.go_back()
    expect(field).to_have_value("We end on time")
    Session.objects.all().delete()
    save.click()
    page.wait_for_url("**/accounts/login/**")
    assert unquote(page.url).endswith(f"?next={address}")
    again = open_page(cast.ana)  # another sign-in, in the same browser
    page.context.add_cookies(again.context.cookies())
    page.goto(address)
    expect(field).to_have_value("We end on time")
    assert page.evaluate(DRAFTS) == 1
    save.click()
    expect(page.locator("#main").get_by_text("We end on time")).to_be_visible()
    assert page.evaluate(DRAFTS) == 0
    page.goto(address)
    expect(page.get_by_text("Not saved yet, kept from last time")).to_have_count(0)


def test_what_was_typed_on_an_item_goes_to_that_item_or_is_taken_over(cast, open_page):
    later = items.add_item(cast.meeting, actor=cast.ana, title="Reading night", minutes=5)
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    first = live.items.get(state="current")
    tom = open_page(cast.tom, live.get_absolute_url())
    field = tom.locator("#say-text")
    field.fill("About the first item")
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(later.uuid), anyway=True)
    expect(tom.locator("#item-title")).to_have_text("Reading night")
    expect(field).to_have_value("About the first item")
    expect(tom.locator("#say .draft-note")).to_contain_text("You typed this for")
    field.press("Enter")
    wait_until(lambda: Contribution.objects.filter(text="About the first item").exists(), "Not sent.")
    assert Contribution.objects.get(text="About the first item").item == first
    expect(field).to_have_value("")
    field.fill("About the second")
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(first.uuid), anyway=True)
    tom.get_by_role("button", name="Use it for the current item").click()
    field.press("Enter")
    wait_until(lambda: Contribution.objects.filter(text="About the second").exists(), "Not sent.")
    assert Contribution.objects.get(text="About the second").item == first


def test_on_a_phone_the_note_of_a_kept_text_covers_neither_field_nor_button(cast, open_page):
    later = items.add_item(
        cast.meeting, actor=cast.ana, title="Reading night and what families read", minutes=5
    )
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    tom = open_page(cast.tom, live.get_absolute_url(), width=390, height=844)
    tom.locator("#say-text").fill("About the first item")
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(later.uuid), anyway=True)
    expect(tom.locator("#say .draft-note")).to_contain_text("You typed this for")
    tom.locator("#say-text").click()
    tom.locator("#say").get_by_role("button", name="Add").click()  # fails if something lies over it
    wait_until(lambda: Contribution.objects.filter(text="About the first item").exists(), "Not sent.")


def test_what_was_typed_in_a_meeting_that_a_colleague_closes_is_shown_above_its_minutes(cast, open_page):
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    tom = open_page(cast.tom, live.get_absolute_url())
    unsent = tom.locator("[data-unsent-of]")
    tom.locator("#say-text").fill("Nine students moved")
    lifecycle.close_meeting(live, actor=cast.ana)
    expect(unsent.get_by_text("Nine students moved")).to_be_visible()
    tom.reload()
    unsent.get_by_role("button", name="Discard it").click()
    expect(unsent).to_be_hidden()
    tom.reload()
    expect(tom.get_by_role("heading", name="Decided")).to_be_visible()
    expect(unsent).to_be_hidden()
    assert tom.evaluate(DRAFTS) == 0


def test_what_is_typed_while_the_last_words_are_sent_stays_or_is_sent_next(cast, open_page):
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    page = open_page(cast.tom, live.get_absolute_url())
    field, held = page.locator("#say [name=text]"), []
    page.route("**/contribute/", lambda route: held.append(route))  # noqa: PLW0108

    def answer():
        wait_until(lambda: held or page.wait_for_timeout(20), "Nothing was sent.")
        held.pop(0).continue_()

    field.fill("First")
    field.press("Enter")
    field.press_sequentially(" Second")
    field.press("Enter")  # while the first is on its way
    answer()
    expect(page.locator("#contributions").get_by_text("First", exact=True)).to_be_visible()
    expect(field).to_have_value("Second")
    field.press_sequentially(" Third")
    answer()
    expect(page.locator("#contributions").get_by_text("Second", exact=True)).to_be_visible()
    expect(field).to_have_value("Third")
    assert page.evaluate(DRAFTS) == 1
    wait_until(lambda: page.wait_for_timeout(200) or not held, "What nobody sent was sent.")
    texts = Contribution.objects.order_by("pk").values_list("text", flat=True)
    assert list(texts) == ["First", "Second"]


def test_what_was_typed_about_one_student_is_not_in_the_form_of_another(cast, open_page):
    maya, jonas = (f"/plans/start/?student={student.uuid}" for student in (cast.maya, cast.jonas))
    page = open_page(cast.cora, maya)
    field = page.get_by_label("Concern")
    field.fill("Maya guesses at words")
    page.goto(jonas)
    expect(field).to_have_value("")
    page.goto(maya)
    expect(field).to_have_value("Maya guesses at words")


def test_a_trial_saves_nothing_and_keeps_the_draft(cast, open_page):
    page = open_page(cast.cora, reverse("datareview:rule-edit", args=[Rule.objects.get().uuid]))
    page.get_by_label("Act from (% of days absent)").fill("9")
    page.get_by_role("button", name="Try it on today’s data").click()
    expect(page.get_by_text("Today this flags")).to_be_visible()
    assert page.evaluate(DRAFTS) == 1


def test_drafts_of_another_user_in_the_same_browser_are_deleted(cast, open_page):
    address = reverse("collab:norms-set", args=[cast.team.uuid])
    page = open_page(cast.ana, address)
    page.locator("#main textarea").first.fill("We begin on time")
    Session.objects.all().delete()
    page.goto("/")
    page.wait_for_url("**/accounts/login/**")
    assert page.evaluate(DRAFTS) == 1
    page.context.add_cookies(open_page(cast.tom).context.cookies())
    page.goto("/")
    assert page.evaluate(DRAFTS) == 0
