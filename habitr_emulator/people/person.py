"""One person: signs up, signs in, and asks the API, as an application does on a person's behalf."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from habitr_emulator.people.proof import Proof
from habitr_emulator.people.public import Keys, Public, Refused
from habitr_emulator.services.cognito_idp.impersonation import tokens_of
from habitr_emulator.services.context import Caller

if TYPE_CHECKING:
    from habitr_emulator.people.subscription import Heard

#: The password of people who were given none.
PASSWORD = "Habitr-2026"  # noqa: S105 - a documented one, for people who do not exist
_VOTE = """mutation Vote($habitId: ID!, $type: VoteType!) {
  vote(habitId: $habitId, type: $type) {
    habit { id tagline category details ups downs owner } user { username displayUsername name } } }"""


class Person:
    """A user of the project's pool. Tokens are got when they are first needed."""

    def __init__(self, public: Public, username: str, password: str = PASSWORD) -> None:
        self._public = public
        self.username, self.password = username, password
        self.tokens: dict[str, str] = {}
        self._keys: tuple[str, Keys] | None = None

    @property
    def email(self) -> str:
        """The address of a person who was given none; in a pool of e-mail addresses, the name is one."""
        return self.username if "@" in self.username else f"{self.username.lower()}@example.com"

    async def sign_up(self, attributes: Mapping[str, str] | None = None) -> None:
        """SignUp, and ConfirmSignUp with the code from the inbox. Raises Refused and Lacking."""
        given = {"email": self.email, **(attributes or {})}
        client = {"ClientId": self._public.part("app_client_id"), "Username": self.username}
        listed = [{"Name": name, "Value": value} for name, value in given.items()]
        request = {**client, "Password": self.password, "UserAttributes": listed}
        made = await self._public.call("cognito-idp", "SignUp", request)
        if made["UserConfirmed"]:
            return
        pool_id = self._public.part("user_pool_id")
        messages = self._public.inbox.messages(username=self.username, user_pool_id=pool_id)
        codes = [message["code"] for message in messages if message["code"]]
        if codes:
            await self._public.call("cognito-idp", "ConfirmSignUp", {**client, "ConfirmationCode": codes[-1]})
        else:  # a pool that sends no codes
            await self._public.admin("AdminConfirmSignUp", {"Username": self.username})

    async def sign_in(self) -> None:
        """USER_SRP_AUTH with the application's client. Raises Refused, also where a password is not enough."""
        client = self._public.part("app_client_id")
        proof = Proof(self._public.part("user_pool_id"), self.password)
        start = {"USERNAME": self.username, "SRP_A": proof.a}
        begun = await self._public.call(
            "cognito-idp",
            "InitiateAuth",
            {"AuthFlow": "USER_SRP_AUTH", "ClientId": client, "AuthParameters": start},
        )
        responses = proof.answer(begun["ChallengeParameters"], self._public.clock)
        answer = {"ChallengeName": begun["ChallengeName"], "ClientId": client, "ChallengeResponses": responses}
        done = await self._public.call("cognito-idp", "RespondToAuthChallenge", answer)
        if "AuthenticationResult" not in done:
            name = done.get("ChallengeName", "")
            raise Refused(name, f"{self.username} cannot sign in with a password alone")
        self.tokens = done["AuthenticationResult"]
        self._keys = None

    async def be_signed_in(self) -> None:
        """Tokens as ``/_habitr/token`` gives them, for someone whose password is not known. Raises AwsError and
        Lacking.
        """
        pool_id, client_id = self._public.part("user_pool_id"), self._public.part("app_client_id")
        context = self._public.account.context(Caller("service", arn="cognito-idp.amazonaws.com"))
        self.tokens = await tokens_of(context, pool_id, client_id, self.username)
        self._keys = None

    async def token(self, use: str = "access") -> str:
        """The access token, or the ID token with ``id``; signs in if need be."""
        if not self.tokens:
            await self.sign_in()
        return self.tokens["IdToken" if use == "id" else "AccessToken"]

    async def graphql(self, query: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The ``data`` of a request. Raises GraphqlErrors and Refused."""
        return await self._public.graphql(query, variables or {}, {"authorization": await self.token()})

    async def subscribe(self, query: str, variables: Mapping[str, Any] | None = None) -> "Heard":
        """Listen to a subscription from now on. Raises GraphqlErrors and Refused."""
        from habitr_emulator.people.subscription import subscribe

        return await subscribe(self._public, query, variables or {}, await self.token())

    async def vote(self, habit_id: str, kind: str = "upvote") -> dict[str, Any]:
        """Vote on a habit of Habitr: upvote, downvote, removeUpvote, removeDownvote."""
        answer: dict[str, Any] = (await self.graphql(_VOTE, {"habitId": habit_id, "type": kind}))["vote"]
        return answer

    async def credentials(self) -> tuple[str, Keys]:
        """The identity id and the temporary keys that the identity pool gives this person."""
        if self._keys is None:
            config = self._public.config
            pool = {"IdentityPoolId": self._public.part("identity_pool_id")}
            provider = f"cognito-idp.{config['region']}.amazonaws.com/{config['user_pool_id']}"
            logins = {"Logins": {provider: await self.token("id")}}
            identity = (await self._public.call("cognito-identity", "GetId", pool | logins))["IdentityId"]
            request = {"IdentityId": identity, **logins}
            answer = await self._public.call("cognito-identity", "GetCredentialsForIdentity", request)
            given = answer["Credentials"]
            keys = Keys(given["AccessKeyId"], given["SecretKey"], given["SessionToken"])
            self._keys = (identity, keys)
        return self._keys

    async def upload(self, level: str, key: str, body: bytes, media_type: str) -> str:
        """Put a file where Amplify Storage keeps it (``guest``, ``protected``, ``private``); the object's key."""
        identity, keys = await self.credentials()
        full = f"public/{key}" if level == "guest" else f"{level}/{identity}/{key}"
        await self._public.put_object(full, body, media_type, keys)
        return full
