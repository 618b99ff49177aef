"""Watch a school's folder or not; make and revoke tokens to upload files with."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import transaction

from datareview.inbox.models import Inbox, UploadToken
from datareview.inbox.queries import digest_of
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.lib import clock
from teams.logs.security import log_security_event

if TYPE_CHECKING:
    from teams.directory.models import School, User


@transaction.atomic
def watch_folder(school: School, *, actor: User, is_watched: bool) -> Inbox:
    """Load the files of the school's folder from now on in the name of the actor, or no longer."""
    require_ability(actor, "import_data", school)
    watched_by = actor if is_watched else None
    inbox, _is_new = Inbox.objects.update_or_create(school=school, defaults={"watched_by": watched_by})
    verb = "inbox-watched" if is_watched else "inbox-left"
    record_event(actor, verb, school, school=school)
    log_security_event("inbox watched" if is_watched else "inbox no longer watched", school=school.pk)
    return inbox


@transaction.atomic
def make_token(school: School, *, actor: User, name: str) -> str:
    """Make a token with which a program uploads files in the name of the actor. Returns it; it is stored nowhere."""
    require_ability(actor, "import_data", school)
    text = f"collab_{secrets.token_urlsafe(32)}"
    token = UploadToken.objects.create(school=school, name=name, digest=digest_of(text), made_by=actor)
    record_event(actor, "token-made", token, school=school)
    log_security_event("upload token made", school=school.pk, token=str(token.uuid))
    return text


@transaction.atomic
def revoke_token(token: UploadToken, *, actor: User) -> None:
    """Revoke a token: nothing can be uploaded with it any more."""
    token = UploadToken.objects.select_for_update(of=("self",), no_key=True).get(pk=token.pk)
    require_ability(actor, "import_data", token.school)
    if token.revoked_at:
        return
    token.revoked_at = clock.now()
    token.save(update_fields=["revoked_at"])
    record_event(actor, "token-revoked", token, school=token.school)
    log_security_event("upload token revoked", school=token.school_id, token=str(token.uuid))


def note_use(token: UploadToken) -> None:
    """Note that a file came with a token."""
    UploadToken.objects.filter(pk=token.pk).update(used_at=clock.now())
    log_security_event("upload token used", school=token.school_id, token=str(token.uuid))
