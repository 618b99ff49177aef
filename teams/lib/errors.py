"""The one error that carries a sentence for the person who caused it."""


class DomainError(Exception):
    """A rule of the domain was broken; ``str(error)`` is a translated sentence a user can read."""


class StaleEdit(DomainError):
    """Somebody else saved first; carries the text that is stored now, so that both can be shown."""

    def __init__(self, message: str, *, current: str) -> None:
        super().__init__(message)
        self.current = current
