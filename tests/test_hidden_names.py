"""Every page, as several people, with names hidden: no student's name appears, whatever its source.

First every text field is filled with names, so that a page that misses one fails, including future pages and
fields.
"""

from __future__ import annotations

import datetime as dt
import html
import re
import unicodedata
import uuid
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

import pytest
from django.apps import apps
from django.db import models, transaction
from django.urls import reverse

from collab.agendas.models import AgendaItem, Prediction
from collab.decisions.models import Decision
from collab.minutes.models import Correction
from collab.preparation.models import Deferral
from collab.room.services import lifecycle
from datareview.imports.models import ImportProblem
from datareview.privacy.models import Disclosure
from datareview.progress.models import Session
from datareview.records.models import Guardian
from teams.audit.models import AuditEvent
from teams.lib import hidden_names
from tests.access import address_of, tables
from tests.conftest import make_student
from tests.factories.district import make_district

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import SimpleNamespace

    from django.test import Client

READERS = ["ana", "sol", "cora", "ada"]
# As people type: in a hurry, with the other apostrophe, half a name, without accents.
TYPED = [
    "Maya Okafor",
    "maya",
    "OKAFOR, MAYA",
    "Weber’s",
    "jonas w.",
    "ines",
    "O’Brien",
    "José Núñez",
    "jose nunez",
    "Adé-Bello",
    "bello",
]
PARTS = re.compile(
    r"\b(maya|okafor|jonas|weber|ines|duarte|sean|o.?brien|jose|nunez|elodie|ade.bello|bello)\b"
)
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
# Fields read by programs, and names of people themselves.
NO_WORDS = {
    "key",
    "kind",
    "view",
    "language",
    "home_language",
    "time_zone",
    "token",
    "email",
    "code",
    "letter",
    "choice",
    "what",
}
NO_WORDS |= {"file_name", "dedupe_key", "status", "method_version", "calendar_method", "calendar", "table"}
NO_WORDS |= {"key", "verb", "subject_type", "region", "password", "digest", "fingerprint", "config_hash"}
NO_WORDS |= {
    "inputs_hash",
    "first_name",
    "last_name",
    "local_id",
    "framework",
    "subject_area",
    "best",
    "column",
    "window",  # the key of a benchmark window, which is no word of people
}

# Form fields into which people may type names.
WORDS = (
    "title",
    "text",
    "reason",
    "note",
    "q",
    "name",
    "purpose",
    "place",
    "focus",
    "message",
    "saw",
    "answer",
)
WORDS += (
    "outcome",
    "ask",
    "concern",
    "debrief",
    "next_step",
    "reply",
    "label",
    "cohort",
    "decision",
    "topic",
)
WORDS += (
    "key",
    "kind",
    "view",
    "chart",
    "team",
    "day",
    "until",
    "check_on",
    "week",
    "measure",
    "owner",
)
FORM = dict.fromkeys(WORDS, "maya and José Núñez") | {"minutes": "5", "version": "9", "kind": "notice"}
APPEND_ONLY = (AuditEvent, Disclosure)


@pytest.fixture
def named_cast(db: None) -> SimpleNamespace:
    """The whole cast, with a row of every text that people type, each naming a student."""
    cast, key = make_district(), uuid.uuid4
    day = cast.school.today()
    for number, (first, last) in enumerate(
        [("Sean", "O'Brien"), ("José", "Núñez"), ("Élodie", "Adé-Bello")], start=2000
    ):
        make_student(cast.school, str(number), first, last, 4)
    Guardian.objects.create(student=cast.maya, name="x", relation="x", phone="1")
    Decision.objects.create(item=cast.item, text="x", decided_by=cast.ana, client_key=key(), check_on=day)
    Prediction.objects.create(exhibit=cast.exhibit, user=cast.ana, text="x")
    Correction.objects.create(meeting=cast.minutes, author=cast.ana, text="x", client_key=key())
    Deferral.objects.create(
        team=cast.team, key=f"candidate-{cast.candidate.pk}", until=day + dt.timedelta(days=9), reason="x",
        by=cast.ana,
    )  # fmt: skip
    cast.observation.evidence.create(text="x", client_key=key())
    Session.objects.create(plan=cast.plan, held_on=day, result="held", logged_by=cast.sol, note="x")
    ImportProblem.objects.create(of_import=cast.file, row=2, column="score", value="x", code="x", message="x")
    return cast


