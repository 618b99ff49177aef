"""Join the files of a OneRoster set, 1.0 to 1.2, bulk or delta, into files that say whole things.

Roles of users, which are in a file of their own since 1.2, are beside the users; classes have the names of their courses;
teachers of classes are a file of their own, by their email addresses, and so are guardians, who are users too, and groups,
of which demographics have a column each. Students and classes have the numbers by which the school knows them, because a
set's own ids are often in no other file. A delta may name users and classes of an earlier set, which then has their numbers.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from datareview.recognition.columns import student_key
from teams.tables.limits import EmptyTable
from teams.tables.reading import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from teams.tables.limits import Limits

USERS, ROLES, CLASSES, COURSES, ENROLLMENTS, DEMOGRAPHICS = (
    "users.csv",
    "roles.csv",
    "classes.csv",
    "courses.csv",
    "enrollments.csv",
    "demographics.csv",
)
TEACHERS, GUARDIANS, GROUPS = "teachers.csv", "guardians.csv", "groups.csv"
FAMILY = ("guardian", "parent", "relative")
# One of these is a student's: Hispanic of whatever race, else the only race, else two or more.
RACES = {
    "americanIndianOrAlaskaNative": "American Indian or Alaska Native",
    "asian": "Asian",
    "blackOrAfricanAmerican": "Black or African American",
    "nativeHawaiianOrOtherPacificIslander": "Native Hawaiian or Other Pacific Islander",
    "white": "White",
}
HISPANIC, SEVERAL = "Hispanic or Latino", "Two or more races"
LEAD, TEACHING = "teacher", ("teacher", "aide", "proctor")
GONE = "tobedeleted"
STUDENT = "student"
# What columns were called in 1.0, in all files or in one; families were “agents” then.
FORMER = {"agents": "agentSourcedIds", "grade": "grades", "userId": "userIds", "birthdate": "birthDate"}
FORMER_OF_ONE = {(DEMOGRAPHICS, "userSourcedId"): "sourcedId"}
# The columns that may have the number of a student, and of a class, with the set's own id first.
STUDENT_NUMBERS = ("sourcedId", "identifier", "username")
CLASS_NUMBERS = ("sourcedId", "classCode")


def joined_files(
    files: dict[str, bytes],
    limits: Limits,
    students: Iterable[str] = (),
    sections: Iterable[str] = (),
    earlier: Iterable[dict[str, bytes]] = (),
) -> dict[str, bytes]:
    """The files of a set by name, joined; empty if they are none. Other files of a set are left out.

    ``students`` and ``sections`` are the numbers that the school has. ``earlier`` sets, the newest first, are read only if
    this one names users or classes that it does not have. Raises TableError if a file can't be read.
    """
    tables = _tables(files, limits)
    if USERS not in tables or not {CLASSES, ENROLLMENTS, ROLES} & tables.keys():
        return {}
    users = _with_roles(tables[USERS], tables.get(ROLES, []))
    classes, enrollments = tables.get(CLASSES, []), tables.get(ENROLLMENTS, [])
    known_users, known_classes = [*users], [*classes]
    for before in earlier:
        if not (
            _unnamed(enrollments, "userSourcedId", known_users)
            or _unnamed(enrollments, "classSourcedId", known_classes)
        ):
            break
        older = _tables(before, limits)
        known_users += _others(_with_roles(older.get(USERS, []), older.get(ROLES, [])), known_users)
        known_classes += _others(older.get(CLASSES, []), known_classes)
    pupils = [one for one in known_users if one["role"].lower() == STUDENT]
    numbers = _numbers(pupils, STUDENT_NUMBERS, frozenset(map(student_key, students)), fallback="identifier")
    codes = _numbers(known_classes, CLASS_NUMBERS, frozenset(map(student_key, sections)))
    found = {USERS: _renamed(users, "sourcedId", numbers)}
    titles = {one.get("sourcedId", ""): one.get("title", "") for one in tables.get(COURSES, [])}
    found[CLASSES] = [
        {
            **one,
            "courseSourcedId": titles.get(one.get("courseSourcedId", "")) or one.get("courseSourcedId", ""),
        }
        for one in _renamed(classes, "sourcedId", codes)
    ]
    seats = _renamed(enrollments, "classSourcedId", codes)
    found[ENROLLMENTS] = _renamed(seats, "userSourcedId", numbers)
    found[TEACHERS] = _teachers(seats, known_users)
    found[GUARDIANS] = _guardians(users, known_users, numbers)
    found[GROUPS] = _groups(_renamed(tables.get(DEMOGRAPHICS, []), "sourcedId", numbers))
    return {name: _bytes(rows) for name, rows in found.items() if rows}


def _tables(files: dict[str, bytes], limits: Limits) -> dict[str, list[dict[str, str]]]:
    plain = {name.lower(): data for name, data in files.items()}
    names = (USERS, ROLES, CLASSES, COURSES, ENROLLMENTS, DEMOGRAPHICS)
    return {name: _rows(name, plain[name], limits) for name in names if name in plain}


def _unnamed(rows: list[dict[str, str]], column: str, known: list[dict[str, str]]) -> bool:
    """Whether ``rows`` name others in ``column`` than those ``known``."""
    return bool({one.get(column, "") for one in rows} - {one.get("sourcedId", "") for one in known})


def _others(rows: list[dict[str, str]], known: list[dict[str, str]]) -> list[dict[str, str]]:
    there = {one.get("sourcedId", "") for one in known}
    return [one for one in rows if one.get("sourcedId", "") not in there]


def _guardians(
    users: list[dict[str, str]], known: list[dict[str, str]], numbers: dict[str, str]
) -> list[dict[str, str]]:
    """The users who are a student's family, as the student's row, or theirs, says."""
    named = {one.get("sourcedId", ""): one for one in known}
    pairs = {
        tuple(sorted((one.get("sourcedId", ""), other.strip())))
        for one in users
        for other in one.get("agentSourcedIds", "").split(",")
        if other.strip() in named
    }
    found = []
    for pair in sorted(pairs):
        pupil, adult = sorted((named[pk] for pk in pair), key=lambda one: one["role"].lower() != STUDENT)
        if pupil["role"].lower() == STUDENT and adult["role"].lower() in FAMILY and not _is_gone(adult):
            number = pupil.get("sourcedId", "")
            found.append(
                {
                    "student_id": numbers.get(number, number),
                    "guardian": f"{adult.get('givenName', '')} {adult.get('familyName', '')}".strip(),
                    "relation": adult["role"].lower(),
                    "phone": adult.get("phone") or adult.get("sms", ""),
                    "email": adult.get("email", ""),
                }
            )
    return found


def _groups(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Sex, and race or ethnicity as schools report it, as groups of students."""
    found = []
    for one in rows:
        if _is_gone(one):
            continue
        races = [name for column, name in RACES.items() if one.get(column, "").lower() == "true"]
        if one.get("demographicRaceTwoOrMoreRaces", "").lower() == "true" or len(races) > 1:
            races = [SEVERAL]
        if one.get("hispanicOrLatinoEthnicity", "").lower() == "true":
            races = [HISPANIC]
        groups = {"Sex": one.get("sex", "").capitalize(), "Race and ethnicity": races[0] if races else ""}
        found += [
            {"student_id": one.get("sourcedId", ""), "category": category, "group": group}
            for category, group in groups.items()
            if group
        ]
    return found


