"""The GraphQL Transformer's feature flags. A flag that ``cli.json`` does not name takes the value that the
Amplify CLI gives to existing projects.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

#: Directives that only version 1 has.
V1_DIRECTIVES = ("connection", "key", "versioned")


@dataclass(frozen=True)
class Flags:
    """``features.graphqltransformer`` of ``cli.json``; see
    https://docs.amplify.aws/gen1/javascript/tools/cli/reference/feature-flags/
    """

    #: The owner claim is ``sub::username``; off, the bare user name.
    usesubusernamefordefaultidentityclaim: bool = True
    #: A secondary key with the table's own hash key is a GSI, not an LSI.
    secondarykeyasgsi: bool = False
    #: An ``@index`` without ``queryField`` still gets a query.
    enableautoindexquerynames: bool = False
    #: Implicit foreign keys take the names and types of the key that they refer to.
    respectprimarykeyattributesonconnectionfield: bool = False
    #: ``@model(queries: {get: ..})`` keeps the other defaults.
    shoulddeepmergedirectiveconfigdefaults: bool = False
    #: A creator who is authorized by a static group also fills the owner field.
    populateownerfieldforstaticgroupauth: bool = False
    #: Relational fields are not redacted in mutation responses.
    subscriptionsinheritprimaryauth: bool = False
    #: Version 1: an owner field that the type does not declare is added to it.
    addmissingownerfields: bool = False
    #: Version 1: real plurals instead of an added ``s``.
    improvepluralization: bool = False
    #: Which transformer; None if ``cli.json`` does not say.
    transformerversion: int | None = None
    useexperimentalpipelinedtransformer: bool | None = None

    def version(self, schema: str) -> int:
        """The transformer's version: as the flags say, else 1 if ``schema`` uses directives that only it has."""
        if self.transformerversion is not None:
            return self.transformerversion
        if self.useexperimentalpipelinedtransformer is not None:
            return 2 if self.useexperimentalpipelinedtransformer else 1
        return 1 if any(f"@{name}" in schema for name in V1_DIRECTIVES) else 2

    @classmethod
    def read(cls, features: Mapping[str, Any]) -> "Flags":
        """From ``features.graphqltransformer``; names are compared without case, unknown ones do not matter."""
        given = {name.lower(): value for name, value in features.items()}
        return cls(**{item.name: given[item.name] for item in fields(cls) if item.name in given})
