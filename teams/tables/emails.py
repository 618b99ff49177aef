"""Email addresses as people type and copy them."""

from __future__ import annotations

import re

# An address as email programs copy it, after a name that may be quoted: Ana Ruiz <ana@lincoln.org>
WITH_NAME = re.compile(r'"?([^<>"]*)"?\s*<([^<>\s]+@[^<>\s]+)>')


def split_addresses(line: str) -> list[str]:
    """Each address of a line that is a list of them, with its name and a tab before it; else the line, if not empty."""
    if found := WITH_NAME.findall(line):
        return [f"{' '.join(name.split()).strip(' ,;')}\t{email}".strip() for name, email in found]
    words = re.split(r"[\s;,]+", line.strip(" ;,"))
    if len(words) > 1 and all("@" in word for word in words):
        return words
    return [line.strip()] if line.strip() else []


def name_in_email(email: str) -> tuple[str, str]:
    """First and last name before the @, as a guess: "ana.ruiz-lopez2@…" is Ana Ruiz-Lopez, "aruiz@…" only Aruiz."""
    letters = re.sub(r"[\d+]+.*$", "", email.partition("@")[0])
    first, *rest = [word for word in re.split(r"[._]+", letters) if word] or [""]
    return first.title(), " ".join(rest).title()
