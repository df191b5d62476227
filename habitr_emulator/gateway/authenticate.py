"""Who is asking: the header or query string of a request, proved, as a ``Caller``.

The arithmetic of signatures is ``wire.sigv4``, keys and sessions are ``iam.credentials``, tokens are
``cognito_idp.tokens``. What a caller may do is decided later; here only who it is.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from habitr_emulator.gateway.pages import of_this_machine
from habitr_emulator.services.cognito_idp.tokens import InvalidToken, verify_token
from habitr_emulator.services.context import ANONYMOUS, Account, Caller
from habitr_emulator.services.iam.credentials import CredentialRefusal, Resolved, resolve
from habitr_emulator.wire.http import Headers, Request
from habitr_emulator.wire.model import Service
from habitr_emulator.wire.refusals import Refusal
from habitr_emulator.wire.sigv4 import Signature, check, presented, presented_form, verify, verify_form

_WHY = {
    "unknown_key": "no administrator, user or session of this emulator has the access key {key}",
    "wrong_token": "the session token is not the one that was issued with the access key {key}",
    "expired_token": "the session of the access key {key} has expired by the emulator's clock",
}
#: The administrator key that is there without any setting.
WELL_KNOWN_KEY = "test"
_STRANGE = (
    "the administrator key {key} is known to everybody, so pages of other machines may not use it ({origin}); "
    "make a key of your own under administrator_keys in habitr.toml"
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Proof:
    """A caller, and of a signed one the signature and its key, by which S3's body chunks are judged."""

    caller: Caller
    signature: Signature | None = None
    key: bytes = b""


NOBODY = Proof(ANONYMOUS)


class Authenticator:
    """Proves callers for one account. ``lenient`` lets wrong signatures pass as the administrator, and logs."""

    def __init__(self, account: Account, *, lenient: bool = False) -> None:
        self._account = account
        self._lenient = lenient

    def signed(self, request: Request, service: Service) -> Proof:
        """The signer of a request to a service with a model; anonymous without a signature.

        Raises AwsError in the service's shape.
        """
        try:
            return self._signer(request, service.signing_name)
        except Refusal as refusal:
            return Proof(self._let_through(refusal, service.protocol, request))

    def form(self, request: Request, fields: Mapping[str, str]) -> Caller:
        """Who signed the policy of an S3 upload form; anonymous without a signature. Raises AwsError."""
        try:
            signature = presented_form(fields)
            if signature is None:
                return ANONYMOUS
            resolved = self._resolved(signature, request, "s3")
            verify_form(signature, fields.get("policy", ""), resolved.secret)
            self._refuse_strange_page(signature, request)
        except Refusal as refusal:
            return self._let_through(refusal, "rest-xml", request)
        return resolved.caller

    def _let_through(self, refusal: Refusal, protocol: str, request: Request) -> Caller:
        """The administrator, if signatures only warn; else raises the refusal's AwsError."""
        error = refusal.error(protocol)
        if not self._lenient or not of_this_machine(request, self._account.endpoint):
            raise error from None
        _log.warning("let through (--auth warn): %s: %s", error.code, refusal.why or error.message)
        return Caller("signed", arn=self._account.arn("iam", "root", region=False), root=True)

    def graphql(self, request: Request) -> Caller:
        """Who asks AppSync, told by the shape of the headers alone: a signature wins over an API key, a key over
        a token. Raises AwsError for a wrong signature; keys and other credentials are judged by the API.
        """
        headers = request.headers
        authorization = headers.get("authorization")
        if authorization.startswith("AWS4-"):
            try:
                return self._signer(request, "appsync").caller
            except Refusal as refusal:
                raise refusal.error("appsync") from None
        if "x-api-key" in headers:
            return Caller("api_key", credential=headers.get("x-api-key"))
        return self.token(authorization) if authorization else ANONYMOUS

    def rest_api(self, request: Request) -> Caller:
        """Who asks API Gateway. Open routes never refuse for a signature, so a wrong one only leaves a note:
        the caller is ``other`` then, with the reason in its conditions.
        """
        authorization = request.headers.get("authorization")
        if authorization and not authorization.startswith("AWS4-"):
            return self.token(authorization)
        try:
            return self._signer(request, "execute-api").caller
        except Refusal as refusal:
            return Caller("other", credential=refusal.kind, conditions={"why": refusal.why or refusal.message})

    async def blob(self, method: str, target: str, headers: Headers, body: bytes) -> Caller:
        """Who asks, by the header blob of a realtime message (``POST target`` with ``body`` is what IAM signs)."""
        return self.graphql(Request(method, target, headers, body))

    def token(self, authorization: str) -> Caller:
        """The holder of a user-pool token, with or without ``Bearer``; else ``other`` with the reason noted."""
        bare = authorization[7:] if authorization[:7].lower() == "bearer " else authorization
        try:
            return verify_token(self._account, bare.strip()).caller
        except InvalidToken as invalid:
            notes = {"why": invalid.reason, "invalid_token": "expired" if invalid.expired else "invalid"}
            return Caller("other", credential=authorization, conditions=notes)

    def _signer(self, request: Request, service: str) -> Proof:
        signature = presented(request, s3=service == "s3")
        if signature is None:
            return NOBODY
        resolved = self._resolved(signature, request, service)
        key = verify(signature, request, resolved.secret)
        self._refuse_strange_page(signature, request)
        return Proof(resolved.caller, signature, key)

    def _refuse_strange_page(self, signature: Signature, request: Request) -> None:
        """The key that everybody knows proves nothing of a page from elsewhere; raises Refusal."""
        if signature.access_key != WELL_KNOWN_KEY or of_this_machine(request, self._account.endpoint):
            return
        origin = request.headers.get("origin") or request.host
        raise Refusal("access_denied", why=_STRANGE.format(key=WELL_KNOWN_KEY, origin=origin[:128]))

    def _resolved(self, signature: Signature, request: Request, service: str) -> Resolved:
        """Whose key a signature names, once its date and scope fit; raises Refusal."""
        check(signature, request, now=self._account.clock.real(), service=service, region=self._account.region)
        try:
            return resolve(self._account, signature.access_key, signature.token)
        except CredentialRefusal as refusal:
            why = _WHY[refusal.kind].format(key=signature.access_key[:24])
            raise Refusal(refusal.kind, why=why, AWSAccessKeyId=signature.access_key) from None
