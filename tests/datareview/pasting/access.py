from datareview.answers.queries.grid import grid_revision
from datareview.records.models import ItemResponse
from tests.access import Page, Post, by, one


def _section(side) -> dict:
    return {"section": side.section.uuid}


def _pasted(side) -> dict:
    text = f"{side.maya.full_name}\tC\tA\tB\tE"
    return {"text": text, "seen": grid_revision(side.assessment, side.section), "save": "yes"}


def _toms(side) -> dict:
    """Tom's class at Lincoln; at Roosevelt he has none."""
    section = side.staff.tom.sections.first() or side.section
    return {"section": section.uuid}


def _pasted_by_tom(side) -> dict:
    section = side.staff.tom.sections.first() or side.section
    text = f"{section.enrollments.get().student.full_name}\tC\tA\tB\tE" if section != side.section else ""
    return {"text": text, "seen": grid_revision(side.assessment, section), "save": "yes"}


def _by_tom(side) -> list:
    rows = ItemResponse.objects.filter(item__assessment=side.assessment, entered_by=side.staff.tom.user)
    return list(rows.order_by("item__number").values_list("choice", flat=True))


def _fourth(side) -> list:
    rows = ItemResponse.objects.filter(item__assessment=side.assessment, item__number=4)
    return list(rows.values_list("choice", "entered_by"))


PAGES = [
    Page("answer-paste", one("assessment"), by("ana"), query=_section),
]

POSTS = [
    Post(
        "answer-paste",
        one("assessment"),
        by("ana"),
        query=_section,
        data=_pasted,
        effect=_fourth,
        becomes=lambda side: [("E", side.me.pk)],
    ),
    Post(
        "answer-paste",
        one("assessment"),
        by("tom"),
        query=_toms,
        data=_pasted_by_tom,
        effect=_by_tom,
        becomes=["C", "A", "B", "E"],
    ),
]
