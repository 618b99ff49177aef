"""Imports the tasks of every area, which registers them with the worker."""

from teams.documents import tasks as documents
from teams.jobs import tasks as jobs
from teams.mail import tasks as mail
from teams.operation import tasks as operation
from teams.people import tasks as people
from teams.role_plans import tasks as role_plans
from teams.staff_files import tasks as staff_files
from teams.timetable import tasks as timetable

__all__ = ["documents", "jobs", "mail", "operation", "people", "role_plans", "staff_files", "timetable"]
