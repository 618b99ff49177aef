"""Days of attendance."""

import datetime as dt

from datareview.records.models import AttendanceDay


def absent(student, days, marks):
    today = student.school.today()
    AttendanceDay.objects.bulk_create(
        AttendanceDay(
            student=student,
            day=today - dt.timedelta(days=back),
            mark="excused" if back in marks else "present",
        )
        for back in range(days)
    )
