"""Inputs of early-warning indicators, counted for each student from dated records up to a given day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from datareview.analysis.door import Columns, door
from datareview.analysis.inputs import Count, Key, Number, Ordinal, Truth
from datareview.analysis.schema import INSUFFICIENT, OK, days_of

HALVES = 2  # attendance is counted in half days
DIGITS = 6  # to which sums are rounded, so that ten times 0.1 is 1
MODERATE = 2  # severity from which an incident counts as a referral: 1 minor, 2 moderate, 3 major
REFERRAL_DAYS = 30
FALL_DAYS = 42  # a mark is compared with the last one at least six weeks earlier
FULL_CREDITS, CORE_FAILURES = 5.0, 1  # minimum and maximum for Chicago's ninth graders on track


@door(
    days=Columns(student=Key(), day=Ordinal(), absent=Number(0, 1), maybe={"suspended": Number(0, 1)}),
    until=Ordinal(),
    since=Ordinal(),
    first_days=Count(),
)
def attendance_facts(
    days: pd.DataFrame, *, until: int, since: int | None = None, first_days: int = 0
) -> pd.DataFrame:
    """Count each student's half days absent and enrolled from daily attendance.

    Parameters
    ----------
    days : DataFrame
        ``student``, ``day`` (date or ordinal), ``absent`` (0 to 1 of the day; every absence counts, excused or
        not): one row for each day on which the student was enrolled and school was held. Optionally
        ``suspended`` (0 to 1 of the day), which counts as absent. If a day has several rows, the one with the most
        absence counts. Missing values count neither as enrolled nor as absent.
    until : int
        The last day (ordinal) to count; later rows are ignored.
    since : int, optional
        The first day (ordinal) to count.
    first_days : int
        If above 0, count only this many first days of school (over all given students): 20 to 30.

    Returns
    -------
    DataFrame
        By student: ``absent`` and ``enrolled`` in half days, ``days`` enrolled, ``absent_days``; all 0 where no day
        counts.

    Notes
    -----
    Days before the student entered or after leaving must not be in the frame: they would dilute the share.
    With ``first_days`` call this once per school, since calendars differ. Sums are rounded to six digits.

    References
    ----------
    US Dept. of Education, EDFacts FS195 (all absences count, days of suspension too).
    """
    day, absent = days_of(days["day"]), days["absent"].to_numpy(np.float64)
    if "suspended" in days:
        absent = np.fmax(absent, days["suspended"].to_numpy(np.float64))
    counted = (day <= until) & (day >= (day.min(initial=until) if since is None else since))
    if first_days and counted.any():
        school = np.unique(day[counted])[:first_days]
        counted &= day <= school[-1]
    usable = counted & np.isfinite(absent)
    marks = pd.DataFrame(
        {"student": days["student"].to_numpy()[usable], "day": day[usable], "absent": absent[usable]}
    )
    if marks.duplicated(["student", "day"]).any():
        marks = marks.groupby(["student", "day"], as_index=False)[["absent"]].max()
    facts = marks.groupby("student")["absent"].agg(["sum", "size"])
    facts = facts.reindex(np.unique(days["student"].to_numpy()), fill_value=0).rename_axis("student")
    total = np.round(facts["sum"].to_numpy(np.float64), DIGITS)
    size = facts["size"].to_numpy()
    return pd.DataFrame(
        {"absent": HALVES * total, "enrolled": HALVES * size, "days": size, "absent_days": total},
        index=facts.index,
    )


@door(
    incidents=Columns(student=Key(), day=Ordinal(), severity=Number(), suspended=Truth(is_optional=True)),
    until=Ordinal(),
    since=Ordinal(),
    window=Count(),
    moderate=Number(needed=True),
)
def behavior_facts(
    incidents: pd.DataFrame,
    *,
    until: int,
    since: int | None = None,
    window: int = REFERRAL_DAYS,
    moderate: int = MODERATE,
) -> pd.DataFrame:
    """Incidents, suspensions and recent referrals of each student.

    Parameters
    ----------
    incidents : DataFrame
        One row per incident: ``student``, ``day`` (date or ordinal), ``severity`` (1 minor, 2 moderate, 3 major)
        and ``suspended`` (whether it led to a suspension, in or out of school; may be missing).
    until, since : int
        Last and first day (ordinals) to count.
    window : int
        Days, ``until`` included, in which referrals count.
    moderate : int
        Severity from which an incident is a referral.

    Returns
    -------
    DataFrame
        By student with an incident: ``incidents`` and ``suspensions`` of the whole span (missing if one may be
        a suspension), ``referrals`` of the window. Other students are absent: reindex with 0 those whose records are kept.

    Notes
    -----
    Referral practice differs between schools and between adults; compare within a school, and audit by group.

    References
    ----------
    American Institutes for Research, early warning systems (behavior is to be defined locally).
    """
    day = days_of(incidents["day"])
    inside = day <= until
    if since is not None:
        inside &= day >= since
    recent = inside & (day > until - window) & (incidents["severity"].to_numpy(np.float64) >= moderate)
    suspended, unknown = _known(incidents["suspended"])
    counts = pd.DataFrame(
        {
            "student": incidents["student"].to_numpy(),
            "incidents": 1,
            "suspensions": suspended.astype(np.int64),
            "referrals": recent.astype(np.int64),
            "unknown": unknown,
        }
    )
    facts = counts[inside].groupby("student").sum()
    return _without(facts, facts.pop("unknown"), "suspensions")


def _known(flags: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Where a flag is known to be true, and where it is missing."""
    missing = flags.isna().to_numpy(bool)
    return flags.to_numpy(bool, na_value=False) & ~missing, missing


