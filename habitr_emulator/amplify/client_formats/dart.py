"""``amplifyconfiguration.dart`` for Amplify Flutter, and what ``main_emulator.dart`` of docs/flutter.md needs:
where the emulator is, and the certificate authority to trust.
"""

from urllib.parse import urlsplit

from habitr_emulator.amplify.client_formats import amplify
from habitr_emulator.amplify.client_formats.facts import Facts


def render(facts: Facts) -> str:
    """The file's text."""
    where = urlsplit(facts.address)
    return (
        f"const amplifyconfig = r'''{amplify.render(facts).rstrip()}''';\n\n"
        f"const emulatorHost = '{where.hostname}';\n"
        f"const emulatorPort = {where.port};\n"
        f"const emulatorCa = '''{facts.config.get('ca_pem', '')}''';\n"
    )
