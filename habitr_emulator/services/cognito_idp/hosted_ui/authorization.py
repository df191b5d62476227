"""What an app asks for when it sends a browser to the hosted UI; it travels in the query from page to page.

https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from habitr_emulator.services.cognito_idp import identity_providers
from habitr_emulator.services.cognito_idp.hosted_ui.refusals import BackToApp, ErrorPage
from habitr_emulator.services.cognito_idp.hosted_ui.visit import Visit
from habitr_emulator.services.cognito_idp.identity_providers import Provider
from habitr_emulator.services.cognito_idp.pools import Client, Pool

#: What the pages pass on to each other.
PARAMETERS = (
    "client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "code_challenge",
    "code_challenge_method", "resource", "login_hint", "lang", "prompt", "identity_provider", "idp_identifier",
)  # fmt: skip
_FLOWS = {"code": "code", "token": "implicit"}
_CHALLENGE = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_NEED_OPENID = {"email", "phone", "profile"}


@dataclass(frozen=True, slots=True)
class Authorization:
    """A request for a code or tokens that may be granted: ``parameters`` as sent, ``scopes`` blank-separated."""

    pool: Pool
    client: Client
    redirect_uri: str
    parameters: Mapping[str, str]
    scopes: str

    @property
    def implicit(self) -> bool:
        """Whether the tokens themselves go back, in the fragment."""
        return self.parameters["response_type"] == "token"

    def back(self, answer: Mapping[str, str]) -> str:
        """The app's address with an answer, and the state that it sent."""
        return _address(self.redirect_uri, self.parameters, answer)

    def refuse(self, error: str, description: str = "", *, why: str = "") -> BackToApp:
        """The refusal that sends the browser back with an error."""
        return _refusal(self.redirect_uri, self.parameters, (error, description), why)

    @property
    def names(self) -> tuple[str, ...]:
        """The providers that the client supports, ``COGNITO`` for the pool itself."""
        return tuple(self.client.settings.get("SupportedIdentityProviders") or ())

    def providers(self) -> list[Provider]:
        """The external providers that the client supports and the pool has."""
        return [p for p in identity_providers.listed(self.pool) if p.name in self.names]


def read(visit: Visit, parameters: Mapping[str, str] | None = None) -> Authorization:
    """The authorization of a visit's query, or of ``parameters`` kept earlier.

    Raises ErrorPage if it names no registered address of a client, BackToApp for everything else that is wrong.
    """
    given = visit.query if parameters is None else parameters
    sent = {name: given[name] for name in PARAMETERS if name in given}
    pool, client = visit.app(sent.get("client_id", ""))
    address = sent.get("redirect_uri", "")
    if address not in (client.settings.get("CallbackURLs") or ()):
        why = (
            f"redirect_uri must be, letter by letter, one of the client's CallbackURLs: {address or 'none given'}"
        )
        raise ErrorPage("redirect_mismatch", client.id, why=why)
    problem = _problem(client, sent)
    if problem is not None:
        raise _refusal(address, sent, problem[:2], problem[2])
    scopes = sent.get("scope", "").split() or list(client.settings.get("AllowedOAuthScopes") or ())
    return Authorization(pool, client, address, sent, " ".join(dict.fromkeys(scopes)))


def _problem(client: Client, sent: Mapping[str, str]) -> tuple[str, str, str] | None:
    """``error``, ``error_description`` and why; None if all is well."""
    kind = sent.get("response_type", "")
    if kind not in _FLOWS:
        return "invalid_request", "", f"response_type must be code or token: {kind or 'missing'}"
    flows = client.settings.get("AllowedOAuthFlows") or ()
    if not client.settings.get("AllowedOAuthFlowsUserPoolClient") or _FLOWS[kind] not in flows:
        return "unauthorized_client", "", f"the client's AllowedOAuthFlows lack {_FLOWS[kind]}"
    asked = set(sent.get("scope", "").split())
    wrong = asked - set(client.settings.get("AllowedOAuthScopes") or ())
    if wrong:
        # AWS documents error=invalid_scope, and is seen to answer this.
        return (
            "invalid_request",
            "invalid_scope",
            f"the client's AllowedOAuthScopes lack {' '.join(sorted(wrong))}",
        )
    if asked & _NEED_OPENID and "openid" not in asked:
        return "invalid_request", "invalid_scope", "email, phone and profile need the scope openid"
    return _pkce_problem(sent)


def _pkce_problem(sent: Mapping[str, str]) -> tuple[str, str, str] | None:
    challenge, method = sent.get("code_challenge", ""), sent.get("code_challenge_method", "")
    if not challenge and not method:
        return None
    if method != "S256":
        return (
            "invalid_request",
            "code challenge method must be S256",
            f"code_challenge_method: {method or 'missing'}",
        )
    if not _CHALLENGE.fullmatch(challenge):
        return (
            "invalid_request",
            "invalid code_challenge",
            "code_challenge must be 43 to 128 unreserved characters",
        )
    return None


def _refusal(address: str, sent: Mapping[str, str], said: tuple[str, str], why: str) -> BackToApp:
    error, description = said
    answer = {**({"error_description": description} if description else {}), "error": error}
    return BackToApp(_address(address, sent, answer), error, why or description)


def _address(address: str, sent: Mapping[str, str], answer: Mapping[str, str]) -> str:
    state = {"state": sent["state"]} if "state" in sent else {}
    text = urlencode({**answer, **state})
    if sent.get("response_type") == "token":
        return f"{address}#{text}"
    return f"{address}{'&' if '?' in address else '?'}{text}"
