"""Files on their way into the record: `files` (upload, match columns), `checks`, `applying`, `undoing`."""
