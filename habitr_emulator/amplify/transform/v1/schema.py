"""From an annotated schema of version 1 to AppSync's: every directive's ``read``, then every ``write``."""

from habitr_emulator.amplify.transform import model as models
from habitr_emulator.amplify.transform import schema
from habitr_emulator.amplify.transform.transformation import Transformation
from habitr_emulator.amplify.transform.v1 import auth, connection, earlier, key, model, searchable, versioned


def expand(transformation: Transformation) -> schema.CustomFields:
    """Turn the document into AppSync's, in place. Raises ProjectError as the transformer refuses."""
    document = transformation.document
    for name, read in (
        ("model", model.read),
        ("key", key.read),
        ("searchable", searchable.read),
        ("versioned", versioned.read),
        ("auth", auth.read_type),
    ):
        for found, directive in schema.on_types(document, name):
            read(transformation, found, directive)
    for name, read_field in (("connection", connection.read), ("auth", auth.read_field)):
        for found, item, directive in schema.on_fields(document, name):
            read_field(transformation, found, item, directive)
    custom = schema.read_custom(transformation)
    _write(transformation)
    return custom


def _write(transformation: Transformation) -> None:
    every = list(transformation.models.values())
    for found in every:
        model.write(transformation, found)
    for found in every:
        key.write(transformation, found)
        if transformation.synced(found.name):
            models.write_versions(transformation, found)
        if found.versioned:
            versioned.write(transformation, found.output, found.versioned)
    for found in every:
        for relation in found.relations.values():
            connection.write(transformation, found, relation)
        if found.output.directive("searchable"):
            searchable.write(transformation, found)
    auth.write(transformation)
    if transformation.configured < earlier.CONDITIONS:
        earlier.write(transformation)
