"""The ARNs that IAM's own operations are authorized on."""

from typing import Any

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam.errors import ValidationError


def role(request: dict[str, Any], ctx: Context) -> str:
    """Of the role named in a request, with its path."""
    return _arn(ctx, "role", request["RoleName"])


def user(request: dict[str, Any], ctx: Context) -> str:
    """Of the user named in a request, else of the caller."""
    name = user_name(request, ctx)
    return _arn(ctx, "user", name) if name else ctx.caller.arn


def renamed_user(request: dict[str, Any], ctx: Context) -> list[str]:
    """Of a user before and after its renaming: a caller needs rights on both."""
    before = _arn(ctx, "user", request["UserName"])
    path, _, name = before.partition(":user")[2].rpartition("/")
    path, name = request.get("NewPath") or f"{path}/", request.get("NewUserName") or name
    return [before, ctx.account.arn("iam", f"user{path}{name}", region=False)]


def group(request: dict[str, Any], ctx: Context) -> str:
    """Of the group named in a request."""
    return _arn(ctx, "group", request["GroupName"])


def source(request: dict[str, Any], ctx: Context) -> str:
    """Of the role, user or group whose policies are simulated."""
    return str(request["PolicySourceArn"])


def policy(request: dict[str, Any], ctx: Context) -> str:
    """Of the managed policy named in a request."""
    return str(request["PolicyArn"])


def new_policy(request: dict[str, Any], ctx: Context) -> str:
    """Of the managed policy that a request makes."""
    return ctx.account.arn("iam", f"policy{request.get('Path', '/')}{request['PolicyName']}", region=False)


def user_name(request: dict[str, Any], ctx: Context) -> str:
    """The user a request names, else the calling user's name; empty for the administrator.

    Raises ValidationError for callers that are no user.
    """
    named = request.get("UserName") or ctx.caller.conditions.get("aws:username", "")
    if not named and not ctx.caller.root:
        raise ValidationError("Must specify userName when calling with non-User credentials")
    return str(named)


def root_user(ctx: Context) -> dict[str, Any]:
    """What GetUser answers the administrator."""
    return {"Path": "/", "UserId": ctx.account.account_id, "Arn": ctx.caller.arn, "CreateDate": 0.0}


def _arn(ctx: Context, kind: str, name: str) -> str:
    row = ctx.store.one(f"SELECT path, name FROM iam_{kind}s WHERE name = ?", (name,))  # noqa: S608
    path, name = (row["path"], row["name"]) if row is not None else ("/", name)
    return ctx.account.arn("iam", f"{kind}{path}{name}", region=False)
