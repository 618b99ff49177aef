"""The providers at which people sign in besides a password, from the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collab.config.environment import Environment

MICROSOFT = "https://login.microsoftonline.com"


def providers_of(env: Environment) -> list[dict[str, Any]]:
    """Providers that are set up, in the order of their buttons. All speak OpenID Connect.

    ``domains`` are those of addresses that count as verified. Google and other issuers say themselves whether an address
    is (``email_verified``). Microsoft and Clever don't: an address counts if its domain is one of the school's own.
    """
    found = []
    if env.sign_in_google:
        found.append(_provider("google", "Google", env.sign_in_google, "https://accounts.google.com"))
    if env.sign_in_microsoft:
        *client, tenant = env.sign_in_microsoft
        issuer = f"{MICROSOFT}/{tenant}/v2.0"
        found.append(_provider("microsoft", "Microsoft", client, issuer, env.sign_in_domains))
    if env.sign_in_clever:
        found.append(
            _provider("clever", "Clever", env.sign_in_clever, "https://clever.com", env.sign_in_domains)
        )
    if env.sign_in_oidc:
        *client, issuer, name = env.sign_in_oidc
        found.append(_provider("oidc", name, client, issuer))
    return found


def _provider(
    key: str, name: str, client: list[str], issuer: str, domains: list[str] | None = None
) -> dict[str, Any]:
    client_id, secret = client
    return {
        "id": key,
        "name": name,
        "client_id": client_id,
        "secret": secret,
        "issuer": issuer.rstrip("/"),
        "domains": domains or [],
    }
