"""Ending or removing who teaches, attends or belongs asks once."""

import re

import pytest
from django.urls import reverse

from datareview.records.models import Subgroup


@pytest.mark.parametrize(
    ("page", "form"),
    [
        ("section", "teachers/"),
        ("section", "enrollments/"),
        ("student", "memberships/"),
    ],
)
def test_a_row_ends_or_is_removed_only_behind_a_question(cast, as_user, page, form):
    """The first click opens a question; both buttons are inside it."""
    Subgroup.objects.create(student=cast.maya, category="Program", group="Gifted")
    addresses = {
        "section": reverse("datareview:section-detail", args=[cast.section.uuid]),
        "student": reverse("datareview:student-edit", args=[cast.maya.uuid]),
    }
    html = as_user(cast.ada).get(addresses[page]).content.decode()
    forms = re.findall(rf'<form[^>]*action="[^"]*{form}\d+/[^"]*"', html)
    asked = re.findall(
        rf'<details>\s*<summary[^>]*>[^<]*</summary>\s*<form[^>]*action="[^"]*{form}\d+/[^"]*"', html
    )
    assert len(forms) == len(asked) > 0
