"""Tables beyond their columns: append-only ones, triggers of settings, the first tables, what the planner counts."""
