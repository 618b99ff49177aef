from datareview.assessments.models import ClassShare
from tests.access import READERS, Elsewhere, Page, Post, by, one


def _is_open(side) -> bool:
    return ClassShare.objects.filter(assessment=side.assessment, closed_at=None).exists()


def _open(side) -> None:
    ClassShare.objects.create(assessment=side.assessment, section=side.section, teacher=side.staff.ana)


PAGES = [
    Page("assessment-detail", one("assessment"), by(READERS)),
    Page("assessment-export", one("assessment"), by(READERS)),
]

POSTS = [
    Post(
        "class-open",
        one("assessment", "section"),
        by("ana"),
        data=lambda side: {"words": "Ask me!"},
        effect=_is_open,
        becomes=True,
    ),
    Post("class-close", one("assessment", "section"), by("ana"), given=_open, effect=_is_open, becomes=False),
]

ELSEWHERE = [Elsewhere("assessment-download", "a PDF; tests/datareview/results/test_paper.py reads it")]
