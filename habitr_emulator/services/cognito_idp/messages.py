"""The mail and SMS that a pool sends: to where, in which words.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-message-customizations.html
"""

import re
from dataclasses import dataclass
from typing import Any

from habitr_emulator.kernel import inbox
from habitr_emulator.kernel.ids import derived_text
from habitr_emulator.kernel.inbox import Message
from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import verification_links
from habitr_emulator.services.cognito_idp.keys import Keyring
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.cognito_idp.triggers import NO_CLIENT, Occasion, function_of
from habitr_emulator.services.cognito_idp.triggers.custom_email_sender import custom_email_sender
from habitr_emulator.services.cognito_idp.triggers.custom_message import CODE, USERNAME, custom_message
from habitr_emulator.services.cognito_idp.triggers.custom_sms_sender import custom_sms_sender
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context

_FIRST = ("phone_number", "email")
_CODE_TEXT = "Your verification code is {####}. "
_INVITATION = "Your username is {username} and temporary password is {####}. "
_MFA_TEXT = "Your authentication code is {####}. "
#: By DeliveryMedium: the function that a pool may have for sending, its key in LambdaConfig and its trigger.
_SENDERS = {"EMAIL": ("CustomEmailSender", custom_email_sender), "SMS": ("CustomSMSSender", custom_sms_sender)}


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
    for attribute in _FIRST:
        if attribute in pool.auto_verified and user.attributes.get(attribute):
            return Destination(attribute, user.attributes[attribute])
    return None


def first_address(pool: Pool) -> str:
    """The kind of address that the code of a sign-up goes to by preference."""
    return next((attribute for attribute in _FIRST if attribute in pool.auto_verified), "email")


async def pretended(ctx: Context, name: str, attribute: str) -> dict[str, str]:
    """CodeDeliveryDetails for a user who does not exist, of a client that hides that; the same each time.

    A name that is an address seems to be sent its code there.
    """
    if "@" in name:
        return Destination("email", name).details()
    if re.fullmatch(r"\+\d{5,15}", name):
        return Destination("phone_number", name).details()
    secret = (await ctx.account.part(Keyring).secret("unknown users")).hex()
    if attribute == "phone_number":
        return Destination(attribute, "+1555555" + derived_text(4, "0123456789", secret, "phone", name)).details()
    letters = [derived_text(1, "abcdefghijklmnopqrstuvwxyz", secret, part, name) for part in ("name", "host")]
    return Destination("email", f"{letters[0]}@{letters[1]}").details()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way: ``store`` it in the transaction that stores its code, tell of it when that is done.

    ``message`` is None if a function of the pool sends it; then the inbox never sees it.
    """

    occasion: Occasion
    source: str
    medium: str
    code: str
    message: Message | None

    def store(self, tx: Transaction) -> None:
        """Put the message into the inbox."""
        if self.message is not None:
            inbox.deliver(tx, self.message)

    def told(self) -> None:
        """Wake those who wait for the inbox, or hand the code to the pool's own sender."""
        if self.message is None:
            _SENDERS[self.medium][1](self.occasion, self.source, self.code)
        else:
            self.occasion.ctx.account.bus.publish("inbox.delivered")


async def compose(occasion: Occasion, source: str, destination: Destination, code: str) -> Outgoing:
    """The message that carries ``code``, worded by the CustomMessage trigger or the pool's templates.

    ``source`` is the trigger source (``CustomMessage_SignUp``). Raises what the trigger raises.
    """
    if function_of(occasion.pool, _SENDERS[destination.medium][0]):
        return Outgoing(occasion, source, destination.medium, code, None)
    message = await _worded(occasion, source, destination, code)
    return Outgoing(occasion, source, destination.medium, code, message)


async def _worded(occasion: Occasion, source: str, destination: Destination, code: str) -> Message:
    linked = destination.medium == "EMAIL" and verification_links.used(occasion.pool, source)
    wording = await custom_message(occasion, source, linked=linked)
    subject, mail, sms = _templates(occasion.pool, source)
    text = (wording.mail or mail) if destination.medium == "EMAIL" else (wording.sms or sms)
    user = occasion.user

    def fill(template: str) -> str:
        text = verification_links.filled(occasion, template, code) if linked else template
        return text.replace(USERNAME, user.username).replace(CODE, code)

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
    sms = template.get("SmsMessage") or pool.settings.get("SmsVerificationMessage") or _CODE_TEXT
    if verification_links.used(pool, source):
        return (*verification_links.templates(pool), sms)
    return (
        template.get("EmailSubject") or pool.settings.get("EmailVerificationSubject") or "Your verification code",
        template.get("EmailMessage") or pool.settings.get("EmailVerificationMessage") or _CODE_TEXT,
        sms,
    )


def _invitation(pool: Pool) -> tuple[str, str, str]:
    template: dict[str, Any] = pool.settings["AdminCreateUserConfig"].get("InviteMessageTemplate") or {}
    return (
        template.get("EmailSubject") or "Your temporary password",
        template.get("EmailMessage") or _INVITATION,
        template.get("SMSMessage") or _INVITATION,
    )
