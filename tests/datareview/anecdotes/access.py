from datareview.anecdotes.models import Anecdote, Skill
from tests.access import STRANGERS, Page, Post, by, now, one

WHO_SEE_MAYA = by("ana tom sol cora pia ada")
AUTHOR = by("ana")
SKILLS = by("cora ada", blind=STRANGERS, rest=403)
OWN_SKILLS = by("cora ada zoe zac", rest=403)  # each at their own school


def _note(side) -> dict:
    return {"text": "Reads with melody", "sharing": "school", "seen_on": side.school.today()}


def _removed(side) -> None:
    Anecdote.objects.filter(pk=side.anecdote.pk).update(removed_at="2026-11-01T12:00Z")


PAGES = [
    Page("anecdote-write", one("maya"), WHO_SEE_MAYA),
    Page("anecdote-edit", one("anecdote"), AUTHOR),
    Page("anecdote-read", one("anecdote"), WHO_SEE_MAYA),
    Page("skill-list", who=OWN_SKILLS),
    Page("skill-edit", one("skill"), SKILLS),
]

POSTS = [
    Post(
        "anecdote-write",
        one("maya"),
        WHO_SEE_MAYA,
        data=_note,
        effect=lambda side: Anecdote.objects.filter(student=side.maya).count(),
        becomes=2,
    ),
    Post(
        "anecdote-edit",
        one("anecdote"),
        AUTHOR,
        data=lambda side: _note(side) | {"seen": 0},
        effect=now("anecdote", "text"),
        becomes="Reads with melody",
    ),
    Post(
        "anecdote-remove",
        one("anecdote"),
        AUTHOR,
        effect=lambda side: Anecdote.objects.filter(pk=side.anecdote.pk, removed_at=None).exists(),
        becomes=False,
    ),
    Post(
        "anecdote-restore",
        one("anecdote"),
        AUTHOR,
        given=_removed,
        effect=now("anecdote", "removed_at"),
        becomes=None,
    ),
    Post(
        "skill-list",
        who=OWN_SKILLS,
        data=lambda side: {"names": "Pace"},
        effect=lambda side: Skill.objects.filter(school=side.own.school, name="Pace").count(),
        becomes=1,
    ),
    Post(
        "skill-edit",
        one("skill"),
        SKILLS,
        data=lambda side: {"name": "Melody"},
        effect=now("skill", "name"),
        becomes="Melody",
    ),
    Post(
        "skill-retire",
        one("skill"),
        SKILLS,
        data=lambda side: {"retired": "yes"},
        effect=now("skill", "is_retired"),
        becomes=True,
    ),
]
