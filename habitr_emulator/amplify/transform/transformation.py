"""What the directives of one schema share while they are expanded: the document that becomes AppSync's, the
models found in it, and how the project is configured.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from habitr_emulator.amplify.transform.document import Directive, Document, Field, Type, base
from habitr_emulator.amplify.transform.flags import Flags
from habitr_emulator.amplify.transform.inputs import SCALARS
from habitr_emulator.kernel.errors import ProjectError

if TYPE_CHECKING:
    from habitr_emulator.amplify.auth.roles import AccessControl
    from habitr_emulator.amplify.auth.v1.rules import Rule


@dataclass(frozen=True, slots=True)
class Key:
    """A primary key or an index; ``name`` is None for the primary key. ``implicit`` indexes belong to an
    ``@hasMany`` without fields and are named ``gsi-<Type>.<field>``.
    """

    hash: str
    sort: tuple[str, ...] = ()
    name: str | None = None
    query: str | None = None
    implicit: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """All fields, the hash first."""
        return (self.hash, *self.sort)

    @property
    def range_attribute(self) -> str | None:
        """The attribute that DynamoDB sorts by: the sort field, or the sort fields' names joined by ``#``."""
        return "#".join(self.sort) or None


@dataclass(slots=True)
class Relation:
    """A relational field. ``local`` are the source's attributes that hold the key, in the order of ``key``;
    ``key`` is the related model's primary key, or the index that an ``@hasMany`` queries. ``references`` are the
    related type's fields that refer to this one (``@belongsTo``: this type's that refer to the related one).
    """

    kind: str
    field: Field
    related: str
    fields: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    index: str | None = None
    limit: int = 100
    local: tuple[str, ...] = ()
    key: Key = Key("id")


@dataclass(frozen=True, slots=True)
class Versioned:
    """``@versioned``: the field that counts, and the input that says which count is meant."""

    field: str
    input: str


@dataclass(slots=True)
class Model:
    """A type with ``@model``. ``declared`` are the fields as written; ``output`` is the type in AppSync's
    schema. ``queries`` and ``mutations`` map the operation to its name, ``subscriptions`` to its names.
    ``created`` and ``updated`` name the timestamp fields ("" for none), ``timed`` those that are filled in.
    ``heard`` is the level as Amplify's check of required fields takes it: ``subscriptions: null`` counts as on.
    ``rules``, ``field_rules`` and ``versioned`` are version 1's, ``access`` is version 2's.
    """

    name: str
    output: Type
    declared: dict[str, Field]
    queries: dict[str, str] = field(default_factory=dict)
    mutations: dict[str, str] = field(default_factory=dict)
    subscriptions: dict[str, list[str]] = field(default_factory=dict)
    level: str = "on"
    heard: bool = True
    created: str = "createdAt"
    updated: str = "updatedAt"
    timed: tuple[str, ...] = ()
    key: Key = Key("id")
    custom_key: bool = False
    indexes: list[Key] = field(default_factory=list)
    relations: dict[str, Relation] = field(default_factory=dict)
    defaults: dict[str, Any] = field(default_factory=dict)
    foreign_keys: list[str] = field(default_factory=list)
    access: "AccessControl | None" = None
    search: str | None = None
    table: str = ""
    join: bool = False
    rules: "tuple[Rule, ...]" = ()
    field_rules: "dict[str, tuple[Rule, ...]]" = field(default_factory=dict)
    versioned: Versioned | None = None


@dataclass(slots=True)
class Transformation:
    """One run of the transformer. ``providers`` are the API's auth modes as ``@auth`` names them, the default
    first; ``sandbox`` is the global public rule; ``conflict`` names the models with conflict resolution, ""
    for all of them.
    ``version`` is the transformer's, ``configured`` that of ``transform.conf.json``, which version 1 looks at.
    ``admins``: there are signed callers whom no rule binds.
    """

    document: Document
    flags: Flags
    providers: tuple[str, ...]
    file: str = ""
    sandbox: bool = False
    conflict: frozenset[str] = frozenset()
    version: int = 2
    configured: int = 5
    admins: bool = False
    models: dict[str, Model] = field(default_factory=dict)
    fields_access: dict[tuple[str, str], "AccessControl"] = field(default_factory=dict)
    fields_rules: "dict[tuple[str, str], tuple[Rule, ...]]" = field(default_factory=dict)

    def refuse(self, message: str, at: Directive | Field | Type) -> NoReturn:
        """Raise ProjectError with the place of a definition."""
        raise ProjectError(message, file=self.file, line=at.line, column=at.column)

    def synced(self, model: str) -> bool:
        """Whether DataStore syncs a model: its items have versions."""
        return "" in self.conflict or model in self.conflict

    def add_operation(self, operation: str, field: Field, at: Type) -> None:
        """Add a generated field to a root type. Raises ProjectError if the schema has one of its name."""
        root = self.document.root(operation)
        if field.name in root.fields:
            self.refuse(f"Object type extension '{root.name}' cannot redeclare field {field.name}", at)
        root.fields[field.name] = field

    def is_scalar_or_enum(self, type_text: str) -> bool:
        """Whether the type, or the type of its list entries, is a scalar or an enum."""
        named = base(type_text)
        return named in SCALARS or self.document.is_enum(named)

    def attribute_type(self, type_text: str) -> str:
        """The DynamoDB type of a key attribute: ``S`` or ``N``."""
        return "N" if SCALARS.get(base(type_text)) in ("Int", "Float") else "S"

    def key_field(self, model: Model, name: str) -> Field:
        """A field that a key names; ``id`` may be undeclared."""
        return model.declared.get(name) or model.output.fields.get(name) or Field(name, "ID!")

    def add(self, found: Type) -> None:
        """Add a generated type unless there is one of its name."""
        self.document.types.setdefault(found.name, found)

    def add_directives(self, type_name: str, directives: list[Directive]) -> None:
        """Add directives to a type (duplicates are merged when printed)."""
        found = self.document.types.get(type_name)
        if found is not None:
            found.directives.extend(directives)
