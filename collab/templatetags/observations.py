"""Peer observations in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from collab.lib.judgements import WORDS
from collab.queries.observations import asked_of
from collab.queries.observations import what_it_is as words_for

if TYPE_CHECKING:
    from collab.models.observations import PeerObservation
    from teams.directory.models import School, User

register = template.Library()


@register.simple_tag
def what_it_is(observation: PeerObservation, user: User) -> str:
    """Who watches whom, for the reader."""
    return words_for(observation, user)


@register.simple_tag
def judging_words() -> str:
    """The list of words by which a line may be a judgement."""
    return str(WORDS)


@register.simple_tag
def observations_asked(user: User, school: School) -> list[PeerObservation]:
    """Requests that the user has not answered."""
    return asked_of(user, school)
