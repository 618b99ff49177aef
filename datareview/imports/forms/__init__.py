"""Forms of imports: `files` (upload, match columns), `answers` (what is asked of answers of an assessment)."""
