"""Keys and temporary credentials: who holds an access key, and with which secret.

A session is not stored. Its token says who it is and until when, and carries an HMAC under a key that is made once
and kept with the state; its secret is derived from its key id the same way. So issuing writes nothing, nobody can
make or change one, and sessions survive a restart.
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp.html
"""

import base64
import binascii
import hashlib
import hmac
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from habitr_emulator.kernel.clock import iso8601
from habitr_emulator.kernel.store import Row
from habitr_emulator.services.context import Account, Caller
from habitr_emulator.services.iam.attached import AttachedPolicies
from habitr_emulator.services.iam.errors import PackedPolicyTooLarge
from habitr_emulator.services.iam.secret import SessionSecret

TOKEN_CHARACTERS = (400, 2000)
#: Letters and digits of access key ids.
KEY_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
#: What the administrator's sessions may do, and what every session of GetSessionToken may not.
_EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
_OF_USERS = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "GetSessionToken",
            "Effect": "Allow",
            "NotAction": ["iam:*", "sts:GetFederationToken", "sts:GetSessionToken"],
            "Resource": "*",
        }
    ],
}
_MAC = 32
_DRAWN, _CHECKED = 12, 4


class CredentialRefusal(Exception):
    """No such key, or not with this token. ``kind`` is a kind of ``wire.refusals``."""

    def __init__(self, kind: Literal["unknown_key", "wrong_token", "expired_token"]) -> None:
        self.kind = kind
        super().__init__(kind)


@dataclass(frozen=True, slots=True)
class Resolved:
    """The secret that a signature with this key must have been made with, and who then asks."""

    secret: str
    caller: Caller


def issue(
    account: Account,
    *,
    role_arn: str,
    session_name: str,
    duration: int,
    conditions: Mapping[str, str | Sequence[str]] | None = None,
    session_policies: Sequence[Mapping[str, Any] | str] = (),
    role_id: str = "",
) -> dict[str, Any]:
    """Credentials of a role session, for ``duration`` seconds by the emulator's clock.

    ``conditions`` are the condition keys that the session brings (``cognito-identity.amazonaws.com:sub`` …),
    ``session_policies`` documents or ARNs of managed policies, ``role_id`` the role's ``AROA…`` id (looked up if
    empty). Returns AccessKeyId, SecretAccessKey, SessionToken and Expiration (seconds since 1970). Raises
    PackedPolicyTooLarge.
    """
    session = {
        "r": role_arn,
        "n": session_name,
        "u": role_id or account.part(AttachedPolicies).role_id(role_arn.rpartition("/")[2]),
        "c": dict(conditions or {}),
        "p": list(session_policies),
    }
    return _issued(account, session, duration)


def issue_to_user(account: Account, user: str, user_id: str, duration: int) -> dict[str, Any]:
    """Credentials of a user (an empty name: of the administrator), as ``issue`` returns them."""
    return _issued(account, {"w": user, "u": user_id}, duration)


def _issued(account: Account, content: Mapping[str, Any], duration: int) -> dict[str, Any]:
    secret, now = account.part(SessionSecret), int(account.clock.now())
    drawn = account.ids.text(_DRAWN, KEY_ALPHABET)
    key_id, expiration = f"ASIA{drawn}{_check(secret, drawn)}", float(now + duration)
    session = {"k": key_id, "e": expiration, "i": now, **content}
    return {
        "AccessKeyId": key_id,
        "SecretAccessKey": _secret_of(secret, key_id),
        "SessionToken": _sealed(secret, session),
        "Expiration": expiration,
    }


def resolve(account: Account, access_key_id: str, session_token: str = "") -> Resolved:
    """Who holds ``access_key_id``; raises CredentialRefusal.

    ``session_token`` is what came with the request, empty if nothing did. Policies are those of this moment.
    """
    if access_key_id in account.administrator_keys:
        _refuse_token(session_token)
        return Resolved(account.administrator_keys[access_key_id], _administrator(account, access_key_id))
    if access_key_id.startswith("ASIA"):
        return _session(account, access_key_id, session_token)
    row = account.store.one(
        "SELECT keys.secret, users.name, users.id, users.path, users.tags FROM iam_access_keys keys"
        " JOIN iam_users users ON users.name = keys.user_name WHERE keys.id = ? AND keys.status = 'Active'",
        (access_key_id,),
    )
    if row is None:
        raise CredentialRefusal("unknown_key")
    _refuse_token(session_token)
    return Resolved(row["secret"], _user_caller(account, row, access_key_id))


