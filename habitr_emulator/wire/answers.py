"""What every protocol's answer has in common."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.wire.http import Headers


@dataclass(frozen=True, slots=True)
class Answer:
    """How an answer is to be sent: the request's id, further headers, and a status that overrides the model's.

    ``method`` is the request's: HEAD has no body.
    """

    request_id: str
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 0
    method: str = "POST"


def why_header(error: AwsError) -> dict[str, str]:
    """``x-habitr-why``, if the error says why: one line of printable ASCII."""
    return {"x-habitr-why": one_line(error.why)} if error.why else {}


def one_line(text: str) -> str:
    """A text that is safe as a header value."""
    line = " ".join(text.split()).encode("ascii", "backslashreplace").decode()
    return "".join(character for character in line if character.isprintable())[:1024]


def media_type(headers: Headers) -> str:
    """The Content-Type without its parameters, in lower case."""
    return headers.get("content-type").partition(";")[0].strip().lower()
