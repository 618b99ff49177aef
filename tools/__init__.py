"""Programs for developers, which `./dev` runs."""
