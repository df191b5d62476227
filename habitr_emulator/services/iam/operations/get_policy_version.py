"""GetPolicyVersion: the document of a managed policy, URL-encoded.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicyVersion.html
"""

from urllib.parse import quote

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, managed_policies
from habitr_emulator.services.iam.errors import NoSuchEntity
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:GetPolicyVersion", resources=arns.policy)
async def get_policy_version(request: Input, ctx: Context) -> Output:
    """GetPolicyVersion."""
    row = managed_policies.require(ctx, request["PolicyArn"])
    version = request["VersionId"]
    if version != managed_policies.DEFAULT_VERSION:
        raise NoSuchEntity(f"Policy {row['arn']} version {version} does not exist or is not attachable.")
    return {
        "PolicyVersion": {
            "Document": quote(row["document"], safe=""),
            "VersionId": version,
            "IsDefaultVersion": True,
            "CreateDate": row["created_at"],
        }
    }
