"""Make one file of several that are uploaded at once."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import PurePath
from typing import TYPE_CHECKING

from django.core.files import File
from django.utils.translation import gettext as _

from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Iterable


def zip_of(files: Iterable[File[bytes]]) -> File[bytes]:
    """Several uploaded files as one: a zip that is not compressed, in a temporary file."""
    data, names = tempfile.TemporaryFile(), list[str]()  # noqa: SIM115 (Django closes it)
    with zipfile.ZipFile(data, "w") as archive:
        for file in files:
            plain = PurePath(file.name or "").name
            names.append(f"{len(names) + 1} {plain}" if plain in names else plain)
            with archive.open(names[-1], "w", force_zip64=True) as part:
                for chunk in file.chunks():
                    part.write(chunk)
    name = _("%(n)s files") % {"n": formats.number(len(names))}
    return File(data, name=f"{name}.zip")
