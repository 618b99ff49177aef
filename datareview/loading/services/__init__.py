"""Load files: `applying`, `writing`, `undoing`; `now` does all steps of a file at once."""
