"""Saved views of Explore, as links."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from datareview.comparisons.choices import Question
from datareview.explore.permissions import may_remove_view, saved_views_visible_to

if TYPE_CHECKING:
    from datareview.comparisons.queries.drawing import Drawing
    from datareview.explore.models import SavedView
    from teams.directory.models import School, User


@dataclass(frozen=True, slots=True)
class SavedLink:
    """A saved view: its question, whether it is the one that is shown, and whether the reader may remove it."""

    view: SavedView
    question: Question
    is_shown: bool
    is_removable: bool

    @property
    def query(self) -> str:
        """The query string of the question."""
        return urlencode(self.question.written())


def saved_links(user: User, school: School, shown: Question) -> list[SavedLink]:
    """The saved views at ``school`` that the user sees, own ones first."""
    rows = saved_views_visible_to(user).filter(school=school).select_related("team")
    found = []
    for view in sorted(rows, key=lambda one: (one.owner_id != user.pk, one.name)):
        question = Question.read(view.question)
        found.append(SavedLink(view, question, question == shown, may_remove_view(user, view)))
    return found


def question_to_keep(question: Question, drawing: Drawing) -> Question:
    """The question without what the table is narrowed to, and without windows that are the usual ones.

    A view of the newest window and the one before it then shows newer ones as soon as there are some.
    """
    kept = replace(question, show="", sort="")
    windows = drawing.windows
    if (
        drawing.facts
        and drawing.facts.after == windows[-1]
        and drawing.facts.before in (None, *windows[-2:-1])
    ):
        return replace(kept, before="", after="")
    return kept
