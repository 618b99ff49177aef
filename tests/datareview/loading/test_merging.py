"""What goes in comes out: files in any order of rows and columns, any encoding and with any delimiter, one after another."""

import csv
import datetime as dt
import io

from django.db import transaction

from datareview.imports.services.files import start_undo
from datareview.loading.services.undoing import undo_job
from datareview.records.models import Measure, Score
from teams.jobs.models import Job
from tests.factories.imports import Quiet, load
from tests.properties import given, settings, st

FEWER = 6  # examples: each loads two files
ROWS = st.dictionaries(
    st.tuples(st.sampled_from(["1001", "1002"]), st.integers(0, 40)),
    st.integers(0, 300),
    min_size=1,
    max_size=8,
)
SHAPES = st.tuples(
    st.permutations(["student_id", "date", "score", "remark"]),
    st.randoms(use_true_random=False),
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.sampled_from(["%Y-%m-%d", "%d %B %Y", "%Y%m%d"]),
)


def written(cast, rows, shape):
    """The scores as a file of the shape: order of columns, of rows, delimiter, encoding, form of dates."""
    names, order, mark, encoding, form = shape
    today = cast.school.today()
    lines = [
        {
            "student_id": number,
            "date": (today - dt.timedelta(days=ago)).strftime(form),
            "score": str(value),
            "remark": f"señal {mark} «{value}»",
        }
        for (number, ago), value in rows.items()
    ]
    order.shuffle(lines)
    text = io.StringIO()
    writer = csv.DictWriter(text, names, delimiter=mark)
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue().encode(encoding)


def stored(cast):
    today = cast.school.today()
    rows = Score.objects.filter(measure__name="Merged").values_list("student__local_id", "taken_on", "value")
    return {(number, (today - day).days): value for number, day, value in rows}


def test_scores_come_out_as_they_went_in_a_later_file_wins_and_undoing_it_brings_back_the_first(cast):
    Measure.objects.create(school=cast.school, key="merged", name="Merged", scale_min=0, scale_max=300)

    @given(ROWS, ROWS, SHAPES, SHAPES)
    @settings(max_examples=FEWER)
    def merged(first, second, shape, other):
        with transaction.atomic():
            columns = {"student": "student_id", "day": "date", "value": "score"}
            mapping = {"columns": columns, "options": {"measure_name": "Merged"}}
            load(cast, written(cast, first, shape), kind="scores", mapping=mapping)
            assert stored(cast) == first
            row = load(cast, written(cast, second, other), kind="scores", mapping=mapping, confirm=True)
            assert stored(cast) == first | second
            if row.state == "applied":
                start_undo(row, actor=cast.ada)
                undo_job(Job(payload={"import": row.pk}), Quiet())
            assert stored(cast) == first
            transaction.set_rollback(True)

    merged()
