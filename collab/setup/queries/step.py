"""One line of the list of steps, and the sentences in it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from teams.lib import formats


@dataclass(frozen=True, slots=True)
class SetupStep:
    """One line of the list.

    ``there`` says what the school has, and ``missing`` what is missing or odd. A step that ``can_wait`` is not needed
    for the first meeting. ``minutes`` is how long it takes about.
    """

    title: str
    there: str
    url_name: str
    is_done: bool
    missing: tuple[str, ...] = ()
    can_wait: bool = False
    minutes: int = 5

    @property
    def url(self) -> str:
        """The page where it is done; empty if this version has none."""
        try:
            return reverse(self.url_name)
        except NoReverseMatch:
            return ""


def say_number(sentence: str, n: int) -> str:
    """The sentence with its number."""
    return sentence % {"n": formats.number(n)}


def true_lines(*lines: tuple[object, str]) -> tuple[str, ...]:
    """The sentences whose condition holds."""
    return tuple(sentence for holds, sentence in lines if holds)
