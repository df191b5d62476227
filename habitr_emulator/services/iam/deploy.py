"""Deploys the project's roles: they and their policies are as the project says; other roles stay."""

import json

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import documents, identities
from habitr_emulator.services.iam.secret import SessionSecret
from habitr_emulator.services.iam.spec import Role

DEFAULT_SESSION_DURATION = 3600
_ROLE = """
INSERT INTO iam_roles (name, id, path, trust_policy, max_session_duration, tags, created_at)
VALUES (?, ?, '/', ?, ?, '[]', ?)
ON CONFLICT (name) DO UPDATE SET trust_policy = excluded.trust_policy
"""
_POLICY = """
INSERT INTO iam_inline_policies (kind, owner, name, document) VALUES ('role', ?, ?, ?)
ON CONFLICT (kind, owner, name) DO UPDATE SET document = excluded.document
"""


async def deploy(context: Context, spec: Role) -> None:
    """Create ``spec``'s role or bring its trust policy and the policies it names up to date.

    Policies that API calls added under other names stay. Raises MalformedPolicyDocument.
    """
    documents.parse(spec.trust_policy, "trust")
    for document in spec.policies.values():
        documents.parse(document, "identity")
    role_id = identities.derived_id("AROA", context.account, spec.role_name)
    now = context.clock.now()

    def write(tx: Transaction) -> None:
        trust = json.dumps(spec.trust_policy)
        tx.execute(_ROLE, (spec.role_name, role_id, trust, DEFAULT_SESSION_DURATION, now))
        tx.executemany(
            _POLICY, [(spec.role_name, name, json.dumps(document)) for name, document in spec.policies.items()]
        )

    await context.store.write(write)
    await context.account.part(SessionSecret).keep()
    identities.changed(context)
