"""The resolvers of what ``@model``, ``@primaryKey``, ``@index`` and ``@auth`` generate."""

from collections.abc import Iterator, Sequence

from habitr_emulator.amplify.auth import filters, grants, redaction, subscriptions, writes
from habitr_emulator.amplify.auth.identity import DELIMITER, Check
from habitr_emulator.amplify.resolvers import (
    composite_keys,
    create,
    delete,
    get,
    index_query,
    steps,
    subscription,
    sync,
    update,
)
from habitr_emulator.amplify.resolvers import list as listing
from habitr_emulator.amplify.resolvers.documents import key_maker, mutation_result, result
from habitr_emulator.amplify.resolvers.steps import Step
from habitr_emulator.amplify.transform import model as models
from habitr_emulator.amplify.transform import relations
from habitr_emulator.amplify.transform.document import base
from habitr_emulator.amplify.transform.resources import Resources
from habitr_emulator.amplify.transform.transformation import Key, Model, Transformation
from habitr_emulator.services.appsync.spec import Function, Native, Resolver, ResolverContext

Resolvers = dict[tuple[str, str], Resolver]


class ModelResolvers:
    """Makes every resolver of one model."""

    def __init__(self, transformation: Transformation, model: Model, resources: Resources) -> None:
        self.transformation, self.model, self.resources = transformation, model, resources
        self.table = f"{model.name}Table"
        self.key = key_maker(model.key.hash, model.key.sort)
        self.key_attributes = tuple(name for name in (model.key.hash, model.key.range_attribute) if name)
        self.policy = grants.Policy(model.name, resources.iam)
        self.sandbox = grants.sandbox(self.policy, enabled=transformation.sandbox)

    def all(self) -> Resolvers:
        """By (type, field)."""
        made: Resolvers = {}
        roots = self.transformation.document.roots
        for kind, verb, field in models.operations(self.transformation, self.model):
            found = [*self._for_templates(verb), *self._steps(verb)]
            made[roots[kind], field.name] = self._assembled(roots[kind], field.name, kind, found)
        for key in self.model.indexes:
            if key.query:
                found = self._index(key)
                made[roots["query"], key.query] = self._assembled(roots["query"], key.query, "query", found)
        made.update(self._fields())
        return made

    def _assembled(self, owner: str, name: str, kind: str, found: Sequence[Step]) -> Resolver:
        slots = {
            "query": steps.QUERY_SLOTS,
            "mutation": steps.MUTATION_SLOTS,
            "subscription": steps.SUBSCRIPTION_SLOTS,
        }[kind]
        user = self.resources.user_templates.get((owner, name))
        stash = {
            "typeName": owner,
            "fieldName": name,
            "tableName": self.resources.table_name(self.model),
            "metadata": {"dataSourceType": "AMAZON_DYNAMODB", "apiId": self.resources.api_id},
        }
        return steps.assemble(f"{owner}{name}", list(found), user, slots, stash)

    def _for_templates(self, verb: str) -> Iterator[Step]:
        """What replaced data templates of models with their own key look for in ``$ctx.stash``."""
        name = self.model.mutations.get(verb) or self.model.queries.get(verb)
        user = [found for (_, field), found in self.resources.user_templates.items() if field == name]
        if not user or not self.model.custom_key or verb not in ("get", "update", "delete", "create"):
            return

        def put_key(ctx: ResolverContext) -> None:
            values = ctx.arguments if verb == "get" else ctx.arguments["input"]
            ctx.stash.setdefault("metadata", {})["modelObjectKey"] = self.key(values).typed

        yield Step("preAuth", put_key)

    def _steps(self, verb: str) -> list[Step]:
        match verb:
            case "get":
                return [
                    self._read_auth("get"),
                    Step("data", None, self.table, get.request(self.key), get.response),
                ]
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

    def _read_auth(self, operation: str, key: Key | None = None) -> Step:
        access = self.model.access
        if access is None:
            return Step("postAuth", self.sandbox)
        found = key or self.model.key
        attributes = tuple(name for name in (found.hash, found.range_attribute) if name)
        roles = access.with_operation(operation)
        check = filters.query_check(self.policy, roles, operation, attributes, index=key is not None)
        return Step("auth", check)

    def _list(self, verb: str) -> list[Step]:
        key, custom = self.model.key, self.model.custom_key
        keyed = custom and verb == "list"
        found = [Step("preAuth", listing.argument_check(key.hash, key.sort))] if keyed else []
        request = sync.request if verb == "sync" else listing.request(key.hash if custom else None, key.sort)
        return [*found, self._read_auth(verb), Step("data", None, self.table, request, result)]

    def _index(self, key: Key) -> list[Step]:
        request = index_query.request(key.name or "", key.hash, key.sort)
        return [self._read_auth("list", key), Step("data", None, self.table, request, result)]

    def _create(self) -> Iterator[Step]:
        model, access = self.model, self.model.access
        shape = create.CreateShape(
            model.name,
            self.key,
            self.key_attributes,
            "id" in model.output.fields and base(model.output.fields["id"].type) in ("ID", "String"),
            model.timed,
            frozenset(key.hash for key in model.indexes if not key.implicit),
            model.defaults,
            self._composites(primary=True),
        )
        yield from self._take_version()
        yield Step("init", create.init(shape))
        yield from self._index_checks("create")
        if access is None:
            yield Step("postAuth", self.sandbox)
        else:
            given = writes.create_grants(access, self._automatic())
            populate = self.transformation.flags.populateownerfieldforstaticgroupauth
            yield Step("auth", writes.create_check(self.policy, given, populate=populate))
        yield Step("data", None, self.table, create.request(shape), mutation_result)

    def _update(self) -> Iterator[Step]:
        model, access = self.model, self.model.access
        stamp = model.updated if model.updated in model.timed else ""
        shape = update.UpdateShape(
            self.key,
            self.key_attributes,
            frozenset(model.key.fields),
            stamp,
            self._composites(primary=False),
        )
        yield from self._take_version()
        yield Step("init", update.init(shape))
        yield from self._index_checks("update")
        if access is None:
            yield Step("postAuth", self.sandbox)
        else:
            given = writes.update_grants(access, self._automatic(), model.key.hash)
            yield self._judge(writes.update_check(self.policy, given), given)
        yield Step(
            "data", None, self.table, self._versioned(update.request(shape)), self._answered(mutation_result)
        )

    def _delete(self) -> list[Step]:
        request = self._versioned(delete.request(self.key, self.key_attributes))
        data = Step("data", None, self.table, request, self._answered(mutation_result))
        if self.model.access is None:
            return [*self._take_version(), Step("postAuth", self.sandbox), data]
        given = writes.delete_grants(self.model.access)
        return [*self._take_version(), self._judge(writes.delete_check(self.policy, given), given), data]

    def _automatic(self) -> writes.Automatic:
        """What a create or an update writes beside the fields of its input."""
        model = self.model
        indexes = [key.sort for key in model.indexes if len(key.sort) > 1 and not key.implicit]
        primary = [model.key.sort] if len(model.key.sort) > 1 else []
        return writes.Automatic(
            frozenset(relations.writable_foreign_keys(self.transformation, model)), tuple(primary), tuple(indexes)
        )

    def _take_version(self) -> Iterator[Step]:
        if self.transformation.synced(self.model.name):
            yield Step("init", sync.take_version)

    def _answered(self, response: Native) -> Native:
        return sync.answered(response) if self.transformation.synced(self.model.name) else response

    def _versioned(self, request: Native) -> Native:
        return sync.versioned(request) if self.transformation.synced(self.model.name) else request

    def _judge(self, check: Check, given: Sequence[writes.Grant]) -> Step:
        request = delete.read_stored(self.key, writes.decided_modes(given))
        return Step("auth", None, self.table, request, delete.judge_stored(check))

    def _index_checks(self, verb: str) -> Iterator[Step]:
        for key in self.model.indexes:
            if len(key.sort) > 1 and not key.implicit:
                yield Step("preAuth", composite_keys.index_check(verb, key.name or "", key.sort))

    def _composites(self, *, primary: bool) -> composite_keys.Writer:
        sorts = [key.sort for key in self.model.indexes]
        if primary:
            sorts.append(self.model.key.sort)
        return composite_keys.attribute_writer([sort for sort in sorts if len(sort) > 1])

    def _subscription(self) -> list[Step]:
        data = Step("data", None, None, subscription.request)
        if self.model.level == "public":
            return [data]
        access = self.model.access
        if access is None:
            return [Step("postAuth", self.sandbox), data]
        return [Step("auth", subscriptions.subscription_check(self.policy, access.with_operation("listen"))), data]

    def _fields(self) -> Resolvers:
        """Guarded fields, and owner fields whose stored value has several parts."""
        access, made = self.model.access, {}
        if access is None:
            return {}
        for name in access.fields:
            readers = access.field_readers(name)
            if readers is not None and name not in self.model.relations:
                check = redaction.field_check(self.policy, name, readers)
                made[name] = redaction.guarded_field(name, check, heard=self.model.level == "on")
        if self.transformation.flags.usesubusernamefordefaultidentityclaim:
            for role in access.roles.values():
                if role.strategy == "owner" and DELIMITER in role.claim:
                    guarded = made.get(role.entity)
                    made[role.entity] = (
                        redaction.stripped(guarded) if guarded else redaction.owner_field(role.entity)
                    )
        return {
            (self.model.name, name): Resolver("UNIT", (Function(f"{self.model.name}{name}Field", None, native),))
            for name, native in made.items()
        }
