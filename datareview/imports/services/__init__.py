"""Import files: `files` (upload, match columns), `reading`."""
