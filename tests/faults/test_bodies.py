"""Bodies of requests sent to a real server: too large, too slow, in chunks, and those that are accepted."""

from __future__ import annotations

import http.client
import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from datareview.imports.models import Import
from tests.servers import PATIENCE

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]

MB = 2**20
TOKEN = "t" * 32


@pytest.fixture
def server(programs):
    return urlsplit(programs.web(BODY_SECONDS="20")).netloc


def cookie_of(user) -> dict[str, str]:
    client = Client()
    client.force_login(user, backend="teams.account.backends.ScopeBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"}


def post(server, path, megabytes, *, headers=None, chunked=False):
    """Send a form with a file of this size. Returns the status and the page."""
    head = (
        f'--b\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{TOKEN}\r\n'
        '--b\r\nContent-Disposition: form-data; name="file"; filename="marks.csv"\r\n\r\n'
    ).encode()
    tail = b"\r\n--b--\r\n"

    def parts():
        yield head
        for _part in range(megabytes):
            yield b"1,2,3,4\n" * (MB // 8)
        yield tail

    size = {} if chunked else {"Content-Length": str(len(head) + megabytes * MB + len(tail))}
    connection = http.client.HTTPConnection(server, timeout=PATIENCE)
    connection.request(
        "POST",
        path,
        parts(),
        {"Content-Type": "multipart/form-data; boundary=b", **size, **(headers or {})},
        encode_chunked=chunked,
    )
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    return answer.status, page


def written_by(programs) -> int:
    """Bytes that the server wrote to files and sockets so far."""
    lines = Path(f"/proc/{programs.started[-1].process.pid}/io").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("wchar")))


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("path", ["/accounts/login/", "/imports/"])
def test_299_megabytes_of_nobody_are_refused_and_stored_nowhere(server, programs, path, chunked):
    before = written_by(programs)
    status, page = post(server, path, 299, chunked=chunked)
    assert status == 413
    assert "larger than this page accepts" in page
    assert written_by(programs) - before < 4 * MB


def test_people_who_are_signed_in_upload_up_to_the_limit_and_only_where_files_are_loaded(cast, server):
    mine = cookie_of(cast.ada)
    assert post(server, "/imports/", 30, headers=mine)[0] == 302
    assert Import.objects.get().file.size == 30 * MB
    assert post(server, "/imports/", 60, headers=mine)[0] == 413
    assert post(server, "/timetable/load/", 10, headers=mine)[0] == 413
    assert post(server, "/search/", 3, headers=mine)[0] == 413
    assert Import.objects.count() == 1


def test_a_body_that_arrives_too_slowly_ends(programs):
    address = urlsplit(programs.web(BODY_SECONDS="1"))
    with socket.create_connection((address.hostname, address.port), timeout=PATIENCE) as line:
        line.sendall(
            b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nlogin=ana"
        )
        answer = b""
        while part := line.recv(65_536):  # until the server closes
            answer += part
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"took too long to arrive" in answer


def test_a_body_that_drips_ends_too(programs):
    """A byte now and then keeps no connection open."""
    address = urlsplit(programs.web(BODY_SECONDS="1"))
    with socket.create_connection((address.hostname, address.port), timeout=PATIENCE) as line:
        line.sendall(b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n")
        line.settimeout(0.1)
        answer, end = b"", time.monotonic() + PATIENCE
        while not answer and time.monotonic() < end:
            line.sendall(b"x")
            try:
                answer = line.recv(65_536)
            except TimeoutError:
                continue
    assert answer.startswith(b"HTTP/1.1 408 ")


def test_an_ordinary_form_is_accepted(cast, server):
    connection = http.client.HTTPConnection(server, timeout=PATIENCE)
    body = f"csrfmiddlewaretoken={TOKEN}&next=/"
    headers = {**cookie_of(cast.ana), "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/projector/", body, headers)
    assert connection.getresponse().status == 302
    connection.close()
