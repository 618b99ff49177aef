"""Production as `docker-compose.yml` runs it: each command of ours, behind nginx with TLS as `docs/nginx.conf` has it.

On SQLite and the file system's queue: the servers of compose are other projects' images.
"""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import secrets
import shutil
import sqlite3
import ssl
import subprocess
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from tests.processes import Program, free_port
from tests.servers import PATIENCE, wait_until

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[1]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
HOST = "collab.example.org"
SETTINGS = "collab.config.settings"
TOKEN = secrets.token_urlsafe(30)
GIVEN = {
    "SECRET_KEY": secrets.token_urlsafe(50),
    "POSTGRES_PASSWORD": "unused",
    "ALLOWED_HOSTS": HOST,
    "CSRF_TRUSTED_ORIGINS": f"https://{HOST}",
    "SITE_URL": f"https://{HOST}",
    "EMAIL_URL": "dummy:",
    "BEHIND_PROXY": "true",
    "READY_TOKEN": TOKEN,
    "LOG_FORMAT": "json",
    "WEB_PROCESSES": "2",
}
ELSEWHERE = ("DATABASE_URL", "REDIS_URL", "DATA_DIR", "HOST")  # of the containers' own network and disks


def environment_of(service, folder, given=GIVEN, elsewhere=ELSEWHERE) -> dict[str, str]:
    """The environment of a service of compose, on this machine's own database and queue."""
    found = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    for name, value in COMPOSE["services"][service]["environment"].items():
        if value is None:
            found |= {name: given[name]} if name in given else {}
        else:
            found[name] = re.sub(r"\$\{(\w+)[^}]*\}", lambda match: given.get(match[1], ""), value)
    return {name: value for name, value in found.items() if name not in elsewhere} | {
        "DATA_DIR": str(folder / "data"),
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
    }


def run(command, environment, **options):
    return subprocess.run(
        command, env=environment, cwd=ROOT, check=False, capture_output=True, text=True, **options
    )


def nginx(folder: Path, web: int, tls: int) -> list[str]:
    """Write nginx's files and return the command that starts it."""
    key, certificate = folder / "collab.key", folder / "collab.crt"
    made = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={HOST}".split()
    san = ["-addext", f"subjectAltName=DNS:{HOST},IP:127.0.0.1"]
    subprocess.run([*made, *san, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    server = (ROOT / "docs/nginx.conf").read_text()
    for written, here in {
        "listen 443 ssl": f"listen 127.0.0.1:{tls} ssl",
        "/etc/ssl/collab.crt": str(certificate),
        "/etc/ssl/collab.key": str(key),
        "http://127.0.0.1:8000": f"http://127.0.0.1:{web}",
        "/var/log/nginx/collab.log": str(folder / "access.log"),
        "/var/log/nginx/collab-errors.log": str(folder / "errors.log"),
    }.items():
        assert server.count(written) == 1
        server = server.replace(written, here)
    spool = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log stderr; events {{}} http {{ access_log off; {spool} {server} }}"
    )
    return [str(shutil.which("nginx")), "-c", str(config), "-p", str(folder), "-e", "stderr"]


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    """Everything started: ``product("/path")`` asks nginx, ``product.log(service)`` is what a service wrote."""
    if shutil.which("nginx") is None:
        pytest.fail("The test of production needs nginx; ./dev test brings it.")
    folder = tmp_path_factory.mktemp("production")
    web, tls = free_port(), free_port()
    made = run(COMPOSE["services"]["migrate"]["command"], environment_of("migrate", folder))
    assert made.returncode == 0, made.stderr
    started = {
        name: Program(
            COMPOSE["services"][name]["command"],
            environment_of(name, folder) | {"PORT": str(web)},
            folder / f"{name}.log",
        )
        for name in ("web", "worker", "beat")
    }
    started["nginx"] = Program(nginx(folder, web, tls), dict(os.environ), folder / "nginx.log")
    trust = ssl.create_default_context(cafile=str(folder / "collab.crt"))
    trust.check_hostname = False  # it answers at 127.0.0.1 for the host that people type
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=trust), urllib.request.HTTPCookieProcessor(jar)
    )

    def ask(path, data=None, **headers):
        request = urllib.request.Request(f"https://127.0.0.1:{tls}{path}", data, {"Host": HOST, **headers})
        try:
            return opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            return error
        except OSError:
            return None

    ask.cookies, ask.web, ask.folder, ask.log = jar, web, folder, lambda name: started[name].output
    try:
        wait_until(lambda: getattr(ask("/healthz"), "status", 0) == 200, "Production did not start.")
        yield ask
    finally:
        for program in started.values():
            program.kill()


