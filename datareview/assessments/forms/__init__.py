"""Forms of the assessments area."""
