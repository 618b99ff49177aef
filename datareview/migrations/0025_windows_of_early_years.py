import datetime as dt

from django.db import migrations


def old_dates(first):
    """The dates that migration 0017 stored for the year from July of ``first``."""
    march = dt.date(first + 1, 3, 1)
    return [
        ("fall", dt.date(first, 7, 1), dt.date(first, 10, 31)),
        ("winter", dt.date(first, 11, 1), march - dt.timedelta(days=1)),
        ("spring", march, dt.date(first + 1, 6, 30)),
    ]


def move_to_their_year(apps, schema_editor):
    """Move windows that migration 0017 stored a year early, because the school year starts before July.

    Windows that a school has set itself since are left alone.
    """
    window = apps.get_model("datareview", "BenchmarkWindow")
    for year in apps.get_model("teams", "SchoolYear").objects.filter(starts_on__month__lt=7).order_by("pk"):
        middle = year.starts_on + (year.ends_on - year.starts_on) / 2
        first = middle.year if middle.month >= 7 else middle.year - 1
        stored_first = year.starts_on.year - 1
        rows = list(window.objects.filter(year=year).order_by("starts_on"))
        stored = [(row.key, row.starts_on, row.ends_on) for row in rows]
        if first == stored_first or stored != old_dates(stored_first):
            continue
        for row, (_key, starts_on, ends_on) in zip(rows, old_dates(first), strict=True):
            row.starts_on, row.ends_on = starts_on, ends_on
        window.objects.bulk_update(rows, ["starts_on", "ends_on"])


class Migration(migrations.Migration):
    dependencies = [("datareview", "0024_student_merges")]

    operations = [migrations.RunPython(move_to_their_year, migrations.RunPython.noop)]
