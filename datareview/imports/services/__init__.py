"""Import files: `files` (upload, match columns), `checks`, `applying`, `undoing`."""
