"""The web server of an app: one page, whose script is bundled with its libraries as an app's build does it."""

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.journeys.conftest import PATIENCE


class Site:
    """One page and its script."""

    def __init__(self, script: bytes, parts: str) -> None:
        site, self._parts = self, parts

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: Any) -> None:
                """Say nothing."""

            def do_GET(self) -> None:
                script_wanted = self.path.startswith("/page.js")
                self.send_response(200)
                self.send_header("content-type", "text/javascript" if script_wanted else "text/html")
                self.end_headers()
                self.wfile.write(script if script_wanted else site.page)

        self.page = b""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://localhost:{self.server.server_port}/"

    def configure(self, settings: dict[str, Any]) -> None:
        """The page's ``globalThis.settings``."""
        said = f"<script>globalThis.settings={json.dumps(settings)}</script><script src=page.js></script>"
        self.page = f"<!doctype html><main></main>{self._parts}{said}".encode()


@contextmanager
def serving(node: Path, folder: Path, script: str, parts: str = "") -> Iterator[Site]:
    """A site with ``script``, a file of the folder ``node``, and ``parts`` of HTML."""
    bundle = folder / "page.js"
    esbuild = [str(node / "node_modules/esbuild/bin/esbuild"), script, "--bundle", f"--outfile={bundle}"]
    subprocess.run(esbuild, cwd=node, check=True, capture_output=True, timeout=PATIENCE)
    made = Site(bundle.read_bytes(), parts)
    thread = threading.Thread(target=made.server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield made
    finally:
        made.server.shutdown()
        made.server.server_close()
        thread.join()
