"""What a placement costs gets columns of its own; it was one bag of JSON."""

import datetime as dt
from typing import Any

from django.db import migrations, models


def columns_of(cost: dict[str, Any]) -> dict[str, Any]:
    """The columns that hold what ``cost`` held."""
    slot, now = cost.get("slot"), cost.get("now") or (None, None)
    columns: dict[str, Any] = {
        "present": cost.get("present", "")[:200],
        "present_lessons": now[0],
        "present_duties": now[1],
        "losses": cost.get("losses", []),
        "past": cost.get("past", []),
    }
    if slot:
        columns |= {
            "day": slot["day"],
            "starts_at": dt.time.fromisoformat(slot["starts"]),
            "minutes": slot["minutes"],
            "periods": slot["periods"][:400],
            "is_weekly": slot["weekly"],
            "is_protected": slot["protected"],
        }
    return columns


def cost_of(row: Any) -> dict[str, Any]:
    """The bag that ``row`` had before it had columns."""
    now = None if row.present_lessons is None else [row.present_lessons, row.present_duties]
    cost = {"present": row.present, "now": now}
    if row.starts_at is None:
        return cost
    starts = row.starts_at.hour * 60 + row.starts_at.minute
    ends = dt.time(*divmod(min(starts + row.minutes, 24 * 60 - 1), 60))
    slot = {
        "day": row.day,
        "starts": f"{row.starts_at:%H:%M}",
        "ends": f"{ends:%H:%M}",
        "minutes": row.minutes,
        "periods": row.periods,
        "protected": row.is_protected,
        "weekly": row.is_weekly,
    }
    return cost | {"slot": slot, "losses": row.losses, "past": row.past}


def fill_columns(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("collab", "Placement").objects.using(schema_editor.connection.alias)
    for row in rows.all():
        rows.filter(pk=row.pk).update(**columns_of(row.cost))


def fill_cost(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("collab", "Placement").objects.using(schema_editor.connection.alias)
    for row in rows.all():
        rows.filter(pk=row.pk).update(cost=cost_of(row))


def column(name: str, field: models.Field) -> migrations.AddField:
    return migrations.AddField("placement", name, field)


class Migration(migrations.Migration):
    dependencies = [("collab", "0005_correction")]

    operations = [
        column("day", models.PositiveSmallIntegerField(blank=True, null=True)),
        column("starts_at", models.TimeField(blank=True, null=True)),
        column("minutes", models.PositiveSmallIntegerField(default=0)),
        column("periods", models.CharField(blank=True, max_length=400)),
        column("is_weekly", models.BooleanField(default=False)),
        column("is_protected", models.BooleanField(default=False)),
        column("losses", models.JSONField(blank=True, default=list)),
        column("past", models.JSONField(blank=True, default=list)),
        column("present", models.CharField(blank=True, max_length=200)),
        column("present_lessons", models.PositiveSmallIntegerField(blank=True, null=True)),
        column("present_duties", models.PositiveSmallIntegerField(blank=True, null=True)),
        migrations.RunPython(fill_columns, fill_cost),
        migrations.RemoveField("placement", "cost"),
        migrations.AddConstraint(
            "placement",
            models.CheckConstraint(
                condition=models.Q(day=None, starts_at=None, minutes=0)
                | models.Q(day__isnull=False, starts_at__isnull=False, minutes__gt=0),
                name="placement_slot_is_whole",
            ),
        ),
    ]
