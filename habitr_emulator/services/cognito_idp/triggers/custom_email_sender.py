"""CustomEmailSender: sends the pool's mail itself; the inbox then sees none.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-email-sender.html
"""

from base64 import b64encode

from habitr_emulator.services.cognito_idp.triggers import Occasion, tell, user_attributes


def custom_email_sender(occasion: Occasion, source: str, code: str) -> None:
    """Hand ``code`` to the function; ``source`` is that of the CustomMessage trigger in whose place it runs.

    On AWS ``request.code`` is the code encrypted with the pool's KMS key by the AWS Encryption SDK, in base64.
    There is no KMS here: it is the code itself in base64, for a function that leaves out the decryption.
    """
    request = {
        "type": "customEmailSenderRequestV1",
        "code": b64encode(code.encode()).decode(),
        "clientMetadata": dict(occasion.metadata) or None,
        "userAttributes": user_attributes(occasion),
    }
    tell(occasion, "CustomEmailSender", source.replace("CustomMessage", "CustomEmailSender"), request)
