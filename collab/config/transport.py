"""The queue of a machine without Redis: files in a folder, each there whole or not at all."""

from __future__ import annotations

import logging
import uuid
from pathlib import Path
from time import monotonic_ns
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps

logger = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    """Kombu's own opens a message's file under its name and then writes it.

    A worker that looks in between, or after a writer was killed there, takes an empty file, finds no JSON in
    it, and dies for good.
    """

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]
        folder = Path(self.data_folder_out)
        name = f"{monotonic_ns():020d}_{uuid.uuid4()}.{queue}.msg"
        unfinished = folder / f".{name}"  # its part after the first dot names no queue
        unfinished.write_bytes(dumps(payload).encode())
        unfinished.rename(folder / name)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        while True:
            try:
                return super()._get(queue)
            except ValueError:
                logger.warning("A message of the queue %s could not be read and was dropped.", queue)


class Transport(filesystem.Transport):
    """What ``filesystem://`` means in this project; `collab.config.celery` names it."""

    Channel = Channel
