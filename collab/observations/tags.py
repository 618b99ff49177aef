"""Template tags for peer observations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from collab.observations.evaluative_words import WORDS
from collab.observations.queries import asked_of
from collab.observations.queries import what_it_is as words_for

if TYPE_CHECKING:
    from collab.observations.models import PeerObservation
    from teams.directory.models import School, User

register = template.Library()


@register.simple_tag
def what_it_is(observation: PeerObservation, user: User) -> str:
    """Who observes whom, for the reader."""
    return words_for(observation, user)


@register.simple_tag
def judging_words() -> str:
    """The list of evaluative words."""
    return str(WORDS)


@register.simple_tag
def observations_asked(user: User, school: School) -> list[PeerObservation]:
    """Requests the user has not answered."""
    return asked_of(user, school)
