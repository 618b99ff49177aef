"""Full text search on PostgreSQL: one function that makes words of a text, and an index for each kind of text.

Elsewhere nothing is needed: the same rules run in Python (`collab.search.matching`).
"""

from typing import Any

from django.db import migrations

from collab.search.matching import FOLD_FROM, FOLD_TO

INDEXES = {
    "collab_contribution": "text",
    "collab_decision": "text",
    "collab_action": "text || ' ' || reason",
    "collab_cause": "text",
    "collab_teachingchange": "text || ' ' || saw",
    "collab_question": "text || ' ' || answer",
    "collab_agendaitem": "title || ' ' || prompt || ' ' || outcome",
    "collab_meeting": "title || ' ' || purpose",
}
# Most texts have no letter beyond ASCII: translate() looks through its whole table for every letter.
FUNCTION = """
CREATE FUNCTION collab_words(said text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN pg_catalog.to_tsvector('pg_catalog.simple', pg_catalog.lower(
    CASE WHEN pg_catalog.octet_length(said) = pg_catalog.length(said)
    THEN pg_catalog.translate(said, {2}, {3}) ELSE pg_catalog.translate(said, {0}, {1}) END))
"""


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def add_search(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    plain = "".join(letter for letter in FOLD_FROM if letter.isascii())
    folds = [FOLD_FROM, FOLD_TO, plain, " " * len(plain)]
    schema_editor.execute(FUNCTION.format(*map(quoted, folds)), params=None)
    for table, text in INDEXES.items():
        schema_editor.execute(
            f"CREATE INDEX {table}_words ON {table} USING gin (collab_words({text}))", params=None
        )


def drop_search(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in INDEXES:
        schema_editor.execute(f"DROP INDEX IF EXISTS {table}_words")
    schema_editor.execute("DROP FUNCTION IF EXISTS collab_words(text)")


class Migration(migrations.Migration):
    dependencies = [("collab", "0003_observation_reply")]

    operations = [migrations.RunPython(add_search, drop_search, elidable=False)]
