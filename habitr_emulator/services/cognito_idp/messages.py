"""The mail and SMS that a pool sends: to where, in which words.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-message-customizations.html
"""

from dataclasses import dataclass
from typing import Any

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.kernel.ids import derived_text
from habitr_emulator.kernel.inbox import Message
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.cognito_idp.triggers import NO_CLIENT, Occasion, function_of
from habitr_emulator.services.cognito_idp.triggers.custom_message import (
    CODE,
    USERNAME,
    Wording,
    custom_message,
)
from habitr_emulator.services.cognito_idp.users import User

_CODE_TEXT = "Your verification code is {####}. "
_INVITATION = "Your username is {username} and temporary password is {####}. "
_MFA_TEXT = "Your authentication code is {####}. "


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a message goes: ``attribute`` is ``email`` or ``phone_number``, ``address`` its unmasked value."""

    attribute: str
    address: str

    @property
    def medium(self) -> str:
        """EMAIL or SMS."""
        return "EMAIL" if self.attribute == "email" else "SMS"

    @property
    def masked(self) -> str:
        """The address as AWS shows it to whoever asked for a code."""
        if self.attribute == "email":
            name, _, host = self.address.partition("@")
            return f"{name[:1]}***@{host[:1]}***"
        return "+" + "*" * max(0, len(self.address) - 5) + self.address[-4:]

    def details(self) -> dict[str, str]:
        """CodeDeliveryDetailsType."""
        return {"Destination": self.masked, "DeliveryMedium": self.medium, "AttributeName": self.attribute}


def for_sign_up(pool: Pool, user: User) -> Destination | None:
    """Where the code of a sign-up goes: an auto-verified address, SMS before mail; None if there is none."""
    for attribute in ("phone_number", "email"):
        if attribute in pool.auto_verified and user.attributes.get(attribute):
            return Destination(attribute, user.attributes[attribute])
    return None


def pretended(name: str) -> dict[str, str]:
    """CodeDeliveryDetails for a user who does not exist, of a client that hides that; the same each time."""
    letters = [derived_text(1, "abcdefghijklmnopqrstuvwxyz", part, name) for part in ("name", "host")]
    return Destination("email", f"{letters[0]}@{letters[1]}").details()


async def compose(occasion: Occasion, source: str, destination: Destination, code: str) -> Message:
    """The message that carries ``code``, worded by the CustomMessage trigger or the pool's templates.

    ``source`` is the trigger source (``CustomMessage_SignUp``). Raises what the trigger raises, and NotBuilt for
    a pool that sends by a function of its own.
    """
    sender = "CustomEmailSender" if destination.medium == "EMAIL" else "CustomSMSSender"
    if function_of(occasion.pool, sender):
        raise NotBuilt(
            f"The {sender} trigger is not built in habitr-emulator.",
            why=f"its codes are encrypted with KMS; take {sender} out of LambdaConfig and read the inbox",
        )
    wording = Wording()
    if function_of(occasion.pool, "CustomMessage"):
        wording = await custom_message(occasion, source)
    subject, mail, sms = _templates(occasion.pool, source)
    text = (wording.mail or mail) if destination.medium == "EMAIL" else (wording.sms or sms)
    user = occasion.user

    def fill(template: str) -> str:
        return template.replace(USERNAME, user.username).replace(CODE, code)

    return Message(
        user_pool_id=occasion.pool.id,
        username=user.username,
        sub=user.sub,
        destination=destination.address,
        medium=destination.medium,
        trigger=source,
        subject=fill(wording.subject or subject) if destination.medium == "EMAIL" else "",
        body=fill(text),
        code=code,
        sent_at=occasion.ctx.clock.now(),
        client_id=None if occasion.client_id == NO_CLIENT else occasion.client_id,
    )


def _templates(pool: Pool, source: str) -> tuple[str, str, str]:
    """Subject, mail and SMS of a trigger source."""
    if source == "CustomMessage_AdminCreateUser":
        return _invitation(pool)
    if source == "CustomMessage_Authentication":
        factors = pool.settings.get("Factors") or {}
        mail = factors.get("EmailMfaConfiguration") or {}
        sms = (factors.get("SmsMfaConfiguration") or {}).get("SmsAuthenticationMessage")
        return (
            mail.get("Subject") or "Your authentication code",
            mail.get("Message") or _MFA_TEXT,
            sms or pool.settings.get("SmsAuthenticationMessage") or _MFA_TEXT,
        )
    template: dict[str, Any] = pool.settings["VerificationMessageTemplate"]
    return (
        template.get("EmailSubject") or pool.settings.get("EmailVerificationSubject") or "Your verification code",
        template.get("EmailMessage") or pool.settings.get("EmailVerificationMessage") or _CODE_TEXT,
        template.get("SmsMessage") or pool.settings.get("SmsVerificationMessage") or _CODE_TEXT,
    )


def _invitation(pool: Pool) -> tuple[str, str, str]:
    template: dict[str, Any] = pool.settings["AdminCreateUserConfig"].get("InviteMessageTemplate") or {}
    return (
        template.get("EmailSubject") or "Your temporary password",
        template.get("EmailMessage") or _INVITATION,
        template.get("SMSMessage") or _INVITATION,
    )
