"""Forms of imports: `files` (upload, match columns), `answers` and `absences` (what is asked of such files)."""
