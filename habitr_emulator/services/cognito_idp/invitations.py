"""The message with which AdminCreateUser sends the temporary password."""

from collections.abc import Sequence

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp.messages import Destination, compose
from habitr_emulator.services.cognito_idp.triggers import Occasion

_ATTRIBUTE = {"EMAIL": "email", "SMS": "phone_number"}


async def send(occasion: Occasion, password: str, mediums: Sequence[str]) -> None:
    """Send the invitation by each wanted medium for which the user has an address.

    guess: AWS refuses a medium without address; here nothing is sent then. Raises what CustomMessage raises.
    """
    messages = [
        await compose(occasion, "CustomMessage_AdminCreateUser", Destination(name, address), password)
        for name in (_ATTRIBUTE[medium] for medium in mediums)
        if (address := occasion.user.attributes.get(name))
    ]
    if messages:

        def write(tx: Transaction) -> None:
            for message in messages:
                message.store(tx)

        await occasion.ctx.store.write(write)
        for message in messages:
            message.told()