def test_everything_becomes_ready_and_only_the_token_is_told_details(product):
    details = {"Authorization": f"Bearer {TOKEN}"}
    ready = {"ready": True, **dict.fromkeys(["disk", "database", "broker", "worker", "mail"], "ok")}
    # Each web process keeps its answer for seconds.
    wait_until(lambda: json.load(product("/readyz?all", **details)) == ready, "It was never ready.")
    wait_until(lambda: json.load(product("/readyz?all")) == {"ready": True}, "One process is not ready.")


def test_pages_come_with_secure_cookies_headers_and_static_files(product):
    page = product("/accounts/login/")
    html = page.read().decode()

    assert page.status == 200
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["Server"] == "nginx"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert all(cookie.secure for cookie in product.cookies)
    [style, *_more] = re.findall(r'href="(/static/[^"]+\.css)"', html)
    assert re.fullmatch(r"/static/css/\w+\.[0-9a-f]{12}\.css", style)
    assert "immutable" in product(style).headers["Cache-Control"]


def test_the_web_server_does_not_name_its_program(product):
    with urllib.request.urlopen(f"http://127.0.0.1:{product.web}/healthz", timeout=60) as answer:
        assert (answer.status, answer.headers["Server"]) == (200, None)


def test_a_link_to_a_new_password_stands_in_no_log_and_the_log_is_json(product):
    form = product("/accounts/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[1]
    sent = f"csrfmiddlewaretoken={token}&email=nobody%40example.org".encode()
    assert product("/accounts/password/reset/", sent, Referer=f"https://{HOST}/").status == 200
    assert product("/accounts/password/reset/key/1a-secret-key/?q=Maya").status in {200, 404}

    lines = [json.loads(line) for line in product.log("web").splitlines() if line.startswith("{")]
    asked = [line["event"] for line in lines if line["logger"] == "collab.requests"]
    assert "/accounts/password/reset/" in asked
    for name in ("web", "worker", "beat"):
        for word in ("secret-key", "Maya", "nobody"):
            assert word not in product.log(name)


def test_words_that_people_search_stand_in_no_log_of_the_proxy(product):
    came_from = {"Referer": f"https://{HOST}/search/?q=Okafor"}
    assert product("/search/?q=Maya", **came_from).status == 200  # the page to sign in
    assert product("/accounts/login/?next=/search/%3Fq%3DMaya", **came_from).status == 200
    logs = (product.folder / "access.log").read_text() + (product.folder / "errors.log").read_text()
    assert '"GET /search/" 302' in logs
    assert [word for word in ("Maya", "Okafor") if word in logs] == []


SIGN_IN = """
import django; django.setup()
from django.conf import settings
from django.test import Client
from teams.directory.models import Role, School, Staff, User
school = School.objects.create(name="Adams")
user = User.objects.create_user("teacher@adams.test")
Staff.objects.create(user=user, school=school, role=Role.TEACHER, starts_on=school.today())
client = Client()
client.force_login(user, backend="teams.account.backends.ScopeBackend")
print(client.cookies[settings.SESSION_COOKIE_NAME].value)
"""


def test_a_childs_name_that_a_signed_in_person_types_stands_in_no_log_and_no_file(product):
    environment = environment_of("web", product.folder)
    done = run(
        [f"{ROOT}/.venv/bin/python", "-c", SIGN_IN], environment | {"DJANGO_SETTINGS_MODULE": SETTINGS}
    )
    assert done.returncode == 0, done.stderr
    cookie = {"Cookie": f"__Host-session={done.stdout.strip()}"}
    told = {
        **cookie,
        "Referer": f"https://{HOST}/search/?q=Zyxwena",
        "HX-Current-URL": f"https://{HOST}/students/?q=Zyxwena",
    }
    pages = ["/search/?q=Zyxwena", "/students/?q=Zyxwena", "/people/?q=Zyxwena", "/nowhere/?q=Zyxwena"]
    assert [product(path, **told).status for path in pages] == [200, 200, 403, 404]
    assert product("/search/?q=Zyxwena&page=%00", **told).status == 400
    assert product("/accounts/logout/", b"q=Zyxwena", **told).status == 403  # without its token
    assert product(f"/search/?q=Zyxwena{'a' * 9000}", **told).status in {400, 414, 431}
    written = [path for path in product.folder.rglob("*") if path.is_file()]
    assert {"web.log", "access.log", "nginx.log"} <= {path.name for path in written}
    assert [path.name for path in written if b"Zyxwena" in path.read_bytes()] == []


def test_another_host_is_refused_but_the_containers_health_check_is_answered(product):
    assert product("/accounts/login/", Host="evil.example").status == 400
    check = COMPOSE["services"]["web"]["healthcheck"]["test"]
    command = [part.replace("127.0.0.1:8000", f"127.0.0.1:{product.web}") for part in check[1:]]
    assert check[0] == "CMD"
    assert run(command, {"PATH": f"{ROOT}/.venv/bin:{os.environ['PATH']}"}).returncode == 0


def test_a_command_of_the_readme_adds_the_first_school(product):
    [line] = re.findall(
        r"docker compose exec web (\./dev manage add_school .*)", (ROOT / "README.md").read_text()
    )
    command = [part.strip('"') for part in re.findall(r'"[^"]*"|\S+', line)]
    # Not `./dev manage`, which installs what developers need where it is missing.
    done = run(
        ["python", "manage.py", *command[2:]],
        environment_of("web", product.folder) | {"PATH": f"{ROOT}/.venv/bin"},
    )
    assert done.returncode == 0, done.stderr


def test_what_was_migrated_for_development_does_not_start_and_says_what_to_do(product, tmp_path):
    environment, name = environment_of("web", tmp_path), "collab.sqlite3"
    (tmp_path / "data").mkdir()
    with (
        closing(sqlite3.connect(product.folder / "data" / name)) as migrated,
        closing(sqlite3.connect(tmp_path / "data" / name)) as copied,
    ):
        migrated.backup(copied)  # its migrations take a quarter of a minute
    run(["./dev", "migrate"], environment | {"ENVIRONMENT": "development"})
    done = run(["./dev", "web"], environment)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-2:] == [
        "CommandError: Collab cannot start: the static files were not collected for production.",
        "Run ./dev migrate with ENVIRONMENT=production, then start again.",
    ]


