"""CustomMessage: words the mail or SMS that carries a code.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html
"""

from dataclasses import dataclass

from habitr_emulator.services.cognito_idp.triggers import Occasion, expect, fire, user_attributes

CODE = "{####}"
USERNAME = "{username}"
LINK = "{##Click Here##}"


@dataclass(frozen=True, slots=True)
class Wording:
    """What the trigger wants to be sent; None leaves it to the pool's templates."""

    sms: str | None = None
    mail: str | None = None
    subject: str | None = None


async def custom_message(occasion: Occasion, source: str, *, linked: bool = False) -> Wording:
    """Fire ``source`` (``CustomMessage_SignUp``). A text without the code (in an invitation also the user name, in
    a ``linked`` mail instead the link) is not used. Raises what ``fire`` raises.
    """
    invitation = source == "CustomMessage_AdminCreateUser"
    request = {
        "userAttributes": user_attributes(occasion),
        "codeParameter": CODE,
        "linkParameter": LINK,
        "usernameParameter": USERNAME if invitation else None,
        "clientMetadata": dict(occasion.metadata),
    }
    empty = dict.fromkeys(("smsMessage", "emailMessage", "emailSubject"))
    answer = await fire(occasion, source, request, empty)
    needed = (CODE, USERNAME) if invitation else (CODE,)

    def usable(name: str, needed: tuple[str, ...]) -> str | None:
        text: str | None = expect("CustomMessage", answer.get(name), str)
        return text if text and all(part in text for part in needed) else None

    subject: str | None = expect("CustomMessage", answer.get("emailSubject"), str)
    mail = usable("emailMessage", ("{##", "##}") if linked else needed)
    return Wording(usable("smsMessage", needed), mail, subject)
