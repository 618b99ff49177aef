from django.db import migrations

DERIVED = {
    "attendance": {"name": "Attendance", "domain": "attendance", "unit": "% of days present"},
    "incidents": {
        "name": "Incidents",
        "domain": "behavior",
        "unit": "incidents a week",
        "scale_max": 20,
        "higher_is_better": False,
    },
}


def add_derived_measures(apps, schema_editor):
    """Every school has the measures that are computed from attendance and incidents."""
    measures = apps.get_model("datareview", "Measure").objects
    for school in apps.get_model("teams", "School").objects.order_by("pk"):
        own = measures.filter(school=school)
        for source, fields in DERIVED.items():
            if own.filter(derived_from=source).exists():
                continue
            key = f"daily-{source}" if own.filter(key=source).exists() else source
            measures.create(school=school, key=key, derived_from=source, **fields)


class Migration(migrations.Migration):
    dependencies = [("datareview", "0020_measure_descriptions")]

    operations = [migrations.RunPython(add_derived_measures, migrations.RunPython.noop)]
