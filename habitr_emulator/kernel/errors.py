"""The base of every refusal that a client sees."""

from typing import Any, ClassVar


class AwsError(Exception):
    """An AWS error: code, HTTP status and message as AWS gives them, and why in plain words.

    A service derives one class per AWS exception in its own ``errors.py``. The class attributes ``code``,
    ``status`` and ``message`` are the defaults; ``fields`` are further members of the error body
    (``CancellationReasons``, ``BucketName`` ...). ``why`` is one sentence for the person who runs the
    emulator: it goes to the log, the trace and the header ``x-habitr-why``, never into the body.
    """

    code: ClassVar[str] = "InternalFailure"
    status: ClassVar[int] = 500
    default_message: ClassVar[str] = ""

    def __init__(self, message: str | None = None, *, why: str | None = None, **fields: Any) -> None:
        self.message = self.default_message if message is None else message
        self.why = why
        self.fields = fields
        super().__init__(self.message)


class InternalFailure(AwsError):
    """A defect of the emulator itself; the log has the stack trace, the client does not."""

    default_message = "The request processing has failed because of an unknown error, exception or failure."


class NotBuilt(AwsError):
    """An AWS feature that the emulator does not have; it stands in the coverage table."""

    code = "NotImplemented"
    status = 501


class SeedError(Exception):
    """A seed cannot be played: the file, the entry and the reason."""


class ProjectError(Exception):
    """The project folder cannot be run: file, line and column (1-based, 0 if unknown) and the reason."""

    def __init__(self, reason: str, *, file: str = "", line: int = 0, column: int = 0) -> None:
        self.reason, self.file, self.line, self.column = reason, file, line, column
        where = ":".join(str(part) for part in (file, line, column) if part)
        super().__init__(f"{where}: {reason}" if where else reason)
