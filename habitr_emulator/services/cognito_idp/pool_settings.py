"""What a user pool is made of: defaults, schema, and the rules of CreateUserPool and UpdateUserPool.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import orjson

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException, ResourceNotFoundException
from habitr_emulator.services.cognito_idp.pools import Pool, arn, find
from habitr_emulator.services.context import Context

Settings = dict[str, Any]

#: Members of CreateUserPool that later requests cannot change.
FIXED = ("AliasAttributes", "UsernameAttributes", "UsernameConfiguration", "SchemaAttributes", "Name")
#: What is kept with the pool but has operations of its own: MFA factors, providers, resource servers.
APART = ("Factors", "IdentityProviders", "ResourceServers")
_KEPT_AS_SENT = (
    "AutoVerifiedAttributes", "SmsVerificationMessage", "EmailVerificationMessage", "EmailVerificationSubject",
    "SmsAuthenticationMessage", "UserAttributeUpdateSettings", "DeviceConfiguration", "SmsConfiguration",
    "UserPoolTags", "UserPoolAddOns", "AccountRecoverySetting",
)  # fmt: skip
_CLASSES = ("RequireUppercase", "RequireLowercase", "RequireNumbers", "RequireSymbols")
_LIMITS = {"String": "StringAttributeConstraints", "Number": "NumberAttributeConstraints"}
#: The standard attributes, in the order in which AWS lists them.
_STANDARD = (
    "sub", "profile", "address", "birthdate", "gender", "preferred_username", "updated_at", "website", "picture",
    "identities", "phone_number", "phone_number_verified", "zoneinfo", "locale", "email", "email_verified",
    "given_name", "family_name", "middle_name", "name", "nickname",
)  # fmt: skip


def created(request: Mapping[str, Any]) -> Settings:
    """The settings of a new pool; raises InvalidParameterException for what does not go together."""
    if request.get("AliasAttributes") and request.get("UsernameAttributes"):
        raise InvalidParameterException("Only one of the aliasAttributes or usernameAttributes can be set.")
    settings = changeable(request)
    settings["Name"] = request.get("PoolName", "")
    settings["SchemaAttributes"] = schema(request.get("Schema") or [])
    settings["UsernameConfiguration"] = dict(request.get("UsernameConfiguration") or {"CaseSensitive": True})
    for name in ("AliasAttributes", "UsernameAttributes"):
        if request.get(name):
            settings[name] = list(request[name])
    return settings


def updated(pool: Pool, request: Mapping[str, Any]) -> Settings:
    """A pool's settings after UpdateUserPool: what the request leaves out returns to its default."""
    settings = changeable(request)
    settings.update({name: pool.settings[name] for name in (*FIXED, *APART) if name in pool.settings})
    if "PoolName" in request:
        settings["Name"] = request["PoolName"]
    return settings


def changeable(request: Mapping[str, Any]) -> Settings:
    """The members that can change, with AWS's defaults for those left out."""
    settings = {name: request[name] for name in _KEPT_AS_SENT if request.get(name)}
    settings["Policies"] = _policies(request)
    settings["DeletionProtection"] = request.get("DeletionProtection", "INACTIVE")
    settings["LambdaConfig"] = _lambda_config(request)
    settings["MfaConfiguration"] = request.get("MfaConfiguration", "OFF")
    settings["AdminCreateUserConfig"] = _admin_create_user(request, settings["Policies"])
    settings["EmailConfiguration"] = {
        "EmailSendingAccount": "COGNITO_DEFAULT",
        **(request.get("EmailConfiguration") or {}),
    }
    settings["VerificationMessageTemplate"] = {
        "DefaultEmailOption": "CONFIRM_WITH_CODE",
        **(request.get("VerificationMessageTemplate") or {}),
    }
    settings["UserPoolTier"] = request.get("UserPoolTier", "ESSENTIALS")
    return settings


def _lambda_config(request: Mapping[str, Any]) -> Settings:
    given = dict(request.get("LambdaConfig") or {})
    old, new = given.get("PreTokenGeneration"), given.get("PreTokenGenerationConfig")
    if old and new and old != new["LambdaArn"]:
        raise InvalidParameterException(
            "PreTokenGeneration and PreTokenGenerationConfig must have the same Lambda function ARN."
        )
    return given


def _policies(request: Mapping[str, Any]) -> Settings:
    given = (request.get("Policies") or {}).get("PasswordPolicy")
    defaults: Settings = {"MinimumLength": 8, "TemporaryPasswordValidityDays": 7}
    defaults.update(dict.fromkeys(_CLASSES, given is None))
    first = (request.get("Policies") or {}).get("SignInPolicy") or {"AllowedFirstAuthFactors": ["PASSWORD"]}
    return {"PasswordPolicy": {**defaults, **(given or {})}, "SignInPolicy": first}


def _admin_create_user(request: Mapping[str, Any], policies: Settings) -> Settings:
    given = request.get("AdminCreateUserConfig") or {}
    password = (request.get("Policies") or {}).get("PasswordPolicy") or {}
    old, new = given.get("UnusedAccountValidityDays"), password.get("TemporaryPasswordValidityDays")
    if old is not None and new is not None and old != new:
        raise InvalidParameterException(
            "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays"
        )
    if old is not None and new is None:
        policies["PasswordPolicy"]["TemporaryPasswordValidityDays"] = old
    days = policies["PasswordPolicy"]["TemporaryPasswordValidityDays"]
    return {"AllowAdminCreateUserOnly": False, **given, "UnusedAccountValidityDays": days}


