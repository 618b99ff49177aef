"""Create the tables of a new database at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.migrations import CreateModel, Migration

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState


class FirstTables(Migration):
    """A migration that creates each table in its final form.

    Django renders all related models anew after each operation, and nearly all of ours are related: two thirds of the
    time that a new database took. Here they are rendered once, after the last operation. So an operation may create a
    model, change one that is created here, or run a function; it may not change a table that is already there.
    """

    def apply(
        self, project_state: ProjectState, schema_editor: BaseDatabaseSchemaEditor, collect_sql: bool = False
    ) -> ProjectState:
        """Bring the state to its end, then create the tables from it, with the fields and constraints added later."""
        project_state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(self.app_label, project_state)
        for operation in self.operations:
            if isinstance(operation, CreateModel) or not _changes_a_model(operation):
                operation.database_forwards(self.app_label, schema_editor, project_state, project_state)
        return project_state


def _changes_a_model(operation: Any) -> bool:
    return hasattr(operation, "model_name")
