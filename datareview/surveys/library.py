"""Instruments that a school may start from: in the public domain, free to use in schools, or our own.

Each names its source and license, which stay with the survey. Items are shown in the language in which the survey is made;
a translation of ours is no validated one, as the page says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

AGREEMENT = (_("Strongly disagree"), _("Disagree"), _("Agree"), _("Strongly agree"))
HOW_OFTEN = (_("Never"), _("Occasionally"), _("Sometimes"), _("Frequently"))
DAYS = (_("Bad"), _("Not so good"), _("In between"), _("Good"), _("Very good"))
YES_NO = (_("No"), _("Yes"))
OWN = _("Our own words; they measure nothing that was validated")
FREE = _("CC0: free for any use")
PUBLIC = _("Public domain (work of the United States government)")
NO_COST = _("Free of charge for schools, by its authors")


@dataclass(frozen=True, slots=True)
class InstrumentItem:
    """A question of an instrument; without ``labels`` its answer is a text."""

    text: StrOrPromise
    labels: tuple[StrOrPromise, ...] = ()
    alerts: tuple[int, ...] = ()
    is_reversed: bool = False
    is_scored: bool = True


@dataclass(frozen=True, slots=True)
class Instrument:
    """A set of questions with what it is for. ``measure`` is the key of a preset with cut points, "" without one."""

    key: str
    name: StrOrPromise
    about: StrOrPromise
    words: StrOrPromise
    source: StrOrPromise
    license: StrOrPromise
    respondent: str
    domain: str
    scoring: str
    items: tuple[InstrumentItem, ...]
    measure: str = ""
    is_anonymous: bool = False
    grades: tuple[int, int] = (-1, 12)


def _rated(*texts: StrOrPromise, labels: tuple[StrOrPromise, ...]) -> tuple[InstrumentItem, ...]:
    return tuple(InstrumentItem(text, labels) for text in texts)


_SRSS_SOURCE = (
    "Drummond (1994), Student Risk Screening Scale, and its extension SRSS-IE by Lane and others (2012), "
    "Behavioral Disorders 37, 244–257"
)
_EDSCLS = "U.S. Department of Education, ED School Climate Surveys (EDSCLS), student survey, 2016"
_INTERNALIZING = (
    _("Emotionally flat"),
    _("Shy, withdrawn"),
    _("Sad, depressed"),
    _("Anxious"),
    _("Lonely"),
)

INSTRUMENTS = (
    Instrument(
        "check-in",
        _("How are you today?"),
        _("A check-in of a minute for a class. Who would like to talk is seen on the same day."),
        _(
            "A few questions about how you are. There are no right answers, and you may leave any of them out."
        ),
        OWN,
        FREE,
        "student",
        "wellbeing",
        "mean",
        (
            InstrumentItem(_("How is your day so far?"), DAYS, (0,)),
            InstrumentItem(_("How did you sleep last night?"), DAYS),
            InstrumentItem(_("How did you get on with others this week?"), DAYS),
            InstrumentItem(
                _("Would you like to talk with an adult at school?"), YES_NO, (1,), is_scored=False
            ),
            InstrumentItem(_("Is there something you would like us to know?")),
        ),
    ),
    Instrument(
        "edscls-relationships",
        _("School climate: adults who care"),
        _("From grade 5. The items on relationships; the Department’s scale scores are not computed."),
        _("How much do you agree? You may leave any question out."),
        _EDSCLS,
        PUBLIC,
        "student",
        "engagement",
        "none",
        _rated(
            _("Teachers understand my problems."),
            _("Teachers are available when I need to talk with them."),
            _("It is easy to talk with teachers at this school."),
            _("My teachers care about me."),
            _("My teachers make me feel good about myself."),
            labels=AGREEMENT,
        ),
        is_anonymous=True,
        grades=(5, 12),
    ),
    Instrument(
        "edscls-participation",
        _("School climate: taking part"),
        _("From grade 5. The items on participation; the Department’s scale scores are not computed."),
        _("How much do you agree? You may leave any question out."),
        _EDSCLS,
        PUBLIC,
        "student",
        "engagement",
        "mean",
        _rated(
            _("I regularly attend school-sponsored events."),
            _("I regularly participate in extra-curricular activities offered through this school."),
            _(
                "At this school, students have lots of chances to help decide things like class activities and rules."
            ),
            _(
                "There are lots of chances for students at this school to get involved in sports, clubs, and other school"
                " activities outside of class."
            ),
            _("I have lots of chances to be part of class discussions or activities."),
            labels=AGREEMENT,
        ),
        grades=(5, 12),
    ),
    Instrument(
        "srss-e7",
        _("Behavior screener, externalizing"),
        _("A teacher rates each student on seven items, in fall, winter and spring."),
        _("Rate what you saw in the last weeks. It screens; it diagnoses nothing."),
        _SRSS_SOURCE,
        NO_COST,
        "teacher",
        "behavior",
        "sum",
        _rated(
            _("Steals"),
            _("Lies, cheats, sneaks"),
            _("Behavior problem"),
            _("Peer rejection"),
            _("Low academic achievement"),
            _("Negative attitude"),
            _("Aggressive behavior"),
            labels=HOW_OFTEN,
        ),
        measure="srss-e7",
    ),
    Instrument(
        "srss-i5",
        _("Behavior screener, internalizing, to grade 5"),
        _("A teacher rates each student on five items, in fall, winter and spring."),
        _("Rate what you saw in the last weeks. It screens; it diagnoses nothing."),
        _SRSS_SOURCE,
        NO_COST,
        "teacher",
        "wellbeing",
        "sum",
        _rated(*_INTERNALIZING, labels=HOW_OFTEN),
        measure="srss-i5",
        grades=(0, 5),
    ),
    Instrument(
        "srss-i6",
        _("Behavior screener, internalizing, from grade 6"),
        _("A teacher rates each student on six items, in fall, winter and spring."),
        _("Rate what you saw in the last weeks. It screens; it diagnoses nothing."),
        _SRSS_SOURCE,
        NO_COST,
        "teacher",
        "wellbeing",
        "sum",
        _rated(*_INTERNALIZING, _("Peer rejection"), labels=HOW_OFTEN),
        measure="srss-i6",
        grades=(6, 12),
    ),
    Instrument(
        "family-check-in",
        _("How is your child?"),
        _("Five questions for families, answered by a link or a printed slip."),
        _(
            "We would like to know how your child is, from you who know them best. You may leave any question out."
        ),
        OWN,
        FREE,
        "family",
        "wellbeing",
        "mean",
        (
            *_rated(
                _("My child likes to go to school."),
                _("My child has friends at school."),
                _("My child sleeps well."),
                _("I know whom to ask at school when I am worried."),
                labels=AGREEMENT,
            ),
            InstrumentItem(_("Would you like us to call you?"), YES_NO, (1,), is_scored=False),
            InstrumentItem(_("What should we know?")),
        ),
    ),
)
BY_KEY = {one.key: one for one in INSTRUMENTS}
