"""Addresses that are put together from a pattern are those that Django finds."""

from uuid import uuid4

import pytest
from django.urls import reverse, set_script_prefix

from teams.lib.addresses import page_of


@pytest.mark.parametrize("prefix", ["/", "/collab/"])
def test_an_address_is_the_one_that_django_finds(prefix):
    uuid = uuid4()
    set_script_prefix(prefix)
    try:
        for name in ("collab:meeting-detail", "datareview:student-detail", "teams:job-detail"):
            assert page_of(name, uuid) == reverse(name, args=[uuid])
            assert page_of(name, uuid).startswith(prefix)
    finally:
        set_script_prefix("/")
