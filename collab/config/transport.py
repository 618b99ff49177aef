"""A file-system queue for machines without Redis, with atomic message files."""

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
    """Kombu's channel with atomic writes.

    Kombu opens a message's file under its final name before writing it. A worker that reads it too early, or
    after the writer was killed, gets an empty file, fails to parse it as JSON, and dies.
    """

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]
        folder = Path(self.data_folder_out)
        name = f"{monotonic_ns():020d}_{uuid.uuid4()}.{queue}.msg"
        unfinished = folder / f".{name}"  # kombu reads the queue from the part after the first dot
        unfinished.write_bytes(dumps(payload).encode())
        unfinished.rename(folder / name)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        while True:
            try:
                return super()._get(queue)
            except ValueError:
                logger.warning("A message of the queue %s could not be read and was dropped.", queue)


class Transport(filesystem.Transport):
    """The transport behind ``filesystem://``, registered in `collab.config.celery`."""

    Channel = Channel
