"""The debug toolbar, whose panels show queries and templates with children's names in them."""

import runpy
import sys

import pytest
from django.conf import settings

OWN_SECRET = "2vYw8-Qm4Zr_0nXcT7bLk9Jd5HsGf3PaUeRi6OyWq1VtBxEz" + "NhMj"


@pytest.mark.parametrize(
    ("environment", "shown"),
    [
        ({"DEBUG": "true"}, True),
        ({"DEBUG": "false"}, False),
        ({"DEBUG": "true", "DEMO": "true"}, False),
        (
            {
                "ENVIRONMENT": "production",
                "EMAIL_URL": "dummy:",
                "SITE_URL": "https://collab.example.org",
                "DEBUG": "false",
                "SECRET_KEY": OWN_SECRET,
                "ALLOWED_HOSTS": "a.org",
            },
            False,
        ),
    ],
)
def test_it_is_there_in_development_only(monkeypatch, tmp_path, environment, shown):
    for name, value in {"DATA_DIR": str(tmp_path), **environment}.items():
        monkeypatch.setenv(name, value)
    values = runpy.run_path(sys.modules[settings.SETTINGS_MODULE].__file__)
    assert ("debug_toolbar" in values["INSTALLED_APPS"]) is shown
    assert any(name.startswith("debug_toolbar") for name in values["MIDDLEWARE"]) is shown


def test_it_is_not_in_tests():
    assert "debug_toolbar" not in settings.INSTALLED_APPS
