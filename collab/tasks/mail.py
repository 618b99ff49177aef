"""Letters that go out by themselves."""

from celery import shared_task

from collab.services import digests, invitations
from teams.jobs.services.batches import in_turn


@shared_task(name="collab.send_letters")
def send_letters() -> None:
    """Invitations of the next two weeks, agendas a day before, digests in the morning; each once."""
    in_turn(
        "collab.send_letters",
        invitations.invite_coming,
        invitations.publish_agendas,
        digests.send_digests,
    )
