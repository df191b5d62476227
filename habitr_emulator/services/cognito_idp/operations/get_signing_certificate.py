"""GetSigningCertificate: the certificate by which a SAML provider knows the pool.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetSigningCertificate.html
"""

from habitr_emulator.services.cognito_idp import certificate, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:GetSigningCertificate", resources=pools.resource)
async def get_signing_certificate(request: Input, ctx: Context) -> Output:
    """The certificate, base64 of DER, the same each time. Raises ResourceNotFoundException."""
    pool = pools.require(ctx, request["UserPoolId"])
    return {"Certificate": await certificate.of(ctx, pool)}
