"""The task that does planned changes of role on their day."""

from celery import shared_task

from teams.role_plans import services


@shared_task(name="teams.do_planned_roles")
def do_planned_roles() -> None:
    """Do the planned changes of role whose day has come."""
    services.do_planned_roles()
