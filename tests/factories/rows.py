"""Every row of our tables, to compare what a database held before and after."""

from __future__ import annotations

from django.apps import apps

OURS = ("teams", "datareview", "collab")


def all_rows(*left_out: str) -> dict[str, list[str]]:
    """Table → its rows as text, without the tables of the models ``left_out``, in lower case."""
    found = {}
    for label in OURS:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            if model._meta.model_name not in left_out:
                rows = model._default_manager.order_by("pk").values()
                found[model._meta.db_table] = [str(row) for row in rows]
    return found


def changed(before: dict[str, list[str]], after: dict[str, list[str]]) -> list[str]:
    """The tables whose rows differ."""
    return [table for table, rows in before.items() if after[table] != rows]
