"""GetAccountSummary: how many entities the account has, and how many it may have.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam.access_keys import KEYS_A_USER
from habitr_emulator.services.iam.policy_versions import MOST_VERSIONS
from habitr_emulator.services.registry import Input, Output, operation

_COUNTED = {
    "Users": "SELECT count(*) AS n FROM iam_users",
    "Groups": "SELECT count(*) AS n FROM iam_groups",
    "Roles": "SELECT count(*) AS n FROM iam_roles",
    "Policies": "SELECT count(*) AS n FROM iam_managed_policies",
    "PolicyVersionsInUse": "SELECT count(*) AS n FROM iam_policy_versions",
}
#: AWS's default quotas; of these only the keys of a user and the versions of a policy are enforced here.
_QUOTAS = {
    "UsersQuota": 5000,
    "GroupsQuota": 300,
    "RolesQuota": 1000,
    "PoliciesQuota": 1500,
    "GroupsPerUserQuota": 10,
    "AccessKeysPerUserQuota": KEYS_A_USER,
    "VersionsPerPolicyQuota": MOST_VERSIONS,
}


@operation(action="iam:GetAccountSummary")
async def get_account_summary(request: Input, ctx: Context) -> Output:
    """GetAccountSummary."""
    counts = {name: ctx.store.all(sql)[0]["n"] for name, sql in _COUNTED.items()}
    return {"SummaryMap": {**counts, **_QUOTAS}}
