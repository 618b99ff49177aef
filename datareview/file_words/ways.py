"""How a file is read, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from teams.lib import formats
from teams.tables.ways import FIXED, NAMELESS, way_of

ENCODING_NAMES = {
    "utf-8": "UTF-8",
    "cp1252": gettext_lazy("Windows, western (cp1252)"),
    "iso8859-15": "ISO 8859-15 (Latin-9)",
    "cp1250": gettext_lazy("Windows, Central Europe (cp1250)"),
    "cp437": "DOS (cp437)",
    "cp850": gettext_lazy("DOS, western (cp850)"),
    "mac-roman": "Mac (MacRoman)",
    "utf-16": "UTF-16",
}
DELIMITER_NAMES = {
    ",": gettext_lazy("Comma"),
    ";": gettext_lazy("Semicolon"),
    "\t": gettext_lazy("Tab"),
    "|": gettext_lazy("Vertical bar"),
    "^": gettext_lazy("Caret (^)"),
    "~": gettext_lazy("Tilde (~)"),
    FIXED: gettext_lazy("None: columns have fixed widths"),
}


def way_in_words(stored: dict[str, Any]) -> str:
    """What a person said about how to read a file, as `Import.way` has it."""
    way = way_of(stored)
    found = [ENCODING_NAMES.get(way.encoding), DELIMITER_NAMES.get(way.delimiter), way.sheet]
    if way.table:
        found.append(_("table %(n)s") % {"n": formats.number(way.table)})
    if way.header == NAMELESS:
        found.append(_("columns have no names"))
    elif way.header:
        found.append(_("names in row %(n)s") % {"n": formats.number(way.header)})
    return ", ".join(str(one) for one in found if one) or _("as found")
