"""Deploys the project's buckets; what is in them stays."""

from habitr_emulator.services.context import Context
from habitr_emulator.services.s3 import buckets
from habitr_emulator.services.s3.notifications import LAMBDA
from habitr_emulator.services.s3.spec import Bucket
from habitr_emulator.services.s3.sweep import Sweeper


async def deploy(context: Context, spec: Bucket) -> None:
    """Create ``spec``'s bucket or bring its settings up to date; raises InvalidBucketName.

    Also begins the background sweep of files that no object has.
    """
    buckets.check_name(spec.bucket_name)
    await buckets.create(context, spec.bucket_name)
    if spec.cors_rules:
        rules = [dict(rule) for rule in spec.cors_rules]
        await buckets.set_setting(context, spec.bucket_name, "cors", {"CORSRules": rules})
    if spec.policy is not None:
        await buckets.set_setting(context, spec.bucket_name, "policy", spec.policy)
    if spec.notifications:
        targets = {LAMBDA: [dict(target) for target in spec.notifications]}
        await buckets.set_setting(context, spec.bucket_name, "notification", targets)
    context.account.part(Sweeper).start()
