"""Pools that confirm a sign-up by a link in the mail (DefaultEmailOption CONFIRM_WITH_LINK).

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-email-verification-message-customization.html
"""

import re
from html import escape
from urllib.parse import urlencode

from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.cognito_idp.triggers import Occasion

#: Where a text has the link: ``{##Click here##}``.
PLACE = re.compile(r"\{##(.*?)##\}", re.DOTALL)
# guess: only the mails of a sign-up have links; an address changed later is verified by its code
_SOURCES = ("CustomMessage_SignUp", "CustomMessage_ResendCode")
_SUBJECT = "Your verification link"
_TEXT = "Please click the link below to verify your email address. {##Verify Email##} "


def used(pool: Pool, source: str) -> bool:
    """Whether the mail of a trigger source carries a link."""
    return source in _SOURCES and (
        pool.settings["VerificationMessageTemplate"]["DefaultEmailOption"] == "CONFIRM_WITH_LINK"
    )


def templates(pool: Pool) -> tuple[str, str]:
    """Subject and text of the mail."""
    template = pool.settings["VerificationMessageTemplate"]
    return template.get("EmailSubjectByLink") or _SUBJECT, template.get("EmailMessageByLink") or _TEXT


def filled(occasion: Occasion, text: str, code: str) -> str:
    """``text`` with its place made a link to the hosted UI, which redeems the code."""
    parameters = {
        "client_id": occasion.client_id,
        "user_name": occasion.user.username,
        "confirmation_code": code,
    }
    address = f"{_hosted_ui(occasion)}/confirmUser?{urlencode(parameters)}"
    return PLACE.sub(lambda place: f'<a href="{escape(address)}">{place[1]}</a>', text)


def _hosted_ui(occasion: Occasion) -> str:
    """The hosted UI at this machine's address: that of AWS could not be opened from the mail."""
    sql = "SELECT domain FROM cognito_idp_domains WHERE user_pool_id = ?"
    row = occasion.ctx.store.one(sql, (occasion.pool.id,))
    return f"{occasion.ctx.account.endpoint}/_habitr/hosted/{row['domain'] if row else occasion.pool.id}"
