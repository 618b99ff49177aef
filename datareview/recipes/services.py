"""Remember the form of a file, change what is remembered, and forget it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from datareview.recipes.models import FileRecipe
from datareview.recipes.queries import USUAL_ORDER, form_fingerprint, form_name, remembered
from datareview.recognition.fields import FIELDS
from datareview.recognition.kinds import NEEDED, FileKind
from datareview.recognition.labels import LABELS
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.lib import clock
from teams.lib.errors import DomainError, StaleEdit
from teams.lib.versions import version_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from teams.directory.models import School, User


def remember_recipe(
    school: School,
    *,
    actor: User,
    name: str,
    kind: str,
    columns: Iterable[str],
    mapping: dict[str, Any],
    way: dict[str, Any] | None = None,
) -> FileRecipe:
    """Remember how a file called ``name`` was read and matched, for the next one with the same columns.

    The order of day and month that an earlier one showed stays, if this one shows none.
    """
    columns = list(columns)
    fingerprint = form_fingerprint(columns, name)
    way = {key: value for key, value in (way or {}).items() if key != "last"}  # where this one ends
    there = FileRecipe.objects.filter(school=school, kind=kind, fingerprint=fingerprint).first()
    usual = there.mapping.get("options", {}).get(USUAL_ORDER) if there else None
    if usual:
        mapping = {**mapping, "options": {USUAL_ORDER: usual, **mapping.get("options", {})}}
    recipe, _is_new = FileRecipe.objects.update_or_create(
        school=school,
        kind=kind,
        fingerprint=fingerprint,
        defaults={
            "columns": columns,
            "mapping": remembered(mapping),
            "way": way,
            "used_at": clock.now(),
            "used_by": actor,
        },
        create_defaults={
            "name": form_name(name) or str(FileKind(kind).label),
            "columns": columns,
            "mapping": remembered(mapping),
            "way": way,
            "used_at": clock.now(),
            "used_by": actor,
        },
    )
    return recipe


@transaction.atomic
def edit_recipe(
    recipe: FileRecipe, *, actor: User, name: str, mapping: dict[str, Any], seen: str, keep_way: bool = True
) -> FileRecipe:
    """Change what is remembered; without ``keep_way``, not how to read such a file. Files that were loaded stay as they are.

    ``seen`` is the `recipe_version` the actor started from; if it has changed, StaleEdit has what is stored now.
    """
    recipe = _locked(recipe, actor)
    if seen != recipe_version(recipe):
        raise StaleEdit(
            _("Someone changed this, or loaded such a file, while you were writing."),
            current=in_words(recipe),
        )
    missing = [
        field
        for field in NEEDED[recipe.kind]
        if not mapping["columns"].get(field) and not (field == "value" and mapping.get("measures"))
    ]
    if missing:
        names = ", ".join(str(LABELS[field]) for field in missing)
        raise DomainError(_("Choose the column for: %(names)s.") % {"names": names})
    recipe.name, recipe.mapping = name, remembered(mapping)
    recipe.way = recipe.way if keep_way else {}
    recipe.save(update_fields=["name", "mapping", "way"])
    record_event(actor, "edited", recipe, school=recipe.school)
    return recipe


@transaction.atomic
def forget_recipe(recipe: FileRecipe, *, actor: User) -> None:
    """Forget the form of a file: the next one is matched anew. Files that were loaded stay as they are."""
    recipe = _locked(recipe, actor)
    record_event(actor, "forgot", recipe, school=recipe.school)
    recipe.delete()


def recipe_version(recipe: FileRecipe) -> str:
    """The version of what the page of a recipe edits."""
    # The keys in one order: PostgreSQL does not keep that in which they were written.
    return version_of(recipe.name, json.dumps([recipe.mapping, recipe.way], sort_keys=True))


def in_words(recipe: FileRecipe) -> str:
    """The name and the matched columns of a recipe, as a text."""
    columns = recipe.mapping.get("columns", {})
    pairs = [(LABELS[field], columns[field]) for field in FIELDS[recipe.kind] if columns.get(field)]
    return "; ".join([recipe.name, *(f"{label}: {column}" for label, column in pairs)])


def _locked(recipe: FileRecipe, actor: User) -> FileRecipe:
    recipe = (
        FileRecipe.objects.select_for_update(of=("self",), no_key=True)
        .select_related("school")
        .get(pk=recipe.pk)
    )
    require_ability(actor, "import_data", recipe.school)
    return recipe
