"""/_habitr/user: the people of the project's user pool.

GET lists them; POST adds one (JSON: username, password, email, attributes, groups, confirmed);
POST <name>/confirm, <name>/password (JSON: password) and <name>/group (JSON: group, leave); DELETE <name>.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from habitr_emulator.gateway.admin import BadRequest, Control, json_body, json_response
from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.people.person import PASSWORD
from habitr_emulator.services.context import Caller
from habitr_emulator.wire.http import Request, Response

SERVICE = Caller("service", arn="cognito-idp.amazonaws.com")
MOST = 10_000


async def handle(request: Request, rest: str, control: Control) -> Response:
    """``{"users": […]}``: all, or the one that was meant, as it is then. Of an empty pool, a name that it would
    take is the ``example``.
    """
    people = _People(control)
    name, _, step = rest.partition("/")
    name = unquote(name)
    if not name:
        if request.method == "POST":
            return json_response({"users": [await people.add(json_body(request))]})
        found = await people.all()
        return json_response({"users": found} if found else {"users": [], "example": await people.example()})
    if request.method == "DELETE":
        await people.call("admin_delete_user", {"Username": name})
        return json_response({"deleted": name})
    if request.method == "POST":
        await people.change(name, step, json_body(request))
    return json_response({"users": [await people.one(name)]})


class _People:
    """The administrator's operations on the project's pool."""

    def __init__(self, control: Control) -> None:
        config = control.config()
        if "user_pool_id" not in config:
            raise BadRequest("the project has no user pool")
        self._pool, self._client = config["user_pool_id"], config["app_client_id"]
        self._services = control.account.context(SERVICE).services

    async def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """One operation of the pool; raises AwsError."""
        answer: dict[str, Any] = await getattr(self._services.cognito_idp, operation)(
            {"UserPoolId": self._pool, **request}
        )
        return answer

    async def all(self) -> list[dict[str, Any]]:
        """Everybody, page by page."""
        found: list[dict[str, Any]] = []
        token: dict[str, str] = {}
        while len(found) < MOST:
            page = await self.call("list_users", token)
            found += [_shown(user, user.get("Attributes", [])) for user in page["Users"]]
            if "PaginationToken" not in page:
                break
            token = {"PaginationToken": page["PaginationToken"]}
        return found

    async def example(self) -> str:
        """A name that somebody of this pool could sign up with."""
        pool = (await self.call("describe_user_pool", {}))["UserPool"]
        kinds = pool.get("UsernameAttributes") or ["name"]
        return {"email": "alice@example.com", "phone_number": "+15550100100"}.get(kinds[0], "alice")

    async def one(self, name: str) -> dict[str, Any]:
        """One person, with groups."""
        user = await self.call("admin_get_user", {"Username": name})
        groups = await self.call("admin_list_groups_for_user", {"Username": name})
        listed = [group["GroupName"] for group in groups["Groups"]]
        return _shown(user, user.get("UserAttributes", [])) | {"groups": listed}

    async def add(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Sign someone up, confirm unless that is not wanted, and add to the groups."""
        name, password = _text(given, "username"), _text(given, "password", PASSWORD)
        attributes = {"email": _text(given, "email", f"{name.lower()}@example.com"), **given.get("attributes", {})}
        if "@" in name:
            attributes["email"] = name
        listed = [{"Name": key, "Value": str(value)} for key, value in attributes.items()]
        client = {"ClientId": self._client, "Username": name, "Password": password}
        made = await self._services.cognito_idp.sign_up({**client, "UserAttributes": listed})
        if given.get("confirmed", True) and not made["UserConfirmed"]:  # PreSignUp may have confirmed
            await self.change(name, "confirm", {})
        for group in given.get("groups", []):
            await self.change(name, "group", {"group": group})
        return await self.one(name)

    async def change(self, name: str, step: str, given: Mapping[str, Any]) -> None:
        """Confirm, set the password, or join or leave a group. Raises BadRequest and AwsError."""
        user = {"Username": name}
        if step == "confirm":
            await self.call("admin_confirm_sign_up", user)
        elif step == "password":
            await self.call(
                "admin_set_user_password", {**user, "Password": _text(given, "password"), "Permanent": True}
            )
        elif step == "group" and given.get("leave"):
            await self.call("admin_remove_user_from_group", {**user, "GroupName": _text(given, "group")})
        elif step == "group":
            await self._join(user, _text(given, "group"))
        else:
            raise BadRequest(f"a user can be given confirm, password and group, not: {step}")

    async def _join(self, user: Mapping[str, str], group: str) -> None:
        try:
            await self.call("get_group", {"GroupName": group})
        except AwsError:
            await self.call("create_group", {"GroupName": group})
        await self.call("admin_add_user_to_group", {**user, "GroupName": group})


def _text(given: Mapping[str, Any], name: str, default: str = "") -> str:
    value = given.get(name) or default
    if not isinstance(value, str) or not value:
        raise BadRequest(f"{name} is missing, or no text")
    return value


def _shown(user: Mapping[str, Any], attributes: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "username": user["Username"],
        "status": user["UserStatus"],
        "enabled": user["Enabled"],
        "attributes": {each["Name"]: each.get("Value", "") for each in attributes},
    }