def _is_gone(one: dict[str, str]) -> bool:
    return one.get("status", "").lower() == GONE


def _numbers(
    rows: list[dict[str, str]], columns: tuple[str, ...], known: frozenset[str], fallback: str = ""
) -> dict[str, str]:
    """The number of each row by its id, from the column by which the school knows most of them; {} if that is the id.

    Of columns by which it knows equally many, the one whose numbers look most like the school's. If the school has none yet:
    ``fallback``, which other systems' files have too. A column with an empty cell, or a number twice, stays out.
    """
    ids = columns[0]
    shapes = {_shape(number) for number in known}
    fits: dict[str, tuple[int, int]] = {}
    for column in columns:
        keys = [student_key(one.get(column, "")) for one in rows]
        if column == ids or (all(keys) and len(set(keys)) == len(keys)):
            fits[column] = (sum(key in known for key in keys), sum(_shape(key) in shapes for key in keys))
    best = fallback if not known and fallback in fits else max(fits, key=lambda column: fits[column])
    return {one.get(ids, ""): one[best].strip() for one in rows} if best != ids else {}


def _shape(number: str) -> tuple[int, bool]:
    return len(number), number.isdecimal()


def _renamed(rows: list[dict[str, str]], column: str, names: dict[str, str]) -> list[dict[str, str]]:
    return [{**one, column: names.get(one.get(column, ""), one.get(column, ""))} for one in rows]


def _with_roles(users: list[dict[str, str]], roles: list[dict[str, str]]) -> list[dict[str, str]]:
    """The users with their role; since 1.2 the primary one of ``roles``."""
    named: dict[str, str] = {}
    for one in sorted(roles, key=lambda one: one.get("roleType", "").lower() != "primary"):
        if not _is_gone(one):
            named.setdefault(one.get("userSourcedId", ""), one.get("role", ""))
    return [
        {**one, "role": named.get(one.get("sourcedId", ""), one.get("role") or "unknown")} for one in users
    ]


def _teachers(enrollments: list[dict[str, str]], users: list[dict[str, str]]) -> list[dict[str, str]]:
    """Who teaches each class, by email address, else by the number of the person."""
    emails = {one.get("sourcedId", ""): one.get("email") or one.get("identifier", "") for one in users}
    return [
        {
            "section": one.get("classSourcedId", ""),
            "teacher": emails.get(one.get("userSourcedId", "")) or one.get("userSourcedId", ""),
            "role": "teacher" if one.get("role", "").lower() == LEAD else "co-teacher",
            "starts_on": one.get("beginDate", ""),
            "ends_on": one.get("endDate", ""),
        }
        for one in enrollments
        if one.get("role", "").lower() in TEACHING and not _is_gone(one)
    ]


def _rows(name: str, data: bytes, limits: Limits) -> list[dict[str, str]]:
    """The rows of a file by column; none of one that has only a header, as in a delta."""
    try:
        table = read_table(data, name, limits)
    except EmptyTable:
        return []
    rows = [*table.rows, *(cells for _line, cells in table.ragged)]
    columns = [FORMER_OF_ONE.get((name, column)) or FORMER.get(column, column) for column in table.columns]
    return [dict(zip(columns, cells, strict=False)) for cells in rows]


def _bytes(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO()
    names = list(dict.fromkeys(name for one in rows for name in one))
    writer = csv.DictWriter(text, names, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
