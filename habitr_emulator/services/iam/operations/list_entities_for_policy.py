"""ListEntitiesForPolicy: whom a managed policy is attached to.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListEntitiesForPolicy.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, identities, managed_policies
from habitr_emulator.services.iam.paging import page
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:ListEntitiesForPolicy", resources=arns.policy)
async def list_entities_for_policy(request: Input, ctx: Context) -> Output:
    """ListEntitiesForPolicy."""
    wanted = request.get("EntityFilter", "").lower()
    holders = [
        holder for holder in managed_policies.holders(ctx, request["PolicyArn"]) if wanted in ("", holder[0])
    ]
    shown = page("Holders", holders, request)
    found: dict[str, list[dict[str, str]]] = {"PolicyGroups": [], "PolicyUsers": [], "PolicyRoles": []}
    for kind, name in shown.pop("Holders"):
        word = kind.capitalize()
        entry = {f"{word}Name": name, f"{word}Id": identities.require(ctx, kind, name)["id"]}
        found[f"Policy{word}s"].append(entry)
    return {**found, **shown}
