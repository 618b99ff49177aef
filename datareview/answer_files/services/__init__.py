"""Check files of answers: `answers` (who and what), `items` (keys, points), `values` (beside what is stored)."""
