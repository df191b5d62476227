"""Users: finding, reading, changing and storing them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, cast

import orjson

from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.cognito_idp.errors import UserNotFoundException, code_combination_not_found
from habitr_emulator.services.cognito_idp.pools import Client, Pool, Reader
from habitr_emulator.services.context import Context

#: Attributes that ListUsers filters by and aliases sign in with.
SEARCHABLE = ("email", "phone_number", "name", "given_name", "family_name", "preferred_username")
_COLUMNS = (
    "attributes", "status", "enabled", "salt", "verifier", "password_set_at", "password_history", "mfa",
    "generation", "failures", "locked_until", "modified_at",
)  # fmt: skip
_UPDATE = f"""UPDATE cognito_idp_users SET {", ".join(f"{name} = :{name}" for name in _COLUMNS)}
              WHERE user_pool_id = :user_pool_id AND username = :username"""  # noqa: S608 - fixed names
_INSERT_COLUMNS = ("user_pool_id", "username", "sub", "created_at", *_COLUMNS)
_INSERT = f"""INSERT INTO cognito_idp_users ({", ".join(_INSERT_COLUMNS)})
              VALUES ({", ".join(":" + name for name in _INSERT_COLUMNS)})"""  # noqa: S608 - fixed names


@dataclass(slots=True)
class User:
    """A user. ``attributes`` has everything but ``sub``, in the order it came, values as strings.

    ``mfa`` holds ``secret`` (base32, pending until ``verified``), ``last_step``, ``enabled`` (list of factors) and
    ``preferred``. ``generation`` counts global sign-outs: tokens of an older one are dead.
    """

    pool_id: str
    username: str
    sub: str
    attributes: dict[str, str]
    status: str
    created_at: float
    modified_at: float
    enabled: bool = True
    salt: bytes | None = None
    verifier: bytes | None = None
    password_set_at: float | None = None
    password_history: list[list[str]] = field(default_factory=list)
    mfa: dict[str, Any] = field(default_factory=dict)
    generation: int = 0
    failures: int = 0
    locked_until: float = 0.0
    _indexed: dict[str, str] = field(default_factory=dict)

    def verified(self, attribute: str) -> bool:
        """Whether an address (``email``, ``phone_number``) is there and verified."""
        return bool(self.attributes.get(attribute)) and self.attributes.get(f"{attribute}_verified") == "true"

    def listed(self, only: Callable[[str], bool] | None = None) -> list[dict[str, str]]:
        """The attributes as AWS lists them, ``sub`` first; ``only`` picks by name."""
        every = {"sub": self.sub, **self.attributes}
        return [{"Name": name, "Value": value} for name, value in every.items() if only is None or only(name)]


def find(reader: Reader, pool: Pool, name: str) -> User | None:
    """The user of a user name, sub or, where the pool has them, address or alias; None if there is none."""
    exact = by_username(reader, pool.id, pool.fold(name))
    if exact is not None:
        return exact
    row = reader.one("SELECT * FROM cognito_idp_users WHERE user_pool_id = ? AND sub = ?", (pool.id, name.lower()))
    if row is not None:
        return _user(row)
    for attribute in pool.username_attributes:
        for user in holders(reader, pool, attribute, name):
            return user
    return _by_alias(reader, pool, name)


def _by_alias(reader: Reader, pool: Pool, name: str) -> User | None:
    for attribute in pool.alias_attributes:
        for user in holders(reader, pool, attribute, name):
            if attribute == "preferred_username" or user.verified(attribute):
                return user
    return None


def by_username(reader: Reader, pool_id: str, username: str) -> User | None:
    """The user of an exact, stored user name."""
    sql = "SELECT * FROM cognito_idp_users WHERE user_pool_id = ? AND username = ?"
    row = reader.one(sql, (pool_id, username))
    return _user(row) if row else None


def holders(reader: Reader, pool: Pool, attribute: str, value: str) -> list[User]:
    """The users whom this attribute's value may sign in (at most a page of them); not those of an external
    provider, who sign in there, and whose addresses are free for others.
    """
    sql = """SELECT u.* FROM cognito_idp_user_attributes a
             JOIN cognito_idp_users u ON u.user_pool_id = a.user_pool_id AND u.username = a.username
             WHERE a.user_pool_id = ? AND a.name = ? AND a.value = ? AND u.status <> 'EXTERNAL_PROVIDER'
             LIMIT 60"""
    return [_user(row) for row in reader.all(sql, (pool.id, attribute, pool.fold(value)))]


def require(ctx: Context, pool: Pool, name: str) -> User:
    """The user; raises UserNotFoundException."""
    user = find(ctx.store, pool, name)
    if user is None:
        raise UserNotFoundException
    return user


def for_code(ctx: Context, pool: Pool, client: Client, name: str) -> User | None:
    """The user whom a code operation is about; None stands for one that must not be seen to be unknown.

    Raises UserNotFoundException if the client lets unknown users be seen.
    """
    user = find(ctx.store, pool, name)
    if user is None and not client.hides_users:
        raise code_combination_not_found()
    return user


async def change(
    ctx: Context, pool: Pool, user: User, apply: Callable[[User], None], *, touch: bool = True
) -> User:
    """Change a user in one step: ``apply`` gets the user as it is stored then. Returns the changed user.

    ``touch`` False leaves UserLastModifiedDate as it is (bookkeeping that is no change to the user).
    Raises UserNotFoundException if it was deleted meanwhile, and what ``apply`` raises.
    """
    now = ctx.clock.now()

    def write(tx: Transaction) -> User:
        fresh = again(tx, user)
        apply(fresh)
        fresh.modified_at = now if touch else fresh.modified_at
        save(tx, pool, fresh)
        return fresh

    return await ctx.store.write(write)


def again(tx: Transaction, user: User) -> User:
    """The user as it is stored now; raises UserNotFoundException if it is gone or another."""
    fresh = by_username(tx, user.pool_id, user.username)
    if fresh is None or fresh.sub != user.sub:
        raise UserNotFoundException
    return fresh


def insert(tx: Transaction, pool: Pool, user: User) -> None:
    """Store a new user; the caller has seen in the same transaction that its name is free."""
    tx.execute(_INSERT, _values(user))
    _index(tx, pool, user)


def save(tx: Transaction, pool: Pool, user: User) -> None:
    """Store a changed user."""
    tx.execute(_UPDATE, _values(user))
    _index(tx, pool, user)


def sign_out(user: User) -> None:
    """End every sign-in of the user: tokens of this generation are dead."""
    user.generation += 1


async def delete(ctx: Context, user: User) -> None:
    """Remove a user with everything that hangs on it."""
    sql = "DELETE FROM cognito_idp_users WHERE user_pool_id = ? AND username = ? AND sub = ?"
    await ctx.store.write(lambda tx: tx.execute(sql, (user.pool_id, user.username, user.sub)).rowcount)


def from_rows(rows: Iterable[Row]) -> list[User]:
    """Users of rows of ``cognito_idp_users``."""
    return [_user(row) for row in rows]


def described(user: User, only: Callable[[str], bool] | None = None) -> dict[str, Any]:
    """UserType, as ListUsers and AdminCreateUser answer it."""
    return {
        "Username": user.username,
        "Attributes": user.listed(only),
        "UserCreateDate": user.created_at,
        "UserLastModifiedDate": user.modified_at,
        "Enabled": user.enabled,
        "UserStatus": user.status,
    }


def mfa_shown(user: User) -> dict[str, Any]:
    """The members about MFA in GetUser and AdminGetUser; none for a user without."""
    shown: dict[str, Any] = {}
    if user.mfa.get("enabled"):
        shown["UserMFASettingList"] = list(user.mfa["enabled"])
    if "SMS_MFA" in user.mfa.get("enabled", ()):
        shown["MFAOptions"] = [{"DeliveryMedium": "SMS", "AttributeName": "phone_number"}]
    if user.mfa.get("preferred"):
        shown["PreferredMfaSetting"] = user.mfa["preferred"]
    return shown


def _index(tx: Transaction, pool: Pool, user: User) -> None:
    wanted = _searchables(user.attributes)
    for name in SEARCHABLE:
        before, after = user._indexed.get(name), wanted.get(name)
        if before == after:
            continue
        if before is not None:
            sql = """DELETE FROM cognito_idp_user_attributes
                     WHERE user_pool_id = ? AND name = ? AND value = ? AND username = ?"""
            tx.execute(sql, (user.pool_id, name, pool.fold(before), user.username))
        if after is not None:
            sql = "INSERT INTO cognito_idp_user_attributes VALUES (?, ?, ?, ?)"
            tx.execute(sql, (user.pool_id, name, pool.fold(after), user.username))
    user._indexed = wanted


def _searchables(attributes: dict[str, str]) -> dict[str, str]:
    return {name: attributes[name] for name in SEARCHABLE if name in attributes}


def _values(user: User) -> dict[str, Any]:
    return {
        "user_pool_id": user.pool_id,
        "username": user.username,
        "sub": user.sub,
        "attributes": orjson.dumps(user.attributes).decode(),
        "status": user.status,
        "enabled": int(user.enabled),
        "salt": user.salt,
        "verifier": user.verifier,
        "password_set_at": user.password_set_at,
        "password_history": orjson.dumps(user.password_history).decode(),
        "mfa": orjson.dumps(user.mfa).decode(),
        "generation": user.generation,
        "failures": user.failures,
        "locked_until": user.locked_until,
        "created_at": user.created_at,
        "modified_at": user.modified_at,
    }


def _user(row: Row) -> User:
    attributes = cast("dict[str, str]", orjson.loads(row["attributes"]))
    return User(
        pool_id=row["user_pool_id"],
        username=row["username"],
        sub=row["sub"],
        attributes=attributes,
        status=row["status"],
        created_at=row["created_at"],
        modified_at=row["modified_at"],
        enabled=bool(row["enabled"]),
        salt=row["salt"],
        verifier=row["verifier"],
        password_set_at=row["password_set_at"],
        password_history=orjson.loads(row["password_history"]),
        mfa=orjson.loads(row["mfa"]),
        generation=row["generation"],
        failures=row["failures"],
        locked_until=row["locked_until"],
        _indexed=_searchables(attributes),
    )