def test_an_empty_database_does_not_start_and_says_what_to_do(tmp_path):
    done = run(["./dev", "web"], environment_of("web", tmp_path))
    assert done.returncode == 2
    assert re.search(r"Collab cannot start: the database lacks \d+ migrations of this version\.", done.stderr)


# Settings of the README as an operator would set them, and what Django's settings then are.
CHOSEN = {
    "SECRET_KEY": GIVEN["SECRET_KEY"],
    "POSTGRES_PASSWORD": "a%2Fword",
    "ALLOWED_HOSTS": f"{HOST},www.{HOST}",
    "CSRF_TRUSTED_ORIGINS": f"https://{HOST}",
    "EMAIL_URL": "submission://post:pass@mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "school@example.org",
    "SITE_URL": f"https://{HOST}",
    "TIME_ZONE": "America/Denver",
    "LANGUAGE_CODE": "es",
    "UPLOAD_MAX_MB": "3",
    "UPLOAD_MAX_ROWS": "2000",
    "UPLOAD_MAX_SECONDS": "7",
    "UPLOAD_MAX_MEMORY_MB": "300",
    "BODY_SECONDS": "11",
    "PAGE_LOCK_SECONDS": "2",
    "PAGE_QUERY_SECONDS": "9",
    "BEHIND_PROXY": "true",
    "TRUSTED_PROXIES": "2",
    "LOG_FORMAT": "json",
    "LOG_LEVEL": "WARNING",
    "ADMIN_EMAIL": "ops@example.org",
    "READY_TOKEN": TOKEN,
    "SECOND_FACTOR_FOR_ADMINISTRATORS": "false",
    "SIGN_IN_DOMAINS": "example.org",
    "SIGN_IN_GOOGLE": "id secret",
    "SIGN_IN_CLEVER": "id secret",
    "SIGN_IN_MICROSOFT": "id secret 11111111-2222-3333-4444-555555555555",
    "SIGN_IN_OIDC": "id secret https://issuer.example.org Our button",
    "WEB_PROCESSES": "2",
}
ARE_THEN = {
    "SECRET_KEY": GIVEN["SECRET_KEY"],
    "ALLOWED_HOSTS": [HOST, f"www.{HOST}"],
    "CSRF_TRUSTED_ORIGINS": [f"https://{HOST}"],
    "DATABASES.default.PASSWORD": "a/word",
    "DATABASES.default.HOST": "postgres",
    "REDIS_URL": "redis://redis:6379/0",
    "EMAIL_HOST": "mail.example.org",
    "EMAIL_HOST_PASSWORD": "pass",
    "EMAIL_USE_TLS": True,
    "DEFAULT_FROM_EMAIL": "school@example.org",
    "SITE_URL": f"https://{HOST}",
    "TIME_ZONE": "America/Denver",
    "LANGUAGE_CODE": "es",
    "UPLOAD_MAX_BYTES": 3 * 1024 * 1024,
    "UPLOAD_MAX_ROWS": 2000,
    "UPLOAD_MAX_SECONDS": 7,
    "UPLOAD_MAX_MEMORY": 300 * 1024 * 1024,
    "BODY_SECONDS": 11,
    "PAGE_LOCK_SECONDS": 2,
    "PAGE_QUERY_SECONDS": 9,
    "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"],
    "ALLAUTH_TRUSTED_PROXY_COUNT": 2,
    "LOGGING.loggers.collab.level": "WARNING",
    "ADMIN_EMAIL": "ops@example.org",
    "READY_TOKEN": TOKEN,
    "SECOND_FACTOR_FOR_ADMINISTRATORS": False,
    "ENV.sign_in_domains": ["example.org"],
    "ENV.log_format": "json",
    "ENV.production": True,
    "DEBUG": False,
    "DEMO": False,
}
TELL = """
import functools, json, sys
import django; django.setup()
from django.conf import settings
def value(path):
    step = lambda at, name: at[name] if isinstance(at, dict) else getattr(at, name)
    return functools.reduce(step, path.split("."), settings)
told = {path: value(path) for path in json.loads(sys.argv[1])}
print(json.dumps([told, [one["id"] for one in settings.SIGN_IN_PROVIDERS]]))
"""


