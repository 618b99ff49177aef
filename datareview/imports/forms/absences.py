"""What the form of a file asks about periods of attendance, and about days that the file leaves out."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _

from datareview.cell_words.marks import DAY_RULES
from teams.lib.inputs import DayField


def absence_fields() -> dict[str, forms.Field]:
    """The fields that say how periods make a day, and whether days without a row are days present, of whom, and which."""
    return {
        "day_rule": forms.ChoiceField(
            label=_("The day’s mark, if each row is a period"),
            required=False,
            choices=[("", "—"), *DAY_RULES.items()],
            help_text=_("An absence is excused if all its periods are."),
        ),
        "periods": forms.IntegerField(
            label=_("Periods of a school day"),
            required=False,
            min_value=1,
            max_value=20,
            help_text=_("Needed if the file has only the periods in which students were absent."),
        ),
        "absences": forms.ChoiceField(
            label=_("Days without a row"),
            required=False,
            choices=[
                ("", "—"),
                ("school", _("All students enrolled were present: the file has only absences")),
                ("named", _("The students in the file were present: it has only their absences")),
                ("all", _("None are left out: every school day of the students in the file has a row")),
            ],
            help_text=_(
                "Many systems export absences only. The days present are then computed from the school’s calendar, "
                "and what is stored already stays. So are days whose row has no mark, if most rows have none."
            ),
        ),
        "covers_from": DayField(
            label=_("The file has all absences from"),
            required=False,
            help_text=_("Otherwise from the first date in the file."),
        ),
        "covers_until": DayField(
            label=_("until"), required=False, help_text=_("Otherwise until the last date in the file.")
        ),
    }
