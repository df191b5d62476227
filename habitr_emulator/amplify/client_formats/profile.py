"""A profile for ``~/.aws/config``: ``aws --profile habitr …``, ``boto3.Session(profile_name="habitr")``.

https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
"""

from habitr_emulator.amplify.client_formats.facts import Facts


def render(facts: Facts) -> str:
    """The profile's lines."""
    config = facts.config
    return (
        "[profile habitr]\n"
        f"region = {facts.region}\n"
        f"endpoint_url = {facts.address}\n"
        f"aws_access_key_id = {config.get('access_key_id', '')}\n"
        f"aws_secret_access_key = {config.get('secret_access_key', '')}\n"
        f"ca_bundle = {config.get('ca_file', '')}\n"
    )
