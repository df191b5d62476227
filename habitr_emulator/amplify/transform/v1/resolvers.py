"""The resolvers of what version 1's ``@model``, ``@key``, ``@versioned``, ``@connection``, ``@auth`` generate."""

from collections.abc import Iterator, Sequence

from habitr_emulator.amplify.auth import redaction
from habitr_emulator.amplify.auth.v1 import reads, writes
from habitr_emulator.amplify.auth.v1.judge import Judges, judges
from habitr_emulator.amplify.auth.v1.rules import for_operation
from habitr_emulator.amplify.resolvers import (
    composite_keys,
    create,
    delete,
    get,
    index_query,
    relation,
    subscription,
    sync,
    update,
    v1,
)
from habitr_emulator.amplify.resolvers import list as listing
from habitr_emulator.amplify.resolvers.documents import mutation_result, result
from habitr_emulator.amplify.resolvers.steps import Step
from habitr_emulator.amplify.transform import model_resolvers, subscriptions
from habitr_emulator.amplify.transform.document import base, is_list, non_null
from habitr_emulator.amplify.transform.transformation import Key, Model, Relation, Transformation
from habitr_emulator.services.appsync.spec import Function, Native, Resolver


def field_judges(transformation: Transformation, place: tuple[str, str], operation: str = "read") -> Judges:
    """The judges of a field's own rules; empty if it has none."""
    owner, name = place
    model = transformation.models.get(owner)
    rules = model.field_rules.get(name, ()) if model else transformation.fields_rules.get(place, ())
    return judges(f"{owner}.{name}", operation, for_operation(rules, operation))