def _without(facts: pd.DataFrame, unknown: pd.Series, name: str) -> pd.DataFrame:
    """The facts, of which column ``name`` is missing for students of whom something it counts is unknown."""
    lost = unknown.to_numpy(bool)
    return facts.assign(**{name: facts[name].where(~lost)}) if lost.any() else facts


@door(
    marks=Columns(
        student=Key(),
        course=Key(),
        day=Ordinal(),
        percent=Number(),
        maybe={"is_core": Truth(is_optional=True)},
    ),
    until=Ordinal(),
    failing=Number(needed=True),
    low=Number(needed=True),
    apart=Count(),
)
def mark_facts(
    marks: pd.DataFrame, *, until: int, failing: float = 60.0, low: float = 70.0, apart: int = FALL_DAYS
) -> pd.DataFrame:
    """Lowest current mark, number of failing and D courses, and largest drop of each student.

    Parameters
    ----------
    marks : DataFrame
        ``student``, ``course``, ``day`` (date or ordinal), ``percent`` (0 to 100 or more); optionally
        ``is_core``. Of each course the last mark up to ``until`` is the current one. Missing marks are left out.
    until : int
        The last day (ordinal) to look at.
    failing, low : float
        Percent below which a mark is an F, and below which it is a D.
    apart : int
        Days; the drop is measured from the last mark at least this long before the current one.

    Returns
    -------
    DataFrame
        By student: ``lowest`` (percent), ``failures``, ``core_failures`` (all courses are core if the column is
        absent; missing if it is unknown of a failed one), ``ds``, ``fall`` (points, the largest drop within one
        course; missing without an earlier mark). All are missing without a mark.

    Notes
    -----
    Differences are rounded to six digits, so that 90.1 - 80.1 is a drop of 10. Courses grade differently, so marks
    are compared only within a course.

    References
    ----------
    National High School Center, early warning systems (course failures).
    """
    day, percent = days_of(marks["day"]), marks["percent"].to_numpy(np.float64)
    usable = (day <= until) & np.isfinite(percent)
    core, unknown = np.ones(len(marks), bool), np.zeros(len(marks), bool)
    if "is_core" in marks:
        core, unknown = _known(marks["is_core"])
    known = pd.DataFrame(
        {
            "student": marks["student"].to_numpy(),
            "course": marks["course"].to_numpy(),
            "day": day,
            "percent": percent,
            "core": core,
            "unknown": unknown,
        }
    )[usable].sort_values(["student", "course", "day", "percent"], ascending=[True, True, True, False])
    both = ["student", "course"]
    now = known.drop_duplicates(both, keep="last")
    aged = known.merge(now[[*both, "day"]], on=both, suffixes=("", "_now"))
    before = aged[aged["day"] <= aged["day_now"] - apart].drop_duplicates(both, keep="last")
    now = now.merge(before[[*both, "percent"]], on=both, how="left", suffixes=("", "_before"))
    is_failed = now["percent"] < failing
    facts = pd.DataFrame(
        {
            "student": now["student"],
            "lowest": now["percent"],
            "failures": is_failed.astype(np.int64),
            "core_failures": (is_failed & now["core"]).astype(np.int64),
            "unknown": (is_failed & now["unknown"]).astype(np.int64),
            "ds": ((now["percent"] < low) & ~is_failed).astype(np.int64),
            "fall": np.round(now["percent_before"] - now["percent"], DIGITS),
        }
    ).groupby("student")
    sums = dict.fromkeys(("failures", "core_failures", "unknown", "ds"), "sum")
    found = facts.agg({"lowest": "min", **sums, "fall": "max"})
    found = _without(found, found.pop("unknown"), "core_failures")
    return found.reindex(np.unique(marks["student"].to_numpy())).rename_axis("student")


