"""Full text search on PostgreSQL: one function that makes words of a text, and an index for each kind of text.

Elsewhere nothing is needed: the same rules run in Python (`collab.search.matching`).
"""

from __future__ import annotations

from typing import Any

from django.db import connections, transaction

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


def index_words(*, using: str, **_rest: Any) -> None:
    """Create the function and the indexes in a migrated database that has none.

    A migration that folds letters otherwise, or drops an indexed column, drops the function with ``CASCADE``.
    """
    here = connections[using]
    if here.vendor != "postgresql":
        return
    with transaction.atomic(using=using), here.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_proc WHERE proname = 'collab_words'")
        if cursor.fetchone() or not set(INDEXES) <= set(here.introspection.table_names(cursor)):
            return
        plain = "".join(letter for letter in FOLD_FROM if letter.isascii())
        cursor.execute(FUNCTION.format(*map(_quoted, (FOLD_FROM, FOLD_TO, plain, " " * len(plain)))))
        for table, text in INDEXES.items():
            cursor.execute(f"CREATE INDEX {table}_words ON {table} USING gin (collab_words({text}))")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
