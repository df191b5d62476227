"""UpdateAssumeRolePolicy: another trust policy for a role.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, documents, identities
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:UpdateAssumeRolePolicy", resources=arns.role)
async def update_assume_role_policy(request: Input, ctx: Context) -> Output:
    """UpdateAssumeRolePolicy."""
    document = request["PolicyDocument"]
    documents.read(document, "trust")

    def write(tx: Transaction) -> None:
        identities.check(tx, "role", request["RoleName"])
        tx.execute("UPDATE iam_roles SET trust_policy = ? WHERE name = ?", (document, request["RoleName"]))

    await ctx.store.write(write)
    return {}
