"""The file-system queue: messages are atomic, and a broken one stops no worker."""

from __future__ import annotations

import shutil
from pathlib import Path
from queue import Empty

import pytest

from collab.config.celery import app
from collab.config.transport import Channel


@pytest.fixture
def channel(tmp_path):
    (tmp_path / "control").mkdir()
    (tmp_path / "messages").mkdir()
    folders = {
        "data_folder_in": str(tmp_path / "messages"),
        "data_folder_out": str(tmp_path / "messages"),
        "control_folder": str(tmp_path / "control"),
        "store_processed": False,
    }
    with app.connection_for_write("filesystem://", transport_options=folders) as connection:
        yield connection.channel()


def test_messages_arrive_in_order_and_once(channel):
    for n in range(3):
        channel._put("celery", {"n": n})
    channel._put("other", {"n": 9})
    assert [channel._get("celery") for _n in range(3)] == [{"n": 0}, {"n": 1}, {"n": 2}]
    with pytest.raises(Empty):
        channel._get("celery")


def test_nobody_finds_a_partially_written_message(channel, monkeypatch):
    seen = []

    def write(path, content):
        with path.open("wb") as file:
            for byte in content:
                file.write(bytes([byte]))
                file.flush()
                with pytest.raises(Empty):
                    channel._get("celery")
                seen.append(byte)

    monkeypatch.setattr(Path, "write_bytes", write)
    channel._put("celery", {"n": 1})
    assert bytes(seen) == b'{"n": 1}'
    assert channel._get("celery") == {"n": 1}


def test_a_truncated_message_is_dropped_and_the_next_one_is_delivered(channel, tmp_path):
    assert type(channel) is Channel
    (tmp_path / "messages" / "0_cut.celery.msg").write_bytes(b"")
    channel._put("celery", {"n": 1})
    assert channel._get("celery") == {"n": 1}


def test_a_program_that_sends_its_first_message_creates_vanished_folders_again(channel, tmp_path):
    shutil.rmtree(tmp_path)
    channel.exchange_declare("first")
    channel.queue_declare("first")
    channel.queue_bind("first", exchange="first", routing_key="first")
    channel._put("first", {"n": 1})
    assert channel._get("first") == {"n": 1}


def test_readers_and_writers_create_a_vanished_folder_again(channel, tmp_path):
    shutil.rmtree(tmp_path / "messages")
    with pytest.raises(Empty):
        channel._get("celery")
    shutil.rmtree(tmp_path / "messages")
    channel._put("celery", {"n": 1})
    assert channel._get("celery") == {"n": 1}


def test_celerys_own_queue_is_found_when_the_file_that_binds_it_vanished(channel, tmp_path):
    shutil.rmtree(tmp_path / "control")
    assert channel.typeof("celery").lookup(channel.get_table("celery"), "celery", "celery", None) == {
        "celery"
    }
    assert channel.get_table("celery.pidbox") == []
