"""A page that is opened again and again leaves nothing in memory, so that a server does not grow with its pages."""

import gc
import logging
from itertools import pairwise
from types import BuiltinFunctionType
from weakref import ReferenceType

import pytest
from django.core.handlers.base import BaseHandler
from django.db import connection
from django.test import RequestFactory
from django.urls import reverse

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.sweep,
    pytest.mark.skipif(
        connection.vendor != "sqlite", reason="the driver of PostgreSQL keeps statements it has prepared"
    ),
]

PAGES = [
    ("collab:home-show", "ana", ""),
    ("collab:home-show", "cora", ""),
    ("collab:meeting-detail", "ana", "meeting"),
    ("collab:meeting-detail", "ana", "minutes"),
    ("collab:team-detail", "ana", "team"),
    ("datareview:student-list", "cora", ""),
    ("datareview:student-detail", "cora", "maya"),
    ("datareview:candidate-list", "cora", ""),
    ("datareview:plan-detail", "sol", "plan"),
    ("datareview:dashboard-show", "ana", ""),
    ("datareview:report-show", "pia", ""),
]
TIMES = 8
SWEPT = (ReferenceType, BuiltinFunctionType)  # registries of weak references are swept now and then


@pytest.fixture(scope="module")
def handler():
    """The middleware and views without a test client, which keeps something of each request."""
    found = BaseHandler()
    found.load_middleware()
    return found


@pytest.fixture(autouse=True)
def silence():
    """No log: pytest keeps its lines until a test ends."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: "-".join(filter(None, page)))
def test_a_page_leaves_nothing_behind(district, handler, page):
    name, person, subject = page
    address = reverse(name, args=[getattr(district, subject).uuid] if subject else [])
    cookies = {key: one.value for key, one in district.browsers[person].cookies.items()}

    def objects_after_pages() -> int:
        for _ in range(TIMES):
            request = RequestFactory().get(address)
            request.COOKIES.update(cookies)
            assert handler.get_response(request).status_code == 200
        del request
        gc.collect()
        return sum(not isinstance(one, SWEPT) for one in gc.get_objects())

    _fills_caches, *counts = [objects_after_pages() for _ in range(4)]
    assert min(after - before for before, after in pairwise(counts)) < TIMES  # what leaks does so each time
