"""A refused change returns in the form it was typed in."""

import datetime as dt
import re

from django.urls import reverse

from teams.directory.models import SchoolYear, Term


def test_a_refused_change_of_a_year_returns_in_the_form_of_that_year(cast, as_user):
    year = cast.school.years.get()
    later = {"starts_on": dt.date(2040, 9, 1), "ends_on": dt.date(2041, 6, 1)}
    other = SchoolYear.objects.create(school=cast.school, name="Later", **later)
    address = reverse("teams:year-change", args=[other.uuid])
    typed = {"name": "Last", "starts_on": "2040-09-01", "ends_on": "2040-08-31"}
    answer = as_user(cast.ada).post(address, typed)
    page = answer.content.decode()
    forms = re.findall(r'<form[^>]*action="([^"]*years?/[^"]*)"[^>]*>(.*?)</form>', page, re.DOTALL)
    names = {
        action: re.findall(r'name="name"(?: value="([^"]*)")?', form)
        for action, form in forms
        if 'name="name"' in form and "term" not in action
    }
    assert answer.status_code == 422
    assert names == {
        reverse("teams:year-change", args=[year.uuid]): [year.name],
        address: ["Last"],
        reverse("teams:year-add"): [""],
    }
    assert page.count("The last day is before the first.") == 1
    assert page.count("<details open>") == 1


def test_a_term_is_changed_and_a_refused_change_returns_in_its_form(cast, as_user):
    year = cast.school.years.get()
    year.terms.all().delete()
    term = Term.objects.create(
        year=year, name="Fall", starts_on=year.starts_on, ends_on=year.starts_on + dt.timedelta(days=40)
    )
    address = reverse("teams:term-change", args=[term.uuid])
    last = year.starts_on + dt.timedelta(days=50)
    typed = {"name": "Autumn", "starts_on": year.starts_on.isoformat(), "ends_on": last.isoformat()}
    ada = as_user(cast.ada)
    outside = {**typed, "ends_on": (year.ends_on + dt.timedelta(days=1)).isoformat()}
    answer = ada.post(address, outside)
    page = answer.content.decode()
    assert (answer.status_code, page.count("These days are outside"), page.count("<details open>")) == (
        422,
        1,
        1,
    )
    assert 'name="name" value="Autumn"' in page
    assert ada.post(address, typed).status_code == 302
    term.refresh_from_db()
    assert (term.name, term.ends_on) == ("Autumn", last)
