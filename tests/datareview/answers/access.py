import json

from datareview.records.models import ItemResponse
from tests.access import READERS, Page, Post, by, one


def _section(side) -> dict:
    return {"section": side.section.uuid}


def _typed(side) -> dict:
    """A letter in a cell that is empty then."""
    return {"cells": json.dumps([[str(side.maya.uuid), 4, "E", ""]])}


def _empty(side) -> None:
    ItemResponse.objects.filter(item__assessment=side.assessment, item__number=4).delete()


def _fourth(side) -> list:
    rows = ItemResponse.objects.filter(item__assessment=side.assessment, item__number=4)
    return list(rows.values_list("choice", "entered_by"))


PAGES = [
    Page("answer-enter", one("assessment"), by(READERS)),
    Page("answer-enter", one("assessment"), by("ana"), query=_section),
    Page("answer-state", one("assessment"), by("ana"), query=_section),
    Page("answer-sheet", one("assessment"), by("ana"), query=_section),
]

POSTS = [
    Post(
        "answer-save",
        one("assessment"),
        by("ana"),
        query=_section,
        data=_typed,
        given=_empty,
        effect=_fourth,
        becomes=lambda side: [("E", side.me.pk)],
        tolerates="cells",
    ),
]
