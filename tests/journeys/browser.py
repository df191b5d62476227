"""A real browser for journeys: Chromium, driven over WebDriver."""

import base64
import http.client
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.journeys.conftest import PATIENCE, Running, free_port, missing

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
_MAIN = "return document.querySelector('main')?.innerText ?? ''"


class Chromium:
    """A real browser, driven by chromedriver over its own HTTP (https://www.w3.org/TR/webdriver2/)."""

    def __init__(self, port: int, proxy: str) -> None:
        self._port = port
        arguments = ["--headless=new", "--no-sandbox", "--ignore-certificate-errors", f"--proxy-server={proxy}"]
        options = {
            "goog:chromeOptions": {"args": [*arguments, "--window-size=520,760"]},
            "acceptInsecureCerts": True,
        }
        made = self.ask("POST", "/session", {"capabilities": {"alwaysMatch": options}})
        self._session = f"/session/{made['sessionId']}"
        # An element is waited for: the page that has it may not have come yet.
        self.ask("POST", f"{self._session}/timeouts", {"implicit": PATIENCE * 1000})

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        connection.request(method, path, None if body is None else json.dumps(body))
        answer = json.loads(connection.getresponse().read())["value"]
        connection.close()
        if isinstance(answer, dict) and answer.get("error"):
            raise AssertionError(answer["message"])
        return answer

    def open(self, address: str) -> None:
        self.ask("POST", f"{self._session}/url", {"url": address})

    @property
    def address(self) -> str:
        return str(self.ask("GET", f"{self._session}/url"))

    def _find(self, css: str) -> str:
        found = self.ask("POST", f"{self._session}/element", {"using": "css selector", "value": css})
        return f"{self._session}/element/{found[ELEMENT]}"

    def fill(self, **values: str) -> None:
        for name, value in values.items():
            self.ask("POST", f"{self._find(f'input[name*={name}]')}/value", {"text": value})

    def click(self, css: str) -> None:
        self.ask("POST", f"{self._find(css)}/click", {})

    def shows(self, text: str, at: str = "") -> str:
        """What the page says, once its address starts with ``at`` and it says ``text``."""
        until, said = time.monotonic() + PATIENCE, ""
        while time.monotonic() < until:
            said = str(self.ask("POST", f"{self._session}/execute/sync", {"script": _MAIN, "args": []}))
            if self.address.startswith(at) and text in said:
                return said
            time.sleep(0.05)
        raise AssertionError(f"the page says {said!r}, not {text!r}, at {self.address}")

    def add_authenticator(self) -> None:
        """Plug in a virtual one, with a user who agrees (https://www.w3.org/TR/webauthn-3/#sctn-automation)."""
        abilities = dict.fromkeys(("hasResidentKey", "hasUserVerification", "isUserVerified"), True)
        authenticator = {"protocol": "ctap2", "transport": "internal", **abilities}
        self.ask("POST", f"{self._session}/webauthn/authenticator", authenticator)

    def picture(self) -> bytes:
        return base64.b64decode(self.ask("GET", f"{self._session}/screenshot"))

    def close(self) -> None:
        self.ask("DELETE", self._session)


@contextmanager
def chromium(emulator: Running) -> Iterator[Chromium]:
    """A Chromium that reaches ``*.amazoncognito.com`` by the emulator's proxy door."""
    if shutil.which("chromedriver") is None or shutil.which("chromium") is None:
        missing("chromium with chromedriver")
    port = free_port()
    driver = subprocess.Popen(["chromedriver", f"--port={port}"], stdout=subprocess.PIPE, text=True)
    assert driver.stdout is not None
    try:
        next(line for line in driver.stdout if "started successfully" in line)
        browser = Chromium(port, emulator.endpoint)
        yield browser
        browser.close()
    finally:
        driver.terminate()
        driver.wait(PATIENCE)
        driver.stdout.close()
