"""New passwords: long, not leaked, not repeated."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

GOOD = "a heron stands on one leg"


def refusals(password, user=None):
    """The codes of the rules that refuse ``password``."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [one.code for one in error.error_list]
    return []


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "qwertyuiop12",
        "aaaaaaaaaaaa",
        "abcabcabcabcabc",
        "P@ssw0rd2026",
        "1qaz2wsx3edc",
        "iloveyou1234",
    ],
)
def test_passwords_near_leaked_ones_repetitions_and_rows_of_keys_are_refused(password):
    assert "guessable" in refusals(password)


def test_eleven_characters_are_too_few():
    assert (refusals("xk7-Qw9-mpZ"), refusals("xk7-Qw9-mpZd")) == (["password_too_short"], [])


def test_a_password_of_the_users_name_school_and_product_is_refused(cast):
    assert refusals("anaruizlincolntest", cast.ana) == ["password_too_similar"]
    assert refusals("collabcollab", cast.ana) == ["guessable"]


def test_a_very_long_password_is_accepted():
    assert refusals(GOOD * 20) == []


def test_the_current_password_is_refused_as_a_new_one(cast, as_user):
    cast.ana.set_password(GOOD)
    cast.ana.save()
    data = {"oldpassword": GOOD, "password1": GOOD, "password2": GOOD}
    page = as_user(cast.ana).post("/accounts/password/change/", data)
    assert page.context["form"].errors == {"password1": ["This is the password you already have."]}


def test_a_leaked_password_is_refused_on_the_page(cast, as_user):
    cast.ana.set_password(GOOD)
    cast.ana.save()
    data = {"oldpassword": GOOD, "password1": "qwertyuiop12", "password2": "qwertyuiop12"}
    page = as_user(cast.ana).post("/accounts/password/change/", data)
    assert "too easy to guess" in str(page.context["form"].errors["password1"])
    cast.ana.refresh_from_db()
    assert cast.ana.check_password(GOOD)
