"""``@function``: invoke a Lambda function with what the field knows."""

from typing import Any

from habitr_emulator.amplify.resolvers.documents import VERSION, result
from habitr_emulator.services.appsync.spec import Function, Native, ResolverContext


def invoke(name: str, data_source: str, *, event: bool) -> Function:
    """An AppSync function that invokes the data source's Lambda function."""
    return Function(name, data_source, _request(event=event), result)


def _request(*, event: bool) -> Native:
    def make(ctx: ResolverContext) -> Any:
        payload = {
            "typeName": ctx.info.parent_type_name,
            "fieldName": ctx.info.field_name,
            "arguments": ctx.arguments,
            "identity": ctx.identity,
            "source": ctx.source,
            "request": {"headers": dict(ctx.request_headers), "domainName": ctx.domain_name},
            "prev": {"result": ctx.prev_result},
        }
        document = {"version": VERSION, "operation": "Invoke", "payload": payload}
        return {**document, "invocationType": "Event"} if event else document

    return make
