import pytest

from teams.lib.site import site_host


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1"),
        ("https://collab.school.org", "collab.school.org"),
        ("https://Collab.school.org:8443", "Collab.school.org"),
    ],
)
def test_the_host_is_without_scheme_and_port(settings, address, host):
    settings.SITE_URL = address

    assert site_host() == host
