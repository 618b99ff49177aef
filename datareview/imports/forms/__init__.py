"""Forms of imports: `uploads`, `files` (match columns), `answers` and `absences` (what is asked of such files)."""
