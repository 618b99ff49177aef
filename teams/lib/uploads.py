"""Mark views that accept files."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

V = TypeVar("V", bound="Callable[..., object]")


def accepts_uploads(most_bytes: Callable[[], int]) -> Callable[[V], V]:
    """Accept request bodies with a file of up to ``most_bytes()`` from people who are signed in.

    The server refuses larger bodies, and those of other views, before the view runs (`collab.config.bodies`).
    """

    def mark(view: V) -> V:
        view.most_upload_bytes = most_bytes  # type: ignore[attr-defined]
        return view

    return mark
