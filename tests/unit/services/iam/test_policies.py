"""Policy evaluation, case by case."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habitr_emulator.services.iam.documents import Kind, parse
from habitr_emulator.services.iam.errors import MalformedPolicyDocument
from habitr_emulator.services.iam.matching import matches
from habitr_emulator.services.iam.policies import AccessRequest, Decision, Principal, evaluate

BUCKET = "arn:aws:s3:::photos"
SUB = "cognito-identity.amazonaws.com:sub"
ME = "us-east-1:1111"
ROLE = "arn:aws:iam::000000000000:role/auth"
SESSION = "arn:aws:sts::000000000000:assumed-role/auth/s"
CALLER = Principal("AWS", frozenset({ROLE, SESSION}), "000000000000")


def policy(*statements: dict[str, Any], version: str = "2012-10-17") -> dict[str, Any]:
    return {"Version": version, "Statement": list(statements)}


def allow(action: Any = "s3:*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any = "s3:*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {**allow(action, resource, **more), "Effect": "Deny"}


def ask(action: str = "s3:GetObject", key: str = "k", **conditions: Any) -> AccessRequest:
    named = {name.replace("__", ":"): value for name, value in conditions.items()}
    return AccessRequest(action, f"{BUCKET}/{key}" if key else BUCKET, named, CALLER)


def decide(*statements: dict[str, Any], request: AccessRequest | None = None, **more: Any) -> Decision:
    return evaluate(request or ask(), [policy(*statements)], **more)


MATCHING: list[tuple[str, dict[str, Any], AccessRequest, bool]] = [
    ("an exact action", allow("s3:GetObject"), ask(), True),
    ("another action", allow("s3:PutObject"), ask(), False),
    ("an action without case", allow("S3:getobject"), ask(), True),
    ("a star in an action", allow("s3:Get*"), ask(), True),
    ("a question mark in an action", allow("s3:GetObjec?"), ask(), True),
    ("a list of actions", allow(["s3:PutObject", "s3:GetObject"]), ask(), True),
    ("every action", allow("*"), ask(), True),
    ("a resource", allow(resource=f"{BUCKET}/k"), ask(), True),
    ("the bucket is not its objects", allow(resource=BUCKET), ask(), False),
    ("an object is not the bucket", allow(resource=f"{BUCKET}/*"), ask("s3:ListBucket", ""), False),
    ("a resource with case", allow(resource=f"{BUCKET}/K"), ask(), False),
    ("a star crosses slashes", allow(resource=f"{BUCKET}/*"), ask(key="a/b/c"), True),
    ("a star crosses colons", allow(resource=f"{BUCKET}/*"), ask(key="us-east-1:x/c"), True),
    ("a question mark is one character", allow(resource=f"{BUCKET}/a?c"), ask(key="abbc"), False),
    ("a star matches line feeds", allow(resource=f"{BUCKET}/*"), ask(key="a\nb"), True),
    ("a dot is no wildcard", allow(resource=f"{BUCKET}/a.c"), ask(key="abc"), False),
    ("prefix only", allow(resource=f"{BUCKET}/pub"), ask(key="public"), False),
    ("NotAction of another", {"Effect": "Allow", "NotAction": "s3:PutObject", "Resource": "*"}, ask(), True),
    ("NotAction of it", {"Effect": "Allow", "NotAction": ["s3:Get*"], "Resource": "*"}, ask(), False),
    ("NotResource of another", {"Effect": "Allow", "Action": "*", "NotResource": f"{BUCKET}/x"}, ask(), True),
    ("NotResource of it", {"Effect": "Allow", "Action": "*", "NotResource": [f"{BUCKET}/?"]}, ask(), False),
    ("own folder", allow(resource=f"{BUCKET}/${{{SUB}}}/*"), ask(key=f"{ME}/a", **{SUB: ME}), True),
    (
        "a variable without case",
        allow(resource=f"{BUCKET}/${{{SUB.upper()}}}/*"),
        ask(key=f"{ME}/a", **{SUB: ME}),
        True,
    ),
    ("another's folder", allow(resource=f"{BUCKET}/${{{SUB}}}/*"), ask(key="you/a", **{SUB: ME}), False),
    ("a variable without value", allow(resource=f"{BUCKET}/${{{SUB}}}*"), ask(key="a"), False),
    ("beside a variable without value", allow(resource=[f"{BUCKET}/${{{SUB}}}", f"{BUCKET}/*"]), ask(), True),
    ("NotResource without value", {"Effect": "Allow", "Action": "*", "NotResource": "arn:${x}"}, ask(), False),
    (
        "a star in a value is a star",
        allow(resource=f"{BUCKET}/${{aws:userid}}/x"),
        ask(key="b/x", aws__userid="*"),
        False,
    ),
    ("a default", allow(resource=f"{BUCKET}/${{aws:PrincipalTag/t, 'all'}}/*"), ask(key="all/x"), True),
    ("a value beats the default", allow(resource=f"{BUCKET}/${{t, 'all'}}/*"), ask(key="all/x", t="one"), False),
    ("several values are no value", allow(resource=f"{BUCKET}/${{t}}"), ask(key="a", t=["a", "b"]), False),
    ("a literal star", allow(resource=f"{BUCKET}/${{*}}"), ask(key="*"), True),
    ("a literal star matches itself only", allow(resource=f"{BUCKET}/${{*}}"), ask(key="x"), False),
    ("a literal question mark", allow(resource=f"{BUCKET}/${{?}}"), ask(key="x"), False),
    ("a literal dollar", allow(resource=f"{BUCKET}/${{$}}"), ask(key="$"), True),
]


@pytest.mark.parametrize(
    ("statement", "request_", "expected"), [row[1:] for row in MATCHING], ids=[r[0] for r in MATCHING]
)
def test_a_statement_matches(statement: dict[str, Any], request_: AccessRequest, expected: bool) -> None:
    assert decide(statement, request=request_).allowed is expected


#: operator, key's values in the policy, what the request has (None: nothing), expected
CONDITIONS: list[tuple[str, Any, Any, bool]] = [
    ("StringEquals", "a", "a", True),
    ("StringEquals", "a", "A", False),
    ("StringEquals", ["a", "b"], "b", True),
    ("StringEquals", "a*", "ab", False),
    ("StringEquals", "a", None, False),
    ("StringEqualsIfExists", "a", None, True),
    ("StringEqualsIfExists", "a", "b", False),
    ("StringNotEquals", "a", "b", True),
    ("StringNotEquals", ["a", "b"], "b", False),
    ("StringNotEquals", "a", None, True),
    ("StringNotEqualsIfExists", "a", None, True),
    ("StringEqualsIgnoreCase", "AbC", "aBc", True),
    ("StringNotEqualsIgnoreCase", "AbC", "aBc", False),
    ("StringLike", "public/*", "public/a/b", True),
    ("StringLike", ["public/", "protected/*"], "p", False),
    ("StringLike", "a?c", "abc", True),
    ("StringLike", "*", None, False),
    ("StringLike", "${id}/*", "me/x", True),
    ("StringLike", "${nobody}/*", "me/x", False),
    ("StringNotLike", "public/*", "private/x", True),
    ("StringNotLike", "public/*", "public/x", False),
    ("StringNotEquals", "${nobody}", "x", False),
    ("stringlike", "a", "a", True),
    ("NumericEquals", 10, "10.0", True),
    ("NumericNotEquals", "10", "11", True),
    ("NumericLessThan", "10", "9", True),
    ("NumericLessThanEquals", "10", "10", True),
    ("NumericLessThanEquals", "10", "11", False),
    ("NumericGreaterThan", "10", "9", False),
    ("NumericGreaterThanEquals", "10", "10", True),
    ("NumericLessThan", "10", "many", False),
    ("NumericLessThan", "10", None, False),
    ("DateEquals", "2026-11-21T00:00:00Z", "1795219200", True),
    ("DateLessThan", "2027-01-01T00:00:00Z", "2026-11-21T19:02:03.456Z", True),
    ("DateGreaterThan", "2027-01-01", "2026-11-21T19:02:03Z", False),
    ("DateNotEquals", "2027-01-01T00:00:00Z", "2026-11-21T19:02:03Z", True),
    ("DateLessThanEquals", "no date", "2026-11-21T19:02:03Z", False),
    ("Bool", "true", "true", True),
    ("Bool", False, "false", True),
    ("Bool", "true", "false", False),
    ("Bool", "false", None, False),
    ("BoolIfExists", "false", None, True),
    ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", True),
    ("BinaryEquals", "QmluYXJ5", "!", False),
    ("IpAddress", "203.0.113.0/24", "203.0.113.9", True),
    ("IpAddress", ["10.0.0.0/8", "2001:db8::/32"], "2001:db8::1", True),
    ("IpAddress", "10.0.0.0/8", "203.0.113.9", False),
    ("NotIpAddress", "10.0.0.0/8", "10.1.2.3", False),
    ("NotIpAddress", "10.0.0.0/8", "11.1.2.3", True),
    ("ArnEquals", "arn:aws:iam::*:role/a*", "arn:aws:iam::1:role/admin", True),
    ("ArnLike", "arn:aws:*:role/admin", "arn:aws:iam::1:role/admin", False),
    ("ArnLike", "arn:aws:s3:::b/*", "arn:aws:s3:::b/x:y/z", True),
    ("ArnNotLike", "arn:aws:iam::1:role/*", "arn:aws:iam::1:user/x", True),
    ("ArnNotEquals", "arn:aws:iam::1:role/*", "arn:aws:iam::1:role/x", False),
    ("Null", "true", None, True),
    ("Null", "true", "x", False),
    ("Null", False, "x", True),
    ("ForAnyValue:StringLike", "authenticated", ["authenticated", "other"], True),
    ("ForAnyValue:StringEquals", ["a", "b"], ["c", "d"], False),
    ("ForAnyValue:StringEquals", "a", None, False),
    ("ForAnyValue:StringNotEquals", "a", ["a", "b"], True),
    ("ForAnyValue:StringNotEquals", "a", None, False),
    ("ForAllValues:StringEquals", ["a", "b"], ["a", "b", "a"], True),
    ("ForAllValues:StringEquals", ["a", "b"], ["a", "c"], False),
    ("ForAllValues:StringEquals", "a", None, True),
    ("ForAllValues:StringLike", "a*", ["ab", "ac"], True),
    ("ForAllValues:StringNotEquals", "a", ["b", "a"], False),
]


@pytest.mark.parametrize(("operator", "wanted", "given_", "expected"), CONDITIONS)
def test_a_condition_holds(operator: str, wanted: Any, given_: Any, expected: bool) -> None:
    keys = {"id": "me"} if given_ is None else {"id": "me", "tag": given_}
    decision = decide(allow(Condition={operator: {"TAG": wanted}}), request=ask(**keys))
    assert decision.allowed is expected


def test_every_operator_and_every_key_must_hold() -> None:
    condition = {"StringEquals": {"a": "1", "b": "2"}, "Bool": {"c": "true"}}
    assert decide(allow(Condition=condition), request=ask(a="1", b="2", c="true")).allowed
    assert not decide(allow(Condition=condition), request=ask(a="1", b="3", c="true")).allowed
    assert not decide(allow(Condition=condition), request=ask(a="1", b="2", c="false")).allowed


def test_variables_are_literal_in_the_old_version() -> None:
    old = policy(allow(resource=f"{BUCKET}/${{t}}"), version="2008-10-17")
    assert not evaluate(ask(key="a", t="a"), [old]).allowed
    assert evaluate(ask(key="${t}", t="a"), [old]).allowed


def test_nothing_allows_nothing() -> None:
    decision = evaluate(ask(), [])
    assert (decision.allowed, decision.because) == (
        False,
        "because no identity-based policy allows the s3:GetObject action",
    )


def test_an_explicit_deny_wins_wherever_it_stands() -> None:
    denying = policy(deny(Sid="NoReading"))
    for identity, session, resource in (([denying], (), None), ([], [denying], None), ([], (), denying)):
        named = None if resource is None else policy(deny(Principal="*"))
        decision = evaluate(ask(), [policy(allow()), *identity], session, named)
        assert not decision.allowed
        assert "explicit deny" in decision.because
    assert "NoReading" in evaluate(ask(), [policy(allow()), denying]).why


def test_session_policies_only_take_away() -> None:
    assert not evaluate(ask(), [], [policy(allow())]).allowed
    assert evaluate(ask(), [policy(allow())], [policy(allow("s3:Get*"))]).allowed
    decision = evaluate(ask(), [policy(allow())], [policy(allow("s3:Put*"))])
    assert decision.because == "because no session policy allows the s3:GetObject action"


RESOURCE_POLICIES: list[tuple[str, Any, Principal, bool]] = [
    ("anyone", "*", Principal(), True),
    ("anyone in AWS", {"AWS": "*"}, Principal(), True),
    ("a role, asked by its session", {"AWS": ROLE}, CALLER, True),
    ("the session", {"AWS": [SESSION]}, CALLER, True),
    ("another role", {"AWS": f"{ROLE}2"}, CALLER, False),
    ("the account leaves it to identity policies", {"AWS": "000000000000"}, CALLER, False),
    ("the account's root ARN likewise", {"AWS": "arn:aws:iam::000000000000:root"}, CALLER, False),
    ("a role, asked by nobody", {"AWS": ROLE}, Principal(), False),
    (
        "a service",
        {"Service": "lambda.amazonaws.com"},
        Principal("Service", frozenset({"lambda.amazonaws.com"})),
        True,
    ),
    ("a provider is no service", {"Service": "x"}, Principal("Federated", frozenset({"x"})), False),
]


@pytest.mark.parametrize(
    ("element", "who", "expected"), [r[1:] for r in RESOURCE_POLICIES], ids=[r[0] for r in RESOURCE_POLICIES]
)
def test_a_resource_policy_names_principals(element: Any, who: Principal, expected: bool) -> None:
    request = AccessRequest("s3:GetObject", f"{BUCKET}/k", {}, who)
    assert evaluate(request, [], (), policy(allow(Principal=element))).allowed is expected


def test_the_account_as_principal_denies_everybody_in_it() -> None:
    denying = policy(deny(Principal={"AWS": "000000000000"}))
    assert not evaluate(ask(), [policy(allow())], (), denying).allowed


def test_not_principal_denies_all_others() -> None:
    denying = policy(deny(NotPrincipal={"AWS": [ROLE]}))
    other = AccessRequest("s3:GetObject", f"{BUCKET}/k", {}, Principal("AWS", frozenset({"x"}), "000000000000"))
    assert evaluate(ask(), [policy(allow())], (), denying).allowed
    assert not evaluate(other, [policy(allow())], (), denying).allowed


def test_only_a_grant_to_the_session_itself_passes_its_session_policy() -> None:
    nothing = [policy(allow("sqs:*"))]
    assert evaluate(ask(), [], nothing, policy(allow(Principal={"AWS": SESSION}))).allowed
    assert not evaluate(ask(), [], nothing, policy(allow(Principal={"AWS": ROLE}))).allowed


TRUST = {
    "Version": "2012-10-17",
    "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "cognito-identity.amazonaws.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {"cognito-identity.amazonaws.com:aud": "pool"},
            "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"},
        },
    },
}


@pytest.mark.parametrize(
    ("pool", "amr", "expected"),
    [
        ("pool", ["authenticated", "x"], True),
        ("pool", ["unauthenticated"], False),
        ("other", ["authenticated"], False),
    ],
)
def test_amplifys_trust_policy(pool: str, amr: list[str], expected: bool) -> None:
    conditions = {"cognito-identity.amazonaws.com:aud": pool, "cognito-identity.amazonaws.com:amr": amr}
    provider = Principal("Federated", frozenset({"cognito-identity.amazonaws.com"}))
    request = AccessRequest("sts:AssumeRoleWithWebIdentity", "", conditions, provider)
    assert evaluate(request, [], (), TRUST, resource_kind="trust").allowed is expected


MALFORMED: list[tuple[str, Kind, Any]] = [
    ("no object", "identity", []),
    ("no statement", "identity", {"Version": "2012-10-17"}),
    ("an empty list", "identity", policy()),
    ("a version of its own", "identity", policy(allow(), version="2020-01-01")),
    ("an element that does not exist", "identity", policy({**allow(), "Foo": 1})),
    ("an effect of its own", "identity", policy({**allow(), "Effect": "Maybe"})),
    ("no action", "identity", policy({"Effect": "Allow", "Resource": "*"})),
    ("an empty action list", "identity", policy(allow([]))),
    ("an action without a service", "identity", policy(allow("GetObject"))),
    ("both Action and NotAction", "identity", policy({**allow(), "NotAction": "s3:x"})),
    ("no resource", "identity", policy({"Effect": "Allow", "Action": "*"})),
    ("a resource that is no ARN", "identity", policy(allow(resource="photos/*"))),
    ("a principal in an identity policy", "identity", policy(allow(Principal="*"))),
    ("no principal in a resource policy", "resource", policy(allow())),
    ("a principal of no kind", "resource", policy(allow(Principal={"Foo": "x"}))),
    ("a resource in a trust policy", "trust", policy(allow("sts:AssumeRole", Principal="*"))),
    ("an unknown operator", "identity", policy(allow(Condition={"StringSame": {"a": "b"}}))),
    ("an unknown quantifier", "identity", policy(allow(Condition={"ForSome:StringLike": {"a": "b"}}))),
    ("NullIfExists", "identity", policy(allow(Condition={"NullIfExists": {"a": "true"}}))),
    ("a condition that is a list", "identity", policy(allow(Condition=[]))),
    ("a condition value that is an object", "identity", policy(allow(Condition={"Bool": {"a": {}}}))),
    ("a Sid twice", "identity", policy(allow(Sid="A"), allow(Sid="A"))),
]


@pytest.mark.parametrize(("kind", "document"), [row[1:] for row in MALFORMED], ids=[row[0] for row in MALFORMED])
def test_a_malformed_document_is_refused(kind: Kind, document: Any) -> None:
    with pytest.raises(MalformedPolicyDocument):
        parse(document, kind)


def naive(pattern: str, text: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "*":
        return naive(pattern[1:], text) or (bool(text) and naive(pattern, text[1:]))
    return bool(text) and pattern[0] in ("?", text[0]) and naive(pattern[1:], text[1:])


@given(st.text("ab*?/:", max_size=8), st.text("ab/:\n", max_size=8))
def test_globs_match_like_the_definition(pattern: str, text: str) -> None:
    assert matches(pattern, text) is naive(pattern, text)


@given(st.text(max_size=12))
def test_a_value_matches_its_own_variable_only_as_itself(value: str) -> None:
    assert matches("a/${v}/*", f"a/{value}/x", {"v": (value,)})


def test_the_storage_policies_of_amplify() -> None:
    rights = ["s3:PutObject", "s3:GetObject", "s3:DeleteObject"]
    own = f"${{{SUB}}}"
    prefixes = ["public/", "public/*", "protected/", "protected/*", f"private/{own}/", f"private/{own}/*"]
    documents = [
        policy(allow(rights, f"{BUCKET}/public/*")),
        policy(allow(rights, [f"{BUCKET}/protected/{own}/*", f"{BUCKET}/private/{own}/*"])),
        policy(allow("s3:PutObject", f"{BUCKET}/uploads/*"), allow("s3:GetObject", f"{BUCKET}/protected/*")),
        policy(allow("s3:ListBucket", BUCKET, Condition={"StringLike": {"s3:prefix": prefixes}})),
    ]
    answers = {
        ("s3:PutObject", f"protected/{ME}/x"): True,
        ("s3:PutObject", "protected/you/x"): False,
        ("s3:GetObject", "protected/you/x"): True,
        ("s3:GetObject", "private/you/x"): False,
        ("s3:PutObject", "uploads/x"): True,
        ("s3:GetObject", "uploads/x"): False,
        ("s3:PutObject", "elsewhere"): False,
    }
    for (action, key), expected in answers.items():
        assert evaluate(ask(action, key, **{SUB: ME}), documents).allowed is expected, (action, key)
    for prefix, expected in ((f"private/{ME}/", True), ("private/you/", False), ("p", False), (None, False)):
        given_ = {SUB: ME} if prefix is None else {SUB: ME, "s3:prefix": prefix}
        assert evaluate(ask("s3:ListBucket", "", **given_), documents).allowed is expected, prefix
    assert json.loads(json.dumps(documents)) == documents