def name_everything() -> None:
    """Put a name into every text field of every row that people type."""
    typed = 0
    for model in apps.get_models():
        if model._meta.app_label not in ("collab", "datareview", "teams") or model in APPEND_ONLY:
            continue
        fields = [one for one in model._meta.concrete_fields if is_typed(one)]
        rows = list(model._default_manager.all()) if fields else []
        for row in rows:
            for place, field in enumerate(fields):
                name = TYPED[(row.pk + place) % len(TYPED)]
                setattr(row, field.name, f"{name} reads"[: field.max_length or None])
        if rows:
            model._default_manager.bulk_update(rows, [one.name for one in fields])
        typed += len(rows) * len(fields)
    assert typed > 100


def is_typed(field: models.Field) -> bool:
    """Whether people type the text of ``field``."""
    return (
        isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and not field.unique
        and field.name not in NO_WORDS
    )


def names_on(page: str) -> list[str]:
    """Names on ``page``, with any escaping and case, without accents, and split by <mark>."""
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), page)
    text = re.sub(r"</?mark>", "", html.unescape(unquote_plus(text)))
    plain = NOT_ASCII.sub(without_accent, unicodedata.normalize("NFD", text))
    return [
        plain[max(0, found.start() - 50) : found.end() + 20] for found in PARTS.finditer(plain.casefold())
    ]


def without_accent(found: re.Match[str]) -> str:
    """The character, or nothing if it is an accent for the one before."""
    return "" if unicodedata.combining(found[0]) else found[0]


def addresses(cast: SimpleNamespace, app: str = "") -> Iterator[str]:
    """Every page, or those of ``app``, and regions and searches of some."""
    yield from (address_of(page, cast) for page in tables("PAGES") if page.name.startswith(app))
    for typed in ("ma", "oka", "Maya Okafor", "josé", "reads"):
        yield reverse("collab:search-show", query={"q": typed})
        yield reverse("datareview:student-list", query={"q": typed})
    meeting = reverse("collab:meeting-detail", args=[cast.meeting.uuid])
    for region in ("room", "item", "agenda", "contributions", "decisions", "actions", "people"):
        yield f"{meeting}?region={region}"
    yield reverse("collab:meeting-detail", args=[cast.minutes.uuid])


def hide(client: Client) -> None:
    assert client.post(reverse("datareview:projector-switch"), {"next": "/"}).status_code == 302


@pytest.fixture(autouse=True)
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few rows per page, so that lists have a next page."""
    monkeypatch.setattr("datareview.students.queries.student_list.A_PAGE", 2)
    monkeypatch.setattr("collab.search.queries.texts.A_PAGE", 2)


def leaks(client: Client, cast: SimpleNamespace, app: str = "", begin: str = "/") -> Iterator[str]:
    """Where names appear on every page, of ``app`` if given, at an address that ``begin``s so: in its text and headers."""
    for address in addresses(cast, app):
        if not address.startswith(begin):
            continue
        answer = client.get(address, follow=True)
        text = "" if answer.streaming else answer.content.decode()
        text += "".join(f" {value}" for _name, value in answer.items())
        yield from (f"{address}: {place!r}" for place in names_on(text))


def run_meeting(cast: SimpleNamespace) -> None:
    """Start the meeting that holds the cast's rows."""
    lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    AgendaItem.objects.filter(meeting=cast.meeting).exclude(pk=cast.item.pk).update(state="waiting")


@pytest.mark.sweep
@pytest.mark.text
@pytest.mark.parametrize("reader", READERS)
def test_no_page_names_a_student(named_cast, as_user, reader):
    name_everything()
    client = as_user(getattr(named_cast, reader))
    hide(client)
    assert list(leaks(client, named_cast)) == []