@door(
    courses=Columns(
        student=Key(), credits=Number(), is_core=Truth(is_optional=True), is_failed=Truth(is_optional=True)
    )
)
def on_track(courses: pd.DataFrame) -> pd.DataFrame:
    """Find the ninth graders on track: at least five full credits, and at most one semester F in a core course.

    Parameters
    ----------
    courses : DataFrame
        One row per student, course and semester of the whole first year: ``student``, ``credits`` (earned, in
        full-year credits: a semester course has 0.5), ``is_core`` (English, mathematics, science, social studies)
        and ``is_failed``.

    Returns
    -------
    DataFrame
        By student: ``status``, ``credits``, ``core_failures`` and ``is_on_track`` (missing if the status is
        "insufficient_data" because credits are unknown, or whether a course is a core one or failed).

    Notes
    -----
    On track if credits >= 5 and core F <= 1, at the end of grade 9. Before then credits are incomplete: judge by the
    failures alone. Sums are rounded to six digits.

    References
    ----------
    Allensworth & Easton (2005), The On-Track Indicator as a Predictor of High School Graduation; UChicago
    Network for College Success, Freshman On-Track Toolkit.
    """
    (core, may_be_core), (failed, may_be_failed) = _known(courses["is_core"]), _known(courses["is_failed"])
    is_open = (core | may_be_core) & (failed | may_be_failed) & (may_be_core | may_be_failed)
    credits_ = courses["credits"].astype(np.float64)
    table = pd.DataFrame(
        {
            "student": courses["student"],
            "credits": credits_,
            "core_failures": (core & failed).astype(np.int64),
            "is_open": is_open,
            "unknown": ~np.isfinite(credits_) | is_open,
        }
    )
    sums = {"credits": "sum", "core_failures": "sum", "is_open": "any", "unknown": "any"}
    facts = table.groupby("student").agg(sums)
    unknown = facts.pop("unknown").to_numpy(bool)
    facts = _without(facts, facts.pop("is_open"), "core_failures")
    facts["credits"] = facts["credits"].where(~unknown).round(DIGITS)
    track = (facts["credits"] >= FULL_CREDITS) & (facts["core_failures"] <= CORE_FAILURES)
    facts["is_on_track"] = track.astype(object).where(~unknown, None)
    facts.insert(0, "status", np.where(unknown, INSUFFICIENT, OK))
    return facts
