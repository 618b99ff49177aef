"""The index of URL patterns finds what trying them one after another finds."""

from __future__ import annotations

import pytest
from django.urls import Resolver404, URLResolver, get_resolver, include, path, re_path
from django.urls.resolvers import RoutePattern

from collab.config.url_index import IndexedPatterns


def view(name):
    def answer(request):
        raise NotImplementedError

    answer.__name__ = name
    return answer


def some_patterns():
    """Patterns with and without a first part of their own, nested and in an order that matters."""
    people = [
        path("people/", view("people"), name="list"),
        path("people/<int:pk>/", view("person"), name="one"),
        path("<slug:word>.txt", view("word")),
    ]
    return [
        path("accounts/", include(([path("", view("account")), path("login/", view("login"))], "in"))),
        path("", include((people, "p"), namespace="q")),
        path("peo", include([path("ple/late/", view("late"))])),
        path("people/late/", view("too_late")),
        path("people/<str:name>/", view("named"), {"extra": 1}),
        path("", view("home")),
        path("file", view("file")),
        re_path(r"^old/(\d+)$", view("old")),
        path("", include([path("", view("second_home")), path("deep/<uuid:pk>", view("deep"))])),
        path("<path:rest>/end", view("rest")),
    ]


def found(resolver, address):
    """Everything that a match says; None if there is none."""
    try:
        match = resolver.resolve(address)
    except Resolver404:
        return None
    said = "func args kwargs url_name app_names namespaces route captured_kwargs extra_kwargs"
    return [getattr(match, name) for name in said.split()]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("", "home"),
        ("accounts/", "account"),
        ("accounts/login/", "login"),
        ("accounts/none/", None),
        ("people/", "people"),
        ("people/7/", "person"),
        ("people/late/", "late"),
        ("people/ana/", "named"),
        ("people", None),
        ("file", "file"),
        ("file/", None),
        ("robots.txt", "word"),
        ("old/12", "old"),
        ("old/x", None),
        ("deep/00000000-0000-0000-0000-000000000001", "deep"),
        ("deep/a/end", "rest"),
        ("else/where/end", "rest"),
        ("/people/", None),
        ("é/end", "rest"),
    ],
)
def test_it_finds_what_the_list_finds(address, name):
    patterns = some_patterns()
    expected = found(URLResolver(RoutePattern(""), patterns), address)
    assert (expected and expected[0].__name__) == name
    assert found(IndexedPatterns(*patterns), address) == expected


def every_route(patterns, before=""):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from every_route(pattern.url_patterns, f"{before}{pattern.pattern}")
        else:
            yield f"{before}{pattern.pattern}"


def test_every_address_of_ours_is_found_with_and_without_what_follows():
    [indexed] = [one for one in get_resolver().url_patterns if isinstance(one, IndexedPatterns)]
    plain = URLResolver(RoutePattern(""), indexed.url_patterns)
    for route in every_route(indexed.url_patterns):
        assert found(indexed, route) or "<" in route or "^" in route, route
        for value in ("7", "00000000-0000-0000-0000-000000000001"):
            address = "".join(value if "<" in part else part for part in split(route))
            for one in (address, f"{address}x", address.rstrip("/")):
                assert found(indexed, one) == found(plain, one), one


def split(route):
    """A route in its literal parts and its values: ``a/<b>/`` → ``a/``, ``<b``, ``/``."""
    for part in route.replace("<", ">\0").split(">"):
        yield part.replace("\0", "<")
