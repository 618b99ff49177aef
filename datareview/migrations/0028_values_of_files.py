"""A score or attendance mark belongs to the file that last gave its value; only changed ones keep a change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import migrations

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

BATCH = 500


def forwards(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """Give changed values to the file that changed them, and delete the changes of new ones."""
    changes = apps.get_model("datareview", "ImportChange").objects
    for name in ("Score", "AttendanceDay"):
        values = apps.get_model("datareview", name).objects
        ours = changes.filter(table=name.lower())
        ours.filter(before__isnull=True).delete()
        owners: dict[int, int | None] = {}
        part: list[Any] = []
        for change in ours.order_by("pk").iterator(chunk_size=BATCH):
            if change.row_id not in owners:
                owners[change.row_id] = (
                    values.filter(pk=change.row_id).values_list("imported_by", flat=True).first()
                )
            change.before["imported_by_id"] = owners[change.row_id]
            owners[change.row_id] = change.of_import_id
            part.append(change)
        changes.bulk_update(part, ["before"], batch_size=BATCH)
        for pk, owner in owners.items():
            values.filter(pk=pk).update(imported_by=owner)


class Migration(migrations.Migration):
    """Change data only."""

    dependencies = [("datareview", "0027_writing_since")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=True)]
