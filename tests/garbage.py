"""When garbage is collected: seldom, because thousands of modules are in memory, but after every test that opens sockets.

A pytest plugin. A socket or process that a test leaves open is noticed when it is collected, which would otherwise
happen in a later, innocent test.
"""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

NEW_OBJECTS = (
    100_000  # between two collections; Python's own 700 cost an eighth of the suite's processor time
)

opened: list[str] = []  # the sockets and processes opened since the last collection


def hear(event: str, _arguments: tuple[Any, ...]) -> None:
    """Note a new socket or process."""
    if event in ("socket.__new__", "subprocess.Popen"):
        opened.append(event)


def pytest_configure() -> None:
    """Start to listen. While tests are collected nothing becomes garbage; looking for it would take a third of the time."""
    sys.addaudithook(hear)
    gc.disable()


def pytest_collection_finish() -> None:
    """Leave what is loaded by now out of all collections; in a run of many tests that is all pages.

    Loaded by the first test that needs them, they would keep what that test has replaced for a moment.
    """
    if "PYTEST_XDIST_WORKER" in os.environ:
        import_module(settings.ROOT_URLCONF)
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 10, 10)
    gc.enable()


@pytest.fixture(autouse=True)
def nothing_left_open() -> Iterator[None]:
    """Collect what a test with sockets or processes has left; an open one fails it. Other fixtures end before."""
    yield
    if opened:
        opened.clear()
        gc.collect()
        gc.freeze()
