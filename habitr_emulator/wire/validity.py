"""Whether a presented signature is for now and for here: its date, its life, its credential scope."""

from collections.abc import Iterator

from habitr_emulator.kernel.clock import iso8601
from habitr_emulator.wire.http import Request
from habitr_emulator.wire.model import UnparsableInput
from habitr_emulator.wire.refusals import Refusal
from habitr_emulator.wire.signature import Signature
from habitr_emulator.wire.timestamps import parse_timestamp

SKEW = 15 * 60
LONGEST = 7 * 24 * 3600


def check(signature: Signature, request: Request, *, now: float, service: str, region: str | None) -> None:
    """Refuse a signature of another time, service or (S3, where given) region, in S3's order of checks.

    ``now`` is real time in seconds since 1970, ``service`` the signing name of the service that was asked.
    """
    if signature.kind == "v2-form":
        return  # its policy has the only date
    if signature.kind == "v2-query":
        _old_url(signature, now)
        return
    at = _date(signature)
    if signature.kind == "query":
        _url(signature, at, now)
    elif signature.kind in ("header", "v2-header"):
        _skew(signature, at, now)
    if signature.kind in ("header", "query", "form"):
        for refusal in _misfits(signature, at, service, region):
            refusal.why = f"the credential scope is {signature.scope}; {request.host} is asked for {service}"
            raise refusal


def basic(at: float) -> str:
    """Seconds since 1970 as ``20261121T190203Z``."""
    return iso8601(at)[:19].replace("-", "").replace(":", "") + "Z"


def stamp(signature: Signature) -> str:
    """The date as the string to sign has it: ISO basic, whichever header it came in."""
    text = signature.timestamp
    return text if len(text) == 16 and text[8:9] == "T" and text.endswith("Z") else basic(_date(signature))


def _date(signature: Signature) -> float:
    try:
        return parse_timestamp(signature.timestamp, "date")
    except UnparsableInput:
        if signature.kind == "query":
            text = "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""
            raise Refusal("malformed_query", text) from None
        raise Refusal("missing_date", why="there is no readable Date or x-amz-date header") from None


def _skew(signature: Signature, at: float, now: float) -> None:
    if abs(now - at) <= SKEW:
        return
    late = at < now
    text, bound = ("expired", "now earlier") if late else ("not yet current", "still later")
    limit, sign = (now - SKEW, "-") if late else (now + SKEW, "+")
    text = f"Signature {text}: {basic(at)} is {bound} than {basic(limit)} ({basic(now)} {sign} 15 min.)"
    raise Refusal(
        "skew",
        "" if signature.s3 else text,
        why=f"the client's clock is {round(abs(now - at))} s {'behind' if late else 'ahead'}; 900 are allowed",
        RequestTime=signature.timestamp,
        ServerTime=_second(now),
        MaxAllowedSkewMilliseconds=str(SKEW * 1000),
    )


def _url(signature: Signature, at: float, now: float) -> None:
    """A presigned URL lives from 15 minutes before its date until its date and ``X-Amz-Expires`` seconds."""
    life = _life(signature)
    if now < at - SKEW:
        text = "Request is not yet valid" if signature.s3 else f"Signature not yet current: {basic(at)}"
        raise Refusal("expired_url", text, why=f"the URL is dated {basic(at)}, it is {basic(now)}")
    if now > at + life:
        ended = f"Signature expired: {basic(at + life)} is now earlier than {basic(now)}"
        shown = {"X-Amz-Expires": signature.expires, "Expires": _second(at + life), "ServerTime": _second(now)}
        why = f"the URL ended {round(now - at - life)} seconds ago"
        raise Refusal("expired_url", "" if signature.s3 else ended, why=why, **shown)


def _life(signature: Signature) -> int:
    text = signature.expires
    if not text and not signature.s3:
        return SKEW  # guess: a presigned URL without X-Amz-Expires lives as long as a signed request
    if not (text.lstrip("-").isascii() and text.lstrip("-").isdecimal()):
        raise Refusal("malformed_query", "X-Amz-Expires should be a number")
    life = int(text)
    if life < 0:
        raise Refusal("malformed_query", "X-Amz-Expires must be non-negative")
    if life > LONGEST:
        text = "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be"
        raise Refusal("malformed_query", f"{text} less than {LONGEST} seconds")
    return life


def _old_url(signature: Signature, now: float) -> None:
    try:
        ends = int(signature.expires)
    except ValueError:
        text = f"Invalid date (should be seconds since epoch): {signature.expires[:64]}"
        raise Refusal("expired_url", text) from None
    if now > ends:
        shown = {"Expires": _second(min(ends, 253402300799)), "ServerTime": _second(now)}
        raise Refusal("expired_url", why=f"the URL ended {round(now - ends)} seconds ago", **shown)


def _misfits(signature: Signature, at: float, service: str, region: str | None) -> Iterator[Refusal]:
    """What is wrong with the scope, each in S3's words and in those of the others."""
    scope, day = signature.scope, basic(at)[:8]
    if scope.terminal != "aws4_request":
        text = f'incorrect terminal "{scope.terminal}". This endpoint uses "aws4_request".'
        others = f"Credential should be scoped with a valid terminator: 'aws4_request', not '{scope.terminal}'."
        yield _misfit(signature, text, others)
    if scope.service != service:
        text = f'incorrect service "{scope.service}". This endpoint belongs to "{service}".'
        yield _misfit(signature, text, f"Credential should be scoped to correct service: '{service}'.")
    if signature.s3 and region and scope.region not in (region, "us-east-1", ""):
        yield _misfit(signature, f"the region '{scope.region}' is wrong; expecting '{region}'", "", Region=region)
    if scope.day != day:
        text = f'Invalid credential date "{scope.day}". This date is not the same as X-Amz-Date: "{day}".'
        others = "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
        yield _misfit(signature, text, f"{others}'{scope.day}' != '{day}', from '{stamp(signature)}'.")


def _misfit(signature: Signature, text: str, others: str, **fields: str) -> Refusal:
    if not signature.s3:
        return Refusal("malformed" if signature.scope.terminal != "aws4_request" else "wrong_scope", others)
    if signature.kind == "query":
        return Refusal("malformed_query", f"Error parsing the X-Amz-Credential parameter; {text}", **fields)
    return Refusal("wrong_scope", f"The authorization header is malformed; {text}", **fields)


def _second(at: float) -> str:
    return f"{iso8601(at)[:19]}Z"
