"""Tables beyond their columns: append-only ones, triggers of settings, those of a new database, what the planner counts."""