def _user_caller(account: Account, row: Row, access_key_id: str, **more: Any) -> Caller:
    tags = {f"aws:PrincipalTag/{tag['Key']}": tag["Value"] for tag in json.loads(row["tags"])}
    return Caller(
        "signed",
        arn=account.arn("iam", f"user{row['path']}{row['name']}", region=False),
        user_id=row["id"],
        access_key_id=access_key_id,
        policies=account.part(AttachedPolicies).of("user", row["name"]),
        conditions={"aws:username": row["name"], **tags},
        **more,
    )


def _refuse_token(session_token: str) -> None:
    if session_token:
        raise CredentialRefusal("wrong_token")


def _administrator(account: Account, access_key_id: str) -> Caller:
    root = account.arn("iam", "root", region=False)
    return Caller("signed", arn=root, user_id=account.account_id, access_key_id=access_key_id, root=True)


def _session(account: Account, access_key_id: str, token: str) -> Resolved:
    secret = account.part(SessionSecret)
    check = _check(secret, access_key_id[4 : 4 + _DRAWN])
    if not token or not hmac.compare_digest(access_key_id[4 + _DRAWN :].encode(), check.encode()):
        raise CredentialRefusal("unknown_key")
    session = _unsealed(secret, token)
    if session is None or session["k"] != access_key_id:
        raise CredentialRefusal("wrong_token")
    if account.clock.now() >= session["e"]:
        raise CredentialRefusal("expired_token")
    return Resolved(_secret_of(secret, access_key_id), _session_caller(account, session))


def _session_caller(account: Account, session: Mapping[str, Any]) -> Caller:
    if "w" in session:
        return _user_session(account, session)
    # A role that was deleted, and perhaps made anew under its name, gives its old sessions nothing.
    attached, role = account.part(AttachedPolicies), session["r"].rpartition("/")[2]
    issued = iso8601(session["i"])
    return Caller(
        "signed",
        arn=account.arn("sts", f"assumed-role/{role}/{session['n']}", region=False),
        user_id=f"{session['u']}:{session['n']}",
        access_key_id=session["k"],
        policies=attached.of("role", role) if session["u"] == attached.role_id(role) else (),
        session_policies=tuple(attached.managed(p) if isinstance(p, str) else p for p in session["p"]),
        conditions={"aws:PrincipalArn": session["r"], "aws:TokenIssueTime": issued, **session["c"]},
    )


def _user_session(account: Account, session: Mapping[str, Any]) -> Caller:
    """A session of a user, or (without a name) of the administrator; it ends with the user."""
    if not session["w"]:
        root = account.arn("iam", "root", region=False)
        everything, limits = (_EVERYTHING,), (_OF_USERS,)
        return Caller("signed", root, account.account_id, session["k"], False, everything, limits)
    row = account.store.one("SELECT * FROM iam_users WHERE name = ? AND id = ?", (session["w"], session["u"]))
    if row is None:
        raise CredentialRefusal("unknown_key")
    return _user_caller(account, row, session["k"], session_policies=(_OF_USERS,))


def _check(secret: SessionSecret, drawn: str) -> str:
    """The last characters of a session's key id: they tell an unknown key from a wrong token."""
    digest = secret.mac("key", drawn.encode(errors="replace"))
    return "".join(KEY_ALPHABET[byte % len(KEY_ALPHABET)] for byte in digest[:_CHECKED])


def _secret_of(secret: SessionSecret, key_id: str) -> str:
    return base64.b64encode(secret.mac("secret", key_id.encode())[:30]).decode()


def _sealed(secret: SessionSecret, session: Mapping[str, Any]) -> str:
    packed = zlib.compress(json.dumps(session, separators=(",", ":")).encode(), 9)
    least, most = TOKEN_CHARACTERS
    padding = hashlib.shake_128(packed).digest(max(0, least * 3 // 4 - _MAC - len(packed) - 2))
    body = len(packed).to_bytes(2, "big") + packed + padding
    token = base64.b64encode(secret.mac("token", body) + body).decode()
    if len(token) > most:
        raise PackedPolicyTooLarge(why=f"the session token would have {len(token)} characters of {most}")
    return token


def _unsealed(secret: SessionSecret, token: str) -> dict[str, Any] | None:
    if token in secret.opened:
        return secret.opened[token]
    try:
        sealed = base64.b64decode(token.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
    mac, body = sealed[:_MAC], sealed[_MAC:]
    if not hmac.compare_digest(mac, secret.mac("token", body)) or base64.b64encode(sealed).decode() != token:
        return None
    length = int.from_bytes(body[:2], "big")
    session: dict[str, Any] = json.loads(zlib.decompress(body[2 : 2 + length]))
    secret.remember(token, session)
    return session
