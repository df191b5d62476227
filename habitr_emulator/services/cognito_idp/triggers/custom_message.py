"""CustomMessage: words the mail or SMS that carries a code.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html
"""

from dataclasses import dataclass

from habitr_emulator.services.cognito_idp.triggers import Occasion, expect, fire, user_attributes

CODE = "{####}"
USERNAME = "{username}"


@dataclass(frozen=True, slots=True)
class Wording:
    """What the trigger wants to be sent; None leaves it to the pool's templates."""

    sms: str | None = None
    mail: str | None = None
    subject: str | None = None


async def custom_message(occasion: Occasion, source: str) -> Wording:
    """Fire ``source`` (``CustomMessage_SignUp``). A text without the code (and, in an invitation, the user name)
    is not used. Raises what ``fire`` raises.
    """
    invitation = source == "CustomMessage_AdminCreateUser"
    request = {
        "userAttributes": user_attributes(occasion),
        "codeParameter": CODE,
        "linkParameter": "{##Click Here##}",
        "usernameParameter": USERNAME if invitation else None,
        "clientMetadata": dict(occasion.metadata),
    }
    empty = dict.fromkeys(("smsMessage", "emailMessage", "emailSubject"))
    answer = await fire(occasion, source, request, empty)
    needed = (CODE, USERNAME) if invitation else (CODE,)

    def usable(name: str) -> str | None:
        text: str | None = expect("CustomMessage", answer.get(name), str)
        return text if text and all(part in text for part in needed) else None

    subject: str | None = expect("CustomMessage", answer.get("emailSubject"), str)
    return Wording(usable("smsMessage"), usable("emailMessage"), subject)
