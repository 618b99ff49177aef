"""Changes of rules, and what they would do."""
