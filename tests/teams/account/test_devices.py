"""The list of devices, and signing out elsewhere."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from collab.room.queries.listeners import Listener, still_in
from teams.account.tags import device

PASSWORD = "a heron stands on one leg"
DEVICES = "/accounts/sessions/"
AGENTS = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0": "Firefox on Windows",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36"
    " Edg/142.0": "Edge on Windows",
    "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36": "Chrome on ChromeOS",
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36": "Chrome on Android",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit Version/18.0 Safari/604.1": "Safari on iPhone",
    "curl/8.5": "A device that doesn’t say what it is",
}
FIREFOX, *_rest, PHONE, _CURL = AGENTS


@pytest.fixture
def ana(cast):
    """Ana, who has a password."""
    cast.ana.set_password(PASSWORD)
    cast.ana.save()
    return cast.ana


def signed_in(user, agent):
    client = Client(headers={"User-Agent": agent})
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def test_only_a_users_own_devices_are_listed(ana, cast):
    cast.tom.set_password(PASSWORD)
    cast.tom.save()
    signed_in(cast.tom, "Opera of Tom")
    signed_in(ana, PHONE)
    page = signed_in(ana, FIREFOX).get(DEVICES)
    listed = re.findall(r"<b>(.+?)</b>", page.content.decode().split("<h1>")[1])
    assert listed == ["Safari on iPhone", 'Firefox on Windows <span class="tag tag-done">This one</span>']


def test_signing_out_elsewhere_ends_other_sessions_and_streams_and_stays_here(ana, cast):
    phone, here = signed_in(ana, PHONE), signed_in(ana, FIREFOX)
    listener = Listener.of(phone.session)
    assert still_in({cast.meeting.pk: [listener]}) == {cast.meeting.pk: {listener}}
    here.post(DEVICES)
    assert (phone.get("/").status_code, here.get("/").status_code) == (302, 200)
    assert still_in({cast.meeting.pk: [listener]}) == {cast.meeting.pk: set()}
    assert Session.objects.count() == 1


def test_the_one_click_of_a_demo_is_listed_too(cast, client, settings):
    settings.DEMO = True
    cast.ana.email = "teacher@demo.test"
    cast.ana.save()
    client.post("/demo/sign-in/teacher/")
    assert len(client.get(DEVICES).context["sessions"]) == 1


def test_a_sign_in_has_the_products_time(ana):
    client = signed_in(ana, FIREFOX)
    assert "since today, " in client.get(DEVICES).content.decode()


@pytest.mark.parametrize(("agent", "name"), AGENTS.items())
def test_a_device_is_named_by_browser_and_system(agent, name):
    assert device(agent) == name
