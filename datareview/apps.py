"""The datareview app."""

from django.apps import AppConfig


class DataReviewConfig(AppConfig):
    """Configures the app and registers its tasks with the worker, and the work that people who leave hand over."""

    name = "datareview"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the tasks, which registers them with the worker; register work to hand over, and how names are hidden."""
        from datareview import tasks  # noqa: F401 (registers)
        from datareview.case_leads.handover import Cases
        from datareview.delivery.handover import Plans
        from datareview.privacy.queries import aliases_of, students_named_in
        from teams.documents.makers import Protection, register_protection
        from teams.lib.panels import register_panel
        from teams.people.queries.handover import register_work

        for slot, panel in (
            ("plan", "check_in_cards.views.card_panel"),
            ("plan", "family_steps.views.family_panel"),
            ("plan", "plan_notes.views.notes_panel"),
            ("plan", "remeasuring.views.measures_panel"),
            ("plan_review", "remeasuring.views.measures_review_panel"),
        ):
            register_panel(slot, f"datareview.{panel}")
        register_work(Plans())
        register_work(Cases())
        register_panel("student_surveys", "datareview.survey_answers.views.panels.student_panel")
        register_protection(Protection(aliases_of, students_named_in))
