"""``transform``: an annotated schema in, AppSync's schema, resolvers, data sources and tables out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from habitr_emulator.amplify.transform import (
    custom_resolvers,
    relation_resolvers,
    resources,
    schema,
)
from habitr_emulator.amplify.transform.flags import Flags
from habitr_emulator.amplify.transform.model_resolvers import ModelResolvers, Resolvers
from habitr_emulator.amplify.transform.parsing import parse_schema
from habitr_emulator.amplify.transform.printing import print_sdl
from habitr_emulator.amplify.transform.resources import Resources
from habitr_emulator.amplify.transform.search_resolvers import SEARCH_SOURCE, search_resolver
from habitr_emulator.amplify.transform.transformation import Model, Transformation
from habitr_emulator.amplify.transform.validation import validate
from habitr_emulator.services.appsync.spec import DataSource, Resolver
from habitr_emulator.services.dynamodb.spec import Table

#: Flags that a case with a version has without naming them; for version 1, those of a project as the last CLI
#: of that version made it.
_NAMED_BY_VERSION: Mapping[str, Mapping[str, Any]] = {
    "v1": {"transformerversion": 1, "addmissingownerfields": True, "secondarykeyasgsi": True},
    "v2": {"transformerversion": 2},
}


@dataclass(frozen=True, slots=True)
class Transformed:
    """What the transformer made; ``tables`` maps a model to its table."""

    sdl: str
    models: Mapping[str, Model] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    resolvers: Mapping[tuple[str, str], Resolver] = field(default_factory=dict)
    data_sources: Mapping[str, DataSource] = field(default_factory=dict)


def expand(
    text: str,
    *,
    flags: Flags,
    providers: Sequence[str],
    file: str = "",
    sandbox: bool = False,
    conflict: Collection[str] = (),
    configured: int = 5,
    admins: bool = False,
) -> tuple[Transformation, schema.CustomFields]:
    """Parse, check and expand a schema. ``providers`` are the auth modes as ``@auth`` names them (``userPools``,
    ``apiKey``, ``iam``, ``oidc``, ``function``), the default first. Raises ProjectError.
    """
    document, tree = parse_schema(text, file or "GraphQL request")
    version = flags.version(text)
    validate(tree, file, version)
    transformation = Transformation(
        document, flags, tuple(providers), file, sandbox, frozenset(conflict), version, configured, admins
    )
    if version == 1:
        from habitr_emulator.amplify.transform.v1 import schema as v1_schema

        return transformation, v1_schema.expand(transformation)
    return transformation, schema.expand(transformation)


def transform(text: str, *, to: Resources, **how: Any) -> Transformed:
    """Transform a schema for an API; ``how`` are the arguments of ``expand``. Raises ProjectError."""
    transformation, custom = expand(text, **how)
    return finish(transformation, custom, to)


def finish(transformation: Transformation, custom: schema.CustomFields, to: Resources) -> Transformed:
    """Resolvers, data sources and tables of an expanded schema."""
    found: dict[tuple[str, str], Resolver] = {}
    sources: dict[str, DataSource] = {}
    made = _v1_resolvers if transformation.version == 1 else _v2_resolvers
    for model in transformation.models.values():
        sources[f"{model.name}Table"] = resources.data_source(model, to)
        found.update(made(transformation, model, to))
        if model.search:
            sources[SEARCH_SOURCE] = DataSource(SEARCH_SOURCE, "AMAZON_OPENSEARCH_SERVICE")
            found[transformation.document.roots["query"], model.search] = search_resolver(
                transformation, model, to
            )
    others, more = custom_resolvers.resolvers(transformation, custom, to)
    found.update(others)
    sources.update(more)
    tables = {model.name: resources.table(transformation, model, to) for model in transformation.models.values()}
    return Transformed(print_sdl(transformation.document), transformation.models, tables, found, sources)


def _v1_resolvers(transformation: Transformation, model: Model, to: Resources) -> Resolvers:
    from habitr_emulator.amplify.transform.v1 import resolvers

    return resolvers.ModelResolvers(transformation, model, to).all()


def _v2_resolvers(transformation: Transformation, model: Model, to: Resources) -> Resolvers:
    found = ModelResolvers(transformation, model, to).all()
    for name, relation in model.relations.items():
        found[model.name, name] = relation_resolvers.resolver(transformation, model, relation, to)
    return found


def _synced(config: Mapping[str, Any]) -> list[str]:
    """The models that a ``ResolverConfig`` names, "" for all."""
    return [""] if config.get("project") else list(config.get("models") or ())


def schema_sdl(source: Path | str, case: Mapping[str, Any] | None = None) -> str:
    """The AppSync SDL of a schema file or text. ``case`` tells what a project would: ``version`` (``v1`` or
    ``v2``), ``modes`` (auth modes, the default first), ``flags`` (a mapping of feature flags), ``sandbox``,
    ``resolverConfig``. Raises ProjectError.
    """
    given = case or {}
    text, file = (source.read_text(), str(source)) if isinstance(source, Path) else (source, "")
    features = {**_NAMED_BY_VERSION.get(given.get("version", ""), {}), **(given.get("flags") or {})}
    transformation, _ = expand(
        text,
        flags=Flags.read(features),
        providers=given.get("modes") or ("apiKey",),
        file=file,
        sandbox=bool(given.get("sandbox")),
        conflict=_synced(given.get("resolverConfig") or {}),
    )
    return print_sdl(transformation.document)
