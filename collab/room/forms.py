"""What is written in a meeting."""

from __future__ import annotations
