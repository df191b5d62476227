"""GetCSVHeader: the columns of the file that a user import job reads.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetCSVHeader.html
"""

from habitr_emulator.services.cognito_idp import pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation

_STANDARD = (
    "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture",
    "website", "email", "email_verified", "gender", "birthdate", "zoneinfo", "locale", "phone_number",
    "phone_number_verified", "address", "updated_at",
)  # fmt: skip


@operation(action="cognito-idp:GetCSVHeader", resources=pools.resource)
async def get_csv_header(request: Input, ctx: Context) -> Output:
    """The standard attributes, the pool's own, and what Cognito keeps. Raises ResourceNotFoundException."""
    pool = pools.require(ctx, request["UserPoolId"])
    own = [a["Name"] for a in pool.settings["SchemaAttributes"] if ":" in a["Name"]]
    return {"UserPoolId": pool.id, "CSVHeader": [*_STANDARD, *own, "cognito:mfa_enabled", "cognito:username"]}
