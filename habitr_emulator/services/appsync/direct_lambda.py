"""Direct Lambda resolvers: functions without templates, which are sent the whole context.

https://docs.aws.amazon.com/appsync/latest/devguide/resolver-mapping-template-reference-lambda.html#direct-lambda-resolvers
"""

from typing import Any

from habitr_emulator.services.appsync.spec import Function, ResolverContext


def direct_document(ctx: ResolverContext, function: Function) -> dict[str, Any]:
    """The document of a function without request template: a direct Lambda resolver is sent the whole context."""
    operation = "BatchInvoke" if function.max_batch_size else "Invoke"
    info = ctx.info
    payload = {
        "arguments": ctx.arguments,
        "identity": None if ctx.identity is None else dict(ctx.identity),
        "source": ctx.source,
        "request": {"headers": dict(ctx.request_headers), "domainName": ctx.domain_name},
        "prev": {"result": ctx.prev_result},
        "info": {
            "selectionSetList": list(info.selection_set_list),
            "selectionSetGraphQL": info.selection_set_graphql,
            "fieldName": info.field_name,
            "parentTypeName": info.parent_type_name,
            "variables": dict(info.variables),
        },
        "stash": ctx.stash,
    }
    return {"version": "2018-05-29", "operation": operation, "payload": payload}
