"""Reading tables in a child: the same rows as in this process, and a sentence for each limit that ends the child."""

from __future__ import annotations

import gzip
import io
import zipfile
from dataclasses import replace

import pytest
from django.utils import translation
from openpyxl import Workbook

from teams.tables import process
from teams.tables.limits import EmptyTable, Limits, TableTooLarge, UnreadableTable
from teams.tables.process import read_table_apart
from teams.tables.reading import read_table

pytestmark = pytest.mark.child

LIMITS = Limits(most_bytes=10 * 2**20, most_rows=1_000_000, most_seconds=60, most_memory=512 * 2**20)


@pytest.fixture
def read(tmp_path):
    """``read(content, name)`` in a child, with ``limits``."""

    def read(content, name="table.csv", limits=LIMITS):
        path = tmp_path / "upload"
        path.write_bytes(content)
        return read_table_apart(path, name, limits)

    return read


def book(*cells):
    """A workbook with values at places like "XFD1048576"."""
    made = Workbook()
    for place, value in cells:
        made.active[place] = value
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"id,name\n1,Ana\n2\n3,Tom,x\n",
        "id;name\n\n1;Zoë “Núñez”\n".encode(),
        'id\tname\n1\t"two\nlines"\n'.encode("utf-16"),
        "id,name\n1,Zoë\n".encode("cp1252"),
    ],
    ids=["ragged", "semicolons", "utf-16", "cp1252"],
)
def test_a_child_reads_the_same_table(read, content):
    assert read(content) == read_table(content, "table.csv", LIMITS)


def test_a_child_reads_a_workbook(read):
    content = book(("A1", "id"), ("B1", "score"), ("A2", 1001), ("B2", 70.5))
    assert read(content, "table.xlsx").rows == [["1001", "70.5"]]


@pytest.mark.parametrize(
    ("content", "name", "error", "sentence"),
    [
        (b"", "a.csv", EmptyTable, "The file is empty."),
        (b"%PDF-1.7 and more", "a.csv", UnreadableTable, "not a text file, whatever its name says"),
        (b"a," * 2_501 + b"\n1\n", "a.csv", TableTooLarge, "more than 2500 columns"),
        (b"a," * 2_400 + b"\n" + (b"," * 2_400 + b"1\n") * 4_200, "a.csv", TableTooLarge, "10000000 cells"),
    ],
    ids=["empty", "pdf", "columns", "cells"],
)
def test_an_error_of_the_file_comes_back_from_the_child(read, content, name, error, sentence):
    with pytest.raises(error, match=sentence):
        read(content, name, replace(LIMITS, most_bytes=50 * 2**20))


def test_the_child_speaks_the_readers_language(read):
    with translation.override("es"), pytest.raises(EmptyTable) as raised:
        read(b"")
    with translation.override("es"):
        assert str(raised.value) == translation.gettext("The file is empty.") != "The file is empty."


def test_a_workbook_with_one_cell_at_the_far_corner_ends_the_child_only(read):
    content = book(("A1", "id"), ("XFD1048576", 1))
    assert len(content) < 6_000
    with pytest.raises(TableTooLarge, match="more than 512 MB of memory"):
        read(content, "far.xlsx")


def test_a_small_gzip_that_fills_the_memory_ends_the_child_only(read):
    content = gzip.compress(b"1,2\n" * 45_000_000, 1)
    assert len(content) < 1_000_000
    with pytest.raises(TableTooLarge, match="more than 256 MB of memory"):
        read(content, "small.csv.gz", replace(LIMITS, most_memory=256 * 2**20))


def test_a_workbook_that_lies_about_its_unpacked_size_ends_the_child_only(read):
    """The declared sizes pass; what unpacks would not fit."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(("A1", "id"), ("A2", 1)))) as honest:
        parts = {name: honest.read(name) for name in honest.namelist()}
    cells = b"<row><c><v>1</v></c></row>" * 3_000_000
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    parts["xl/worksheets/sheet1.xml"] = sheet + cells + b"</sheetData></worksheet>"
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    packed = content.getvalue()
    real = len(parts["xl/worksheets/sheet1.xml"]).to_bytes(4, "little")
    lying = packed.replace(real, (1_000).to_bytes(4, "little"))
    assert lying != packed
    with pytest.raises((TableTooLarge, UnreadableTable)):
        read(lying, "lying.xlsx", replace(LIMITS, most_memory=150 * 2**20))


def test_a_file_that_takes_too_long_ends_the_child_only(read):
    content = b"id,score\n" + b"1001,70\n" * 1_200_000
    with pytest.raises(TableTooLarge, match="longer than 1 seconds"):
        read(content, limits=replace(LIMITS, most_seconds=1, most_rows=2_000_000))


def test_a_child_that_does_not_end_is_ended(read, monkeypatch):
    monkeypatch.setattr(process, "WAIT", 0)
    with pytest.raises(TableTooLarge, match="longer than 60 seconds"):
        read(b"id\n1\n")


def test_a_child_that_breaks_is_an_unreadable_file(read, monkeypatch):
    monkeypatch.setattr(process.sys, "executable", "/bin/false")
    with pytest.raises(UnreadableTable, match="may be damaged"):
        read(b"id\n1\n")


def test_the_child_gets_no_secret(read, monkeypatch):
    seen = {}
    run = process.subprocess.run

    def watched(command, **options):
        seen.update(options["env"])
        return run(command, **options)

    monkeypatch.setenv("SECRET_KEY", "secret")
    monkeypatch.setattr(process.subprocess, "run", watched)
    read(b"id\n1\n")
    assert seen.keys() == {"PATH", "LANG"}
