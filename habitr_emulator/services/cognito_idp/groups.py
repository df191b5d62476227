"""Groups and who is in them.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-user-groups.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.cognito_idp.errors import ResourceNotFoundException
from habitr_emulator.services.cognito_idp.pools import Reader
from habitr_emulator.services.cognito_idp.users import User, from_rows


@dataclass(frozen=True, slots=True)
class Standing:
    """What a user is by its groups: the claims cognito:groups, cognito:roles, cognito:preferred_role."""

    groups: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    preferred_role: str | None = None


def find(reader: Reader, pool_id: str, name: str) -> Row | None:
    """A group's row, or None."""
    sql = "SELECT * FROM cognito_idp_groups WHERE user_pool_id = ? AND group_name = ?"
    return reader.one(sql, (pool_id, name))


def require(reader: Reader, pool_id: str, name: str) -> Row:
    """A group's row; raises ResourceNotFoundException."""
    group = find(reader, pool_id, name)
    if group is None:
        raise ResourceNotFoundException("Group not found.")
    return group


def described(group: Row) -> dict[str, Any]:
    """GroupType."""
    shown = {
        "GroupName": group["group_name"],
        "UserPoolId": group["user_pool_id"],
        "Description": group["description"],
        "RoleArn": group["role_arn"],
        "Precedence": group["precedence"],
        "CreationDate": group["created_at"],
        "LastModifiedDate": group["modified_at"],
    }
    return {name: value for name, value in shown.items() if value is not None}


def of_user(reader: Reader, user: User, after: str = "", limit: int = 1000) -> list[Row]:
    """The groups of a user, in order of their names."""
    sql = """SELECT g.* FROM cognito_idp_memberships m JOIN cognito_idp_groups g
             ON g.user_pool_id = m.user_pool_id AND g.group_name = m.group_name
             WHERE m.user_pool_id = ? AND m.username = ? AND m.group_name > ? ORDER BY m.group_name LIMIT ?"""
    return reader.all(sql, (user.pool_id, user.username, after, limit))


def members(reader: Reader, pool_id: str, name: str, after: str, limit: int) -> list[User]:
    """A page of a group's users, in order of their names."""
    sql = """SELECT u.* FROM cognito_idp_memberships m JOIN cognito_idp_users u
             ON u.user_pool_id = m.user_pool_id AND u.username = m.username
             WHERE m.user_pool_id = ? AND m.group_name = ? AND m.username > ? ORDER BY m.username LIMIT ?"""
    return from_rows(reader.all(sql, (pool_id, name, after, limit)))


def listed(reader: Reader, pool_id: str, after: str, limit: int) -> list[Row]:
    """A page of a pool's groups, in order of their names."""
    sql = """SELECT * FROM cognito_idp_groups WHERE user_pool_id = ? AND group_name > ?
             ORDER BY group_name LIMIT ?"""
    return reader.all(sql, (pool_id, after, limit))


def save(tx: Transaction, pool_id: str, settings: Mapping[str, Any], now: float) -> Row:
    """Store a group with the members of CreateGroup; creates it if it is new. Returns its row."""
    tx.execute(
        """INSERT INTO cognito_idp_groups VALUES (:pool, :name, :description, :role, :precedence, :now, :now)
           ON CONFLICT DO UPDATE SET description = excluded.description, role_arn = excluded.role_arn,
           precedence = excluded.precedence, modified_at = excluded.modified_at""",
        {
            "pool": pool_id,
            "name": settings["GroupName"],
            "description": settings.get("Description"),
            "role": settings.get("RoleArn"),
            "precedence": settings.get("Precedence"),
            "now": now,
        },
    )
    return require(tx, pool_id, settings["GroupName"])


def standing(reader: Reader, user: User) -> Standing:
    """The user's groups by precedence (lower first, none last) and their roles.

    The preferred role is that of the lowest precedence; groups that tie with different roles leave none.
    """
    rows = sorted(of_user(reader, user), key=_rank)
    with_roles = [row for row in rows if row["role_arn"]]
    best = {row["role_arn"] for row in with_roles if _rank(row) == _rank(with_roles[0])}
    return Standing(
        tuple(row["group_name"] for row in rows),
        tuple(dict.fromkeys(row["role_arn"] for row in with_roles)),
        best.pop() if len(best) == 1 else None,
    )


def _rank(group: Row) -> float:
    precedence = group["precedence"]
    return float("inf") if precedence is None else float(precedence)