class ModelResolvers(model_resolvers.ModelResolvers):
    """Makes every resolver of one model."""

    def all(self) -> model_resolvers.Resolvers:
        """By (type, field)."""
        made = super().all()
        for name, found in self.model.relations.items():
            made[self.model.name, name] = self._relation(name, found)
        return made

    def _assembled(self, owner: str, name: str, kind: str, found: Sequence[Step]) -> Resolver:
        """A project's own request template replaces the generated one with all its checks."""
        user = self.resources.user_templates.get((owner, name))
        kept = [step for step in found if step.slot == "data"] if user and user.request else found
        return super()._assembled(owner, name, kind, kept)

    def _judges(self, operation: str, model: Model | None = None) -> Judges:
        found = model or self.model
        return judges(found.name, operation, for_operation(found.rules, operation))

    def _fields_judges(self, operation: str) -> dict[str, Judges]:
        places = ((self.model.name, name) for name in self.model.field_rules)
        return {name: field_judges(self.transformation, (owner, name), operation) for owner, name in places}

    @property
    def _lists(self) -> frozenset[str]:
        return frozenset(name for name, field in self.model.output.fields.items() if is_list(field.type))

    def _steps(self, verb: str) -> list[Step]:
        match verb:
            case "get":
                response = reads.single(self._judges("get"), get.response)
                return [Step("data", None, self.table, get.request(self.key), response)]
            case "list" | "sync":
                return self._list(verb)
            case "create":
                return list(self._create())
            case "update":
                return list(self._update())
            case "delete":
                return self._delete()
            case _:
                return self._subscription()

    def _list(self, verb: str) -> list[Step]:
        key, custom = self.model.key, self.model.custom_key
        check = Step("preAuth", listing.argument_check(key.hash, key.sort))
        found = [check] if custom and verb == "list" else []
        plain = sync.request if verb == "sync" else listing.request(key.hash if custom else None, key.sort)
        request = v1.with_filter(plain)
        response = reads.page(self._judges("read" if verb == "sync" else "list"), result)
        return [*found, Step("data", None, self.table, request, response)]

    def _index(self, key: Key) -> list[Step]:
        query = index_query.request(key.name or "", key.hash, key.sort)
        request = v1.with_filter(v1.index_request(query, key.hash))
        response = reads.page(self._judges("read"), result)
        check = Step("preAuth", v1.index_check(key.hash, key.sort))
        return [check, Step("data", None, self.table, request, response)]

    def _create(self) -> Iterator[Step]:
        model = self.model
        shape = create.CreateShape(
            model.name,
            self.key,
            self.key_attributes,
            "id" in model.output.fields,
            model.timed,
            frozenset(),
            {},
            self._composites(primary=True),
        )
        yield from self._take_version()
        yield Step("init", v1.forget_nulls(("id", *model.timed)))
        yield Step("init", create.init(shape))
        check = writes.create_check(self._judges("create"), self._fields_judges("create"), self._lists)
        yield Step("preAuth", check)
        yield from self._index_checks("create")
        if model.versioned:
            yield Step("auth", v1.first_version(model.versioned.field))
        yield Step("auth", v1.condition_check)
        yield Step("data", None, self.table, create.request(shape), self._written("create"))

    def _update(self) -> Iterator[Step]:
        model = self.model
        stamp = model.updated if model.updated in model.timed else ""
        keys = frozenset(model.key.fields)
        shape = update.UpdateShape(self.key, self.key_attributes, keys, stamp, self._composites(primary=False))
        required = frozenset(name for name, field in model.declared.items() if non_null(field.type))
        yield from self._take_version()
        fields = self._fields_judges("update"), self._fields_judges("delete")
        yield Step("init", writes.condition_check(self._judges("update"), *fields, self._lists))
        yield from self._index_checks("update")
        yield from self._version_checks(counts=True)
        yield Step("auth", v1.required_check(required))
        yield Step("auth", v1.forget_nulls((stamp,)))
        yield Step("auth", update.init(shape))
        yield Step("auth", v1.condition_check)
        yield Step("data", None, self.table, self._versioned(update.request(shape)), self._written("update"))

    def _delete(self) -> list[Step]:
        request = self._versioned(delete.request(self.key, self.key_attributes))
        return [
            *self._take_version(),
            Step("preAuth", writes.condition_check(self._judges("delete"), {}, {}, self._lists)),
            *self._version_checks(counts=False),
            Step("auth", v1.condition_check),
            Step("data", None, self.table, request, self._written("delete")),
        ]

    def _version_checks(self, *, counts: bool) -> Iterator[Step]:
        versioned = self.model.versioned
        if versioned:
            yield Step("auth", v1.expected_version(versioned.field, versioned.input, counts=counts))

    def _index_checks(self, verb: str) -> Iterator[Step]:
        for key in reversed(self.model.indexes):  # each template stands before those that were there
            if len(key.sort) > 1 and not key.implicit:
                yield Step("preAuth", composite_keys.index_check(verb, key.name or "", key.sort, "key"))

    def _written(self, verb: str) -> Native:
        """The response of a mutation: marked if subscribers could see guarded fields in it."""
        model = self.model
        event = next(event for event, of in subscriptions.EVENTS.items() if of == verb)
        guarded = any(for_operation(rules, verb) for rules in model.field_rules.values())
        heard = guarded and model.level == "on" and event in model.subscriptions
        return self._answered(mutation_result if heard else result)

    def _subscription(self) -> list[Step]:
        data = Step("data", None, None, subscription.request)
        if self.model.level == "public":
            return [data]
        return [Step("auth", reads.subscription_check(self._judges("read"))), data]

    def _fields(self) -> model_resolvers.Resolvers:
        """Fields with rules of their own."""
        made: model_resolvers.Resolvers = {}
        model = self.model
        for name, rules in model.field_rules.items():
            if for_operation(rules, "read") and name not in model.relations:
                check = reads.field_check(field_judges(self.transformation, (model.name, name)))
                native = redaction.guarded_field(name, check, heard=model.level == "on")
                made[model.name, name] = Resolver("UNIT", (Function(f"{model.name}{name}Field", None, native),))
        return made

    def _relation(self, name: str, found: Relation) -> Resolver:
        """A connection: guarded by its own rules, then filtered by the related type's."""
        many, related = found.kind == "hasMany", self.transformation.models[found.related]
        sort = found.key.sort if many or len(found.local) > 1 else ()
        index = found.key.name if many else None
        shape = relation.RelationShape(
            found.local, found.key.hash, sort, index, found.limit, text=many and found.key.implicit
        )
        readers = self._judges("read", related)
        if many:
            request, response = v1.with_filter(relation.to_many(shape)), reads.page(readers, result)
        else:
            request, response = relation.to_one(shape), reads.single(readers, get.response)
        if self.model.level == "on" and for_operation(self.model.field_rules.get(name, ()), "read"):
            response = reads.unheard(response)
        own = field_judges(self.transformation, (self.model.name, name))
        steps = [Step("auth", reads.field_check(own))] if own else []
        data = Step("data", None, f"{base(found.related)}Table", request, response)
        return super()._assembled(self.model.name, name, "query", [*steps, data])
