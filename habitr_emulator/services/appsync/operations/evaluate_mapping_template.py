"""EvaluateMappingTemplate: evaluate a VTL template against a context.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_EvaluateMappingTemplate.html
"""

from habitr_emulator.services.appsync.evaluation import evaluate, read_context
from habitr_emulator.services.appsync.spec import Vtl
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:EvaluateMappingTemplate")
async def evaluate_mapping_template(request: Input, ctx: Context) -> Output:
    """The output, or the error; beside it stash, appended errors and log lines. Raises BadRequestException."""
    return evaluate(Vtl(request["template"]), read_context(request["context"], ctx))
