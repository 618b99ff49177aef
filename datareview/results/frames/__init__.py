"""From the frames of an assessment to what its page shows: no database."""