@pytest.mark.sweep
@pytest.mark.text
@pytest.mark.parametrize("reader", ["ana", "tom"])
def test_neither_room_nor_minutes_name_a_student(named_cast, as_user, reader):
    """The other apps know no meetings: their pages are the same as before."""
    run_meeting(named_cast)
    name_everything()
    client = as_user(getattr(named_cast, reader))
    hide(client)
    assert list(leaks(client, named_cast, "collab:")) == []
    named_cast.meeting.refresh_from_db()
    lifecycle.close_meeting(named_cast.meeting, actor=named_cast.ana)
    name_everything()
    assert list(leaks(client, named_cast, "collab:")) == []


@pytest.mark.sweep
@pytest.mark.text
@pytest.mark.parametrize(("reader", "headers"), [("ana", {"HX-Request": "true"}), ("cora", {})])
def test_no_response_to_a_form_names_a_student(named_cast, as_user, reader, headers):
    run_meeting(named_cast)
    name_everything()
    client = as_user(getattr(named_cast, reader))
    hide(client)
    found, refused = [], 0
    # A page that takes no form answers one as if it were opened (tests/test_walk.py); that it hides names is tested above.
    for entry in [one for one in tables("POSTS") if one.name != "datareview:projector-switch"]:
        with transaction.atomic():
            entry.given(named_cast)
            form = {**FORM, "client_key": uuid.uuid4()}
            answer = client.post(address_of(entry, named_cast), form, follow=True, headers=headers)
            transaction.set_rollback(True)
        refused += answer.status_code == 422
        text = "" if answer.streaming else answer.content.decode()
        text += "".join(f" {key}: {value}" for key, value in answer.items())
        found += [f"{entry.name}: {place!r}" for place in names_on(text)]
    assert found == []
    assert refused > 3


@pytest.mark.sweep
@pytest.mark.text
@pytest.mark.parametrize(
    ("forgotten", "seen_at"),
    [
        ("datareview.records.models.students.alias_of", "/teams/"),
        ("collab.search.queries.texts.hide_names", "/search/"),
        ("datareview.plots.tags.are_hidden", "/plans/"),
        ("teams.lib.form_renderer.hide_names", "/actions/"),
        ("teams.lib.tags.hidden_names.hidden_names.hide_in_address", "/search/"),
        ("teams.lib.csv_export.hide_names", "/imports/"),
    ],
)
def test_a_place_that_forgets_to_hide_names_is_found(named_cast, as_user, monkeypatch, forgotten, seen_at):
    name_everything()
    client = as_user(named_cast.ada if "csv" in forgotten else named_cast.cora)
    hide(client)
    shown = {"alias_of": lambda pk: None, "are_hidden": lambda: False}
    assert next(leaks(client, named_cast, begin=seen_at), None) is None
    monkeypatch.setattr(forgotten, shown.get(forgotten.rpartition(".")[2], lambda text: text))
    assert next(leaks(client, named_cast, begin=seen_at), None) is not None


@pytest.mark.sweep
@pytest.mark.text
def test_a_text_that_is_not_hidden_is_found(named_cast, as_user, monkeypatch):
    name_everything()
    client = as_user(named_cast.ana)
    hide(client)
    forgotten = {"Maya Okafor reads", "maya reads"}
    hidden = hidden_names.hide_names
    monkeypatch.setattr(
        "teams.lib.tags.hidden_names.hidden_names.hide_names",
        lambda text: text if text in forgotten else hidden(text),
    )
    assert next(leaks(client, named_cast, begin="/actions/"), None) is not None


@pytest.mark.parametrize(
    "page",
    [
        "<b>MAYA</b>",
        "<mark>Ma</mark>ya",
        '<input value="okafor, maya">',
        '{"title": "Jos\\u00e9"}',
        "?q=Ad%C3%A9-Bello",
        "?q=sean+o%27brien",
        "O&#x27;Brien",
        "O’Brien’s",
        "Nu\u0301n\u0303ez",
    ],
)
def test_a_name_is_recognized_in_every_form(page):
    assert len(names_on(page)) >= 1


def test_other_words_are_not_names():
    assert names_on("<p>Lines and minutes of Ana Ruiz; mayahem</p>") == []
