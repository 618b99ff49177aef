"""Check files: `checks` by kind of file, `checking` for the worker."""
