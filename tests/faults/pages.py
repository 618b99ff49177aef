"""Open pages of a room."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.members import Member


@asynccontextmanager
async def pages_of(members: list[Member]):
    """Keep their pages open inside the block."""
    pages = [asyncio.create_task(member.stay()) for member in members]
    try:
        yield
    finally:
        for page in pages:
            page.cancel()
        await asyncio.gather(*pages, return_exceptions=True)
        for member in members:
            await member.close()
