"""Uploaded files are stored before the transaction of their form, and none is left without its row."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import connection

from datareview.imports.models import Import
from teams.lib.models import SentForm
from teams.staff_files.models import StaffFile
from teams.timetable.models import TimetableFile

UPLOADS = [
    ("/imports/", Import, b"student_id,score\n1001,7\n"),
    ("/timetable/load/", TimetableFile, b"Teacher;Day;Period\n"),
    ("/people/file/", StaffFile, b"Name;Email\n"),
]
each_upload = pytest.mark.parametrize(("address", "model", "content"), UPLOADS)


@pytest.fixture
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files_in(folder):
    return [path for path in Path(folder).rglob("*") if path.is_file()]


def send(client, address, content):
    return client.post(address, {"file": ContentFile(content, "a.csv"), "form_key": "k"})


@each_upload
@pytest.mark.django_db(transaction=True)
def test_a_file_is_stored_outside_transactions(cast, as_user, folder, monkeypatch, address, model, content):
    inside, save = [], FileSystemStorage.save

    def note(*args, **more):
        inside.append(connection.in_atomic_block)
        return save(*args, **more)

    monkeypatch.setattr(FileSystemStorage, "save", note)
    assert send(as_user(cast.ada), address, content).status_code == 302
    assert inside == [False]
    assert [Path(model.objects.get().file.path)] == files_in(folder)


@each_upload
@pytest.mark.django_db(transaction=True)
def test_no_file_is_left_if_the_transaction_fails(
    cast, as_user, folder, monkeypatch, address, model, content
):
    """At its end, after the service has done its part."""

    def fail(*_args, **_more):
        raise OSError

    monkeypatch.setattr(SentForm, "save", fail)
    with pytest.raises(OSError):  # noqa: PT011 (raised here)
        send(as_user(cast.ada), address, content)
    assert (files_in(folder), model.objects.count()) == ([], 0)


@each_upload
def test_no_second_file_is_left_by_a_form_sent_twice_at_once(
    cast, as_user, folder, monkeypatch, address, model, content
):
    """The second has passed the middleware before the first is saved."""
    monkeypatch.setattr("teams.middleware.location_after", lambda _request: None)
    pages = [send(as_user(cast.ada), address, content)["Location"] for _time in range(2)]
    assert pages == [model.objects.get().get_absolute_url()] * 2
    assert files_in(folder) == [Path(model.objects.get().file.path)]
