"""What the pages call things."""

from habitr_emulator.services.cognito_idp.hosted_ui.pages import Field
from habitr_emulator.services.cognito_idp.identity_providers import Provider
from habitr_emulator.services.cognito_idp.pools import Pool

_PROVIDERS = {
    "LoginWithAmazon": "Login with Amazon",
    "Google": "Continue with Google",
    "Facebook": "Continue with Facebook",
    "SignInWithApple": "Sign in with Apple",
}
_NAMES: dict[tuple[str, ...], tuple[str, str, str]] = {
    ("email",): ("E-mail", "email", "email"),
    ("phone_number",): ("Phone number", "tel", "tel"),
}
_ATTRIBUTES = {
    "email": ("E-mail", "email", "email"),
    "phone_number": ("Phone number", "tel", "tel"),
    "given_name": ("Given name", "text", "given-name"),
    "family_name": ("Family name", "text", "family-name"),
    "name": ("Name", "text", "name"),
    "birthdate": ("Date of birth", "date", "bday"),
    "website": ("Website", "url", "url"),
}
_HINTS = {"phone_number": "With country code: +15555550100"}


def provider_text(provider: Provider) -> str:
    """What the button of a provider says."""
    return _PROVIDERS.get(provider.kind, f"Continue with {provider.name}")


def name_field(pool: Pool, value: str = "") -> Field:
    """The input for whatever users of a pool sign in with."""
    either = ("E-mail or phone number", "text", "username") if pool.username_attributes else None
    plain = ("User name", "text", "username")
    label, kind, complete = _NAMES.get(pool.username_attributes) or either or plain
    return Field("username", label, kind, value[:128], complete)


def attribute_field(name: str, prefix: str, value: str = "") -> Field:
    """The input for a user attribute, called ``prefix[name]``."""
    plain = (name.removeprefix("custom:").replace("_", " ").capitalize(), "text", "off")
    label, kind, complete = _ATTRIBUTES.get(name, plain)
    return Field(f"{prefix}[{name}]", label, kind, value[:2048], complete, _HINTS.get(name, ""))


def new_password_field() -> Field:
    """The input for a password that is to be set."""
    return Field("password", "New password", "password", autocomplete="new-password")


def code_field(label: str = "Code") -> Field:
    """The input for a code."""
    return Field("code", label, "text", autocomplete="one-time-code")
