"""The authentication modes of a GraphQL API, as the CLI of each age wrote them down."""

from collections.abc import Iterator, Mapping
from typing import Any

from habitr_emulator.amplify.files import read_object
from habitr_emulator.amplify.listing import Resource
from habitr_emulator.amplify.reading import Reading
from habitr_emulator.amplify.shapes import items, mapping, text
from habitr_emulator.services.appsync.spec import AuthMode


def read(reading: Reading, resource: Resource, auth: Mapping[str, str]) -> Iterator[AuthMode]:
    """The modes, the default first; a mode is there once. ``auth`` has the ids of the project's user pool."""
    seen: set[str] = set()
    for given in _listed(reading, resource):
        mode = _mode(reading, resource, mapping(given), auth)
        if mode is not None and mode.type not in seen:
            seen.add(mode.type)
            yield mode
    if not seen:
        reading.notes.add(str(resource), "names no authentication type: an API key is assumed")
        yield AuthMode("API_KEY")


def _listed(reading: Reading, resource: Resource) -> list[Any]:
    """``cli-inputs.json`` (since 2021), ``output.authConfig`` (2019), ``output.securityType`` and, before that,
    the parameters.
    """
    folder = reading.folder(resource)
    inputs = mapping(read_object(folder / "cli-inputs.json").get("serviceConfiguration"))
    if inputs.get("defaultAuthType"):
        return [inputs["defaultAuthType"], *items(inputs.get("additionalAuthTypes"))]
    output = mapping(resource.entry.get("output"))
    config = mapping(output.get("authConfig"))
    if config.get("defaultAuthentication"):
        return [config["defaultAuthentication"], *items(config.get("additionalAuthenticationProviders"))]
    parameters = read_object(folder / "parameters.json")
    older = text(output.get("securityType")) or text(parameters.get("authenticationType"))
    if older:
        return [{"mode": older}]
    pool = parameters.get("AuthCognitoUserPoolId")
    return [
        {
            "mode": "AMAZON_COGNITO_USER_POOLS"
            if isinstance(pool, dict) or text(pool, "NONE") != "NONE"
            else "API_KEY"
        }
    ]


def _mode(
    reading: Reading, resource: Resource, given: Mapping[str, Any], auth: Mapping[str, str]
) -> AuthMode | None:
    kind = text(given.get("mode")) or text(given.get("authenticationType"))
    match kind:
        case "AMAZON_COGNITO_USER_POOLS":
            if "user_pool_id" not in auth:
                reading.notes.add(str(resource), "wants a user pool, but the project has none that could be read")
            return AuthMode("AMAZON_COGNITO_USER_POOLS", user_pool_id=auth.get("user_pool_id"))
        case "API_KEY":
            return AuthMode("API_KEY")
        case "AWS_IAM":
            return AuthMode("AWS_IAM")
        case "OPENID_CONNECT":
            described = mapping(given.get("openIDConnectConfig"))
            named = (given.get("openIDIssuerURL"), described.get("issuerUrl"), described.get("issuer"))
            issuer = next((text(each) for each in named if each), "")
            reading.notes.add(
                str(resource), f"tokens of an outside issuer are not accepted: {issuer or 'not named'}"
            )
            return AuthMode("OPENID_CONNECT", issuer=issuer or None)
        case "AWS_LAMBDA":
            described = mapping(given.get("lambdaAuthorizerConfig"))
            function = text(given.get("lambdaFunction")) or text(described.get("lambdaFunction"))
            arn = text(reading.output(f"function{function}Arn"))
            name = arn.rpartition(":")[2] or f"{function}-{reading.place.environment}"
            return AuthMode("AWS_LAMBDA", function_name=name)
        case _:
            reading.notes.add(str(resource), f"an unknown authentication type is left out: {kind or 'none'}")
            return None
