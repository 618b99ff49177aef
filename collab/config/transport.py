"""A file-system queue for machines without Redis, with atomic message files."""

from __future__ import annotations

import logging
import uuid
from pathlib import Path
from time import monotonic_ns
from typing import Any

from celery import current_app
from kombu.transport import filesystem
from kombu.utils.json import dumps

logger = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    """Kombu's channel with atomic writes.

    Kombu opens a message's file under its final name before writing it. A worker that reads it too early, or
    after the writer was killed, gets an empty file, fails to parse it as JSON, and dies.

    If its folders vanish while programs run, for example when someone cleans up, they are created again. Their messages
    are lost; the sweeper sends the jobs again.
    """

    def get_table(self, exchange: str) -> list[Any]:
        """Return the bindings of ``exchange``; those of Celery's own queue even if their file vanished."""
        found = super().get_table(exchange)
        own = current_app.conf.task_default_queue
        return found or ([filesystem.exchange_queue_t(own, "", own)] if exchange == own else [])

    def _size(self, queue: str) -> int:
        Path(self.data_folder_in).mkdir(parents=True, exist_ok=True)
        return int(super()._size(queue))

    def _queue_bind(self, *binding: Any) -> None:
        self.control_folder.mkdir(
            parents=True, exist_ok=True
        )  # kombu makes it only below a folder that exists
        super()._queue_bind(*binding)

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]
        folder = Path(self.data_folder_out)
        folder.mkdir(parents=True, exist_ok=True)
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
            except FileNotFoundError:
                logger.warning("The folder of the queue vanished and was made again.")
                Path(self.data_folder_in).mkdir(parents=True, exist_ok=True)


class Transport(filesystem.Transport):
    """The transport behind ``filesystem://``, registered in `collab.config.celery`."""

    Channel = Channel
