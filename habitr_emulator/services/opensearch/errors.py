"""OpenSearch's refusals. https://opensearch.org/docs/latest/api-reference/"""

from habitr_emulator.kernel.errors import AwsError


class IndexNotFoundException(AwsError):
    """There is no index of that name."""

    code = "index_not_found_exception"
    status = 404
    default_message = "no such index"


class IllegalArgumentException(AwsError):
    """The request asks for what the field or the window does not allow."""

    code = "illegal_argument_exception"
    status = 400
    default_message = "illegal argument"


class ParsingException(AwsError):
    """The query is none."""

    code = "parsing_exception"
    status = 400
    default_message = "unknown query"
