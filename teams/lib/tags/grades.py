"""Template filter for grades."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def grade(number: int | None) -> str:
    """Grade 4, Kindergarten, Pre-K; "" if the grade is unknown."""
    if number is None:
        return ""
    if number < 0:
        return _("Pre-K")
    return _("Kindergarten") if number == 0 else _("Grade %(number)s") % {"number": number}
