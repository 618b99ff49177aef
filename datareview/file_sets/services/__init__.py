"""Sets of files: `starting` (imports no pandas), `working`."""