@pytest.mark.parametrize("service", ["migrate", "web", "worker", "beat"])
def test_every_setting_that_an_operator_chooses_reaches_each_service(tmp_path, service):
    needed = {name for name, value in COMPOSE["services"][service]["environment"].items() if value is None}
    assert needed <= CHOSEN.keys()
    done = run(
        [f"{ROOT}/.venv/bin/python", "-c", TELL, json.dumps([*ARE_THEN])],
        environment_of(service, tmp_path, CHOSEN, elsewhere=["DATA_DIR", "HOST"])
        | {"DJANGO_SETTINGS_MODULE": SETTINGS},
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [ARE_THEN, ["google", "microsoft", "clever", "oidc"]]


def in_development(folder):
    """A developer's environment, with an empty database."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {"DATA_DIR": str(folder / "data")}


def test_an_empty_database_does_not_start_in_development_and_says_what_to_do(tmp_path):
    done = run(["./dev", "web", "--port", str(free_port())], in_development(tmp_path), timeout=PATIENCE)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (2, "Run ./dev migrate, then start again.")


@pytest.mark.parametrize(
    "command",
    [
        ["add_school", "Adams", "--admin", "ada@adams.test"],
        ["end_access", "ada@adams.test"],
        ["reset_second_factor", "ada@adams.test"],
        ["load_file", "scores.csv", "--school", "Adams", "--as", "ada@adams.test"],
        ["erase_student", "1", "--school", "Adams", "--as", "ada@adams.test", "--name", "Maya Okafor"],
    ],
)
def test_a_command_on_an_empty_database_says_what_to_run_first(tmp_path, command):
    done = run([f"{ROOT}/.venv/bin/python", "manage.py", *command], in_development(tmp_path))
    assert (done.returncode, done.stderr) == (
        1,
        "CommandError: The database is not that of this version. Run ./dev migrate first.\n",
    )
