"""Which buckets exist."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Bucket:
    """A bucket; ``cors_rules`` as CORSConfiguration.CORSRules, ``policy`` a bucket policy document,
    ``notifications`` as NotificationConfiguration.LambdaFunctionConfigurations.
    """

    bucket_name: str
    cors_rules: tuple[Mapping[str, Any], ...] = ()
    policy: Mapping[str, Any] | None = None
    notifications: tuple[Mapping[str, Any], ...] = ()
