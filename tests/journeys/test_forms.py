"""Forms in a real browser: what a page sends after Back is a new submission."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]

KEYS = "[...document.querySelectorAll('[name=form_key]')].map((field) => field.value)"
SHOWN = "(persisted) => window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted}))"


def test_forms_of_a_page_from_the_back_forward_cache_get_new_keys(cast, open_page):
    page = open_page(cast.cora, "/calendar/")
    page.wait_for_load_state("networkidle")
    before = page.evaluate(KEYS)
    page.evaluate(SHOWN, False)
    assert page.evaluate(KEYS) == before
    page.evaluate(SHOWN, True)
    after = page.evaluate(KEYS)
    assert (len(after), len({*before, *after})) == (len(before), 2 * len(before))
    assert before
