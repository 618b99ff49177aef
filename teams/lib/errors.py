"""Errors with a message for the user."""


class DomainError(Exception):
    """A rule of the domain was broken; ``str(error)`` is a translated sentence for the user."""


class StaleEdit(DomainError):
    """Another user saved first; ``current`` is the text stored now, so that both versions can be shown."""

    def __init__(self, message: str, *, current: str) -> None:
        super().__init__(message)
        self.current = current
