"""A browser's or an app's request to a hosted UI, and the answers that go back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

import orjson

from habitr_emulator.services.cognito_idp import domains, pools
from habitr_emulator.services.cognito_idp.errors import ResourceNotFoundException
from habitr_emulator.services.cognito_idp.hosted_ui.refusals import ErrorPage
from habitr_emulator.services.cognito_idp.pools import Client, Pool
from habitr_emulator.services.context import Context
from habitr_emulator.wire.answers import media_type
from habitr_emulator.wire.hosts import meaning_of
from habitr_emulator.wire.http import Request, Response

BY_PATH = "/_habitr/hosted/"
_LARGEST_FORM = 64 * 1024
_MOST_FIELDS = 100
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Visit:
    """One request. ``prefix`` is what stands before ``path`` (``/oauth2/token``) in the address; ``pool`` is the
    domain's, None where the app client says which pool is meant.
    """

    ctx: Context
    request: Request
    prefix: str
    path: str
    pool: Pool | None
    query: Mapping[str, str]
    form: dict[str, str]

    def cookie(self, name: str) -> str:
        """A cookie of the browser; of two the one with the longer path, which comes first. "" if none."""
        for piece in self.request.headers.get("cookie").split(";"):
            key, _, value = piece.strip().partition("=")
            if key == name:
                return value
        return ""

    def set_cookie(self, name: str, value: str, seconds: int | None = None) -> dict[str, str]:
        """The header that sets a cookie; without ``seconds`` it lasts as long as the browser, 0 removes it."""
        age = "" if seconds is None else f"; Max-Age={seconds}"
        secure = "; Secure" if self.request.scheme == "https" else ""
        text = f"{name}={value}; Path={self.prefix or '/'}{age}; HttpOnly; SameSite=Lax{secure}"
        return {"set-cookie": text}

    def link(self, path: str, parameters: Mapping[str, str] | None = None) -> str:
        """An address of this hosted UI, without scheme and host."""
        return self.prefix + path + (f"?{urlencode(parameters)}" if parameters else "")

    def absolute(self, path: str) -> str:
        """An address of this hosted UI as the browser sees it."""
        return f"{self.request.scheme}://{self.request.host}{self.prefix}{path}"

    def app(self, client_id: str) -> tuple[Pool, Client]:
        """The pool and the client of a client id, which must be the domain's; raises ErrorPage."""
        try:
            pool, client = pools.of_client(self.ctx, client_id)
        except ResourceNotFoundException as error:
            raise ErrorPage("invalid_client", client_id, why=error.message) from error
        if self.pool is not None and self.pool.id != pool.id:
            why = f"the client {client_id} belongs to the pool {pool.id}, the domain to {self.pool.id}"
            raise ErrorPage("invalid_client", client_id, why=why)
        return pool, client


def of_request(request: Request, ctx: Context) -> Visit:
    """The visit that a request is; raises ErrorPage for an unknown domain."""
    domain, prefix, path = _place(request)
    pool = domains.pool_of(ctx.store, domain) or pools.find(ctx.store, domain) if domain else None
    if domain and pool is None:
        raise ErrorPage("unknown_domain", why=f"no user pool has the domain {domain}")
    form = _first(parse_qsl(_form_text(request), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    return Visit(ctx, request, prefix, path, pool, _first(request.query()), form)


def redirect(address: str, headers: Mapping[str, str] | None = None) -> Response:
    """Send the browser elsewhere, with GET."""
    return Response(302, {"location": address, "cache-control": "no-store", **(headers or {})})


def json(document: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer, not to be kept, that pages of any origin may read."""
    fixed = {
        "content-type": "application/json;charset=UTF-8",
        "cache-control": "no-cache, no-store, max-age=0, must-revalidate",
        "pragma": "no-cache",
        "access-control-allow-origin": "*",
    }
    return Response(status, {**fixed, **(headers or {})}, orjson.dumps(document))


def _place(request: Request) -> tuple[str, str, str]:
    """Domain ("" without one), prefix and path of a request."""
    if request.raw_path.startswith(BY_PATH):
        domain, _, rest = request.raw_path.removeprefix(BY_PATH).partition("/")
        return unquote(domain), f"{BY_PATH}{domain}", f"/{rest}"
    meaning = meaning_of(request.host)
    return meaning.part if meaning.name == "cognito_idp.hosted_ui" else "", "", request.raw_path


def _form_text(request: Request) -> str:
    fits = media_type(request.headers) == _FORM and len(request.body) <= _LARGEST_FORM
    return request.body.decode("utf-8", "replace") if fits else ""


def _first(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Of a parameter that comes twice, the first."""
    return dict(reversed(pairs))