def schema(given: list[Mapping[str, Any]]) -> list[Settings]:
    """SchemaAttributes: AWS's 20 standard attributes, changed by ``given``, and its custom ones."""
    attributes = {attribute["Name"]: attribute for attribute in _standard()}
    for entry in given:
        if entry.get("Name") in attributes:
            standard = attributes[entry["Name"]]
            standard.update({key: entry[key] for key in entry if key in ("Required", "Mutable")})
            for key in _LIMITS.values():
                standard.update({key: _limits(entry, key)} if entry.get(key) else {})
        else:
            custom = custom_attribute(entry)
            attributes[custom["Name"]] = custom
    return list(attributes.values())


def custom_attribute(entry: Mapping[str, Any]) -> Settings:
    """A custom attribute as DescribeUserPool shows it.

    Raises InvalidParameterException if it is required, has no name, or limits that are no numbers.
    """
    if not entry.get("Name"):
        raise InvalidParameterException("The name of a schema attribute must be given.")  # guess: the text
    if entry.get("Required"):
        raise InvalidParameterException("Required custom attributes are not supported currently.")
    developer_only = bool(entry.get("DeveloperOnlyAttribute"))
    bare = entry["Name"].removeprefix("dev:").removeprefix("custom:")
    data_type = entry.get("AttributeDataType", "String")
    made: Settings = {
        "Name": ("dev:custom:" if developer_only else "custom:") + bare,
        "AttributeDataType": data_type,
        "DeveloperOnlyAttribute": developer_only,
        "Mutable": entry.get("Mutable", True),
        "Required": False,
    }
    limits = _LIMITS.get(data_type)
    if limits:
        made[limits] = _limits(entry, limits)
    return made


def _limits(entry: Mapping[str, Any], kind: str) -> Settings:
    given = dict(entry.get(kind) or {})
    for name, value in given.items():
        if not re.fullmatch(r"-?\d{1,38}" if kind == _LIMITS["Number"] else r"\d{1,4}", value):
            raise InvalidParameterException(f"{entry['Name']}: {name} is not a valid number: {value}")
    return given


def _standard() -> list[Settings]:
    special = {
        "sub": _attribute("sub", "String", "1", mutable=False, required=True),
        "birthdate": _attribute("birthdate", "String", "10", longest="10"),
        "email_verified": _attribute("email_verified", "Boolean"),
        "phone_number_verified": _attribute("phone_number_verified", "Boolean"),
        "updated_at": {**_attribute("updated_at", "Number"), "NumberAttributeConstraints": {"MinValue": "0"}},
        "identities": {**_attribute("identities", "String"), "StringAttributeConstraints": {}},
    }
    return [special.get(name) or _attribute(name, "String", "0") for name in _STANDARD]


def _attribute(
    name: str,
    data_type: str,
    shortest: str = "",
    *,
    longest: str = "2048",
    mutable: bool = True,
    required: bool = False,
) -> Settings:
    made: Settings = {
        "Name": name,
        "AttributeDataType": data_type,
        "DeveloperOnlyAttribute": False,
        "Mutable": mutable,
        "Required": required,
    }
    if shortest:
        made["StringAttributeConstraints"] = {"MinLength": shortest, "MaxLength": longest}
    return made


def describe(ctx: Context, pool: Pool) -> Settings:
    """UserPoolType, as DescribeUserPool and CreateUserPool answer it."""
    count = ctx.store.one("SELECT users FROM cognito_idp_user_counts WHERE user_pool_id = ?", (pool.id,))
    domain = ctx.store.one("SELECT domain FROM cognito_idp_domains WHERE user_pool_id = ?", (pool.id,))
    shown = {name: value for name, value in pool.settings.items() if name not in APART}
    shown |= {
        "Id": pool.id,
        "Arn": arn(ctx, pool.id),
        "CreationDate": pool.created_at,
        "LastModifiedDate": pool.modified_at,
        "EstimatedNumberOfUsers": count["users"] if count else 0,
    }
    return shown | ({"Domain": domain["domain"]} if domain else {})


async def change_part(ctx: Context, pool: Pool, name: str, apply: Callable[[Pool], Any]) -> Pool:
    """Replace what is kept apart under ``name`` by what ``apply`` makes of it; otherwise as ``change``."""
    return await change(ctx, pool, lambda fresh: {**fresh.settings, name: apply(fresh)})


async def change(ctx: Context, pool: Pool, apply: Callable[[Pool], Settings]) -> Pool:
    """Replace a pool's settings by what ``apply`` makes of the pool as it is stored then.

    Returns the changed pool. Raises ResourceNotFoundException if it was deleted meanwhile, and what ``apply``
    raises.
    """
    now = ctx.clock.now()

    def write(tx: Transaction) -> Pool:
        fresh = find(tx, pool.id)
        if fresh is None:
            raise ResourceNotFoundException(f"User pool {pool.id} does not exist.")
        settings = apply(fresh)
        save(tx, pool.id, orjson.dumps(settings).decode(), now)
        return replace(fresh, settings=settings, modified_at=now)

    return await ctx.store.write(write)


def save(tx: Transaction, pool_id: str, settings: str, now: float) -> None:
    """Store a pool's settings (JSON); creates the pool if it is new."""
    tx.execute(
        """INSERT INTO cognito_idp_pools (user_pool_id, settings, created_at, modified_at)
           VALUES (:id, :settings, :now, :now)
           ON CONFLICT (user_pool_id) DO UPDATE SET settings = :settings, modified_at = :now""",
        {"id": pool_id, "settings": settings, "now": now},
    )
