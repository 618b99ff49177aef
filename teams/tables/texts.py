"""The text in a file: its encoding, and its rows by a delimiter or fixed widths."""

from __future__ import annotations

import codecs
import csv
import io
import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from teams.tables.delimiters import delimiter_of
from teams.tables.limits import EmptyTable, UnreadableTable
from teams.tables.ways import FIXED
from teams.tables.widths import guessed_widths, split_lines, widths_note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from teams.tables.ways import Way

MOST_WORDS = 10  # with accents that a note names
_WORD = re.compile(r"[^\W\d_]+")
_ESCAPED = re.compile(r'\\"[^",;\t|\r\n]')
_FOREIGN = 0.5  # share of the letters outside ASCII that may be no UTF-8 in a file of UTF-8
MIXED = "collab.mixed"  # how to read a byte that is no UTF-8, for `codecs`
SNIFFED_BYTES = 64 * 1024
BINARY = (b"PK\x03\x04", b"%PDF", b"\x1f\x8b", b"\x89PNG", b"\xd0\xcf\x11\xe0")


def text_rows(data: bytes, way: Way) -> tuple[Iterator[list[str]], list[str], dict[str, Any]]:
    """The rows of a text, with notes and how it was read."""
    text, how, notes, encoding = _decode(data, way.encoding)
    delimiter, note = (way.delimiter, []) if way.delimiter else delimiter_of(text)
    widths: tuple[int, ...] = ()
    if way.delimiter == FIXED:
        widths = way.widths or guessed_widths(text, gap=1)
    elif not way.delimiter and delimiter not in text[:SNIFFED_BYTES]:
        widths = guessed_widths(text)
    as_read: dict[str, Any] = {"encoding": encoding, "delimiter": FIXED if widths else delimiter}
    if widths:
        return split_lines(text, widths), [*notes, widths_note(widths)], as_read | {"widths": [*widths]}
    mark = "," if delimiter == FIXED else delimiter
    escape = "\\" if _ESCAPED.search(text) else None  # O\"Brien, as some databases write it
    del text  # decoded again while it is read, because all of it would take much of the memory
    lines = io.TextIOWrapper(io.BytesIO(data), *how, newline="")
    rows = csv.reader(lines, delimiter=mark, escapechar=escape)
    return rows, [*notes, *note], as_read


def _decode(data: bytes, wanted: str) -> tuple[str, tuple[str, str], list[str], str]:
    """Decode as ``wanted``, or else UTF-8, UTF-16 with or without a byte order mark, or cp1252; refuse binary content.

    The order is fixed, without statistics: on short tables of names, detectors take cp1252 for cp1250 and turn ñ
    into ń. Returns the text, the codec with how to handle its errors, notes, and the name of the encoding.
    """
    if not data.strip():
        raise EmptyTable(_("The file is empty."))
    if encoding := _utf16(data):
        return data.decode(encoding, "replace"), (encoding, "replace"), [_("Read as UTF-16 text.")], "utf-16"
    if b"\x00" in data[:SNIFFED_BYTES] or data.startswith(BINARY):
        raise UnreadableTable(
            _(
                "This is not a text file, whatever its name says. Save it as CSV, or upload the spreadsheet "
                "as .xlsx."
            )
        )
    if wanted and wanted != "utf-16":
        how = ("utf-8-sig" if wanted == "utf-8" else wanted, "replace")
        return data.decode(*how), how, [], wanted
    try:
        return data.decode("utf-8-sig"), ("utf-8-sig", "strict"), [], "utf-8"
    except UnicodeDecodeError:
        if mixed := _mostly_utf8(data):
            return *mixed, "utf-8"
        text = data.decode("cp1252", errors="replace")
        note = _("Read as Windows text (cp1252). Check the words with accents: %(words)s.")
        return text, ("cp1252", "replace"), [note % {"words": _accented(text)}], "cp1252"


def _mostly_utf8(data: bytes) -> tuple[str, tuple[str, str], list[str]] | None:
    """UTF-8 with a few bytes of Windows text in it, as a file has that was put together from two; None if it is not."""
    wrong: list[str] = []

    def read(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        wrong.append(error.object[error.start : error.end].decode("cp1252", errors="replace"))
        return wrong[-1], error.end

    codecs.register_error(MIXED, read)
    text = data.decode("utf-8-sig", MIXED)
    letters = sum(not mark.isascii() for mark in text)
    if len(wrong) > _FOREIGN * letters:
        return None
    note = _("Some characters are not encoded like the others: %(letters)s. Check the words that have them.")
    return text, ("utf-8-sig", MIXED), [note % {"letters": " ".join(dict.fromkeys(wrong[:MOST_WORDS]))}]


def _accented(text: str) -> str:
    """The first words that have letters outside ASCII, with the number of the others."""
    words = dict.fromkeys(word for word in _WORD.findall(text) if not word.isascii())
    shown = ", ".join(islice(words, MOST_WORDS)) or "—"
    more = len(words) - MOST_WORDS
    return shown if more <= 0 else _("%(words)s and %(n)d more") % {"words": shown, "n": more}


def _utf16(data: bytes) -> str:
    """The UTF-16 variant, by its byte order mark or by every second byte being zero; else ""."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = data[:SNIFFED_BYTES:2], data[1:SNIFFED_BYTES:2]
    for encoding, zeros, letters in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros and zeros.count(0) > 0.7 * len(zeros) and 0 not in letters:
            return encoding
    return ""
