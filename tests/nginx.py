"""A real nginx with the configuration of the deployment."""

import os
import re
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Self

from image_processor.devtools.embedded_mongodb import die_with_parent, free_port
from tests.server import ROOT, Server
from tests.sockets import until

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin")
VALUES = {
    "TRUSTED_PROXY": "192.0.2.0/24",
    "MAX_BODY_BYTES": "200000000",
    "MAX_UPLOADS": "16",
}


class Nginx(Server):
    """nginx on a free port, in front of the gunicorn on port ``web``."""

    def __init__(self, web: int, directory: Path, tls: Path | None = None, **values: str) -> None:
        super().__init__()
        self.port, self.tls_port = free_port(), free_port()
        self.directory = directory
        self.configuration = directory / "nginx.conf"
        filled_in = {"WEB_ADDRESS": f"127.0.0.1:{web}", **VALUES, **values}
        text = (ROOT / "deploy" / "nginx.conf").read_text()
        text = re.sub(r"\$\{(\w+)\}", lambda found: filled_in[found[1]], text)
        text = text.replace("/tmp/", f"{directory}/").replace("8080", str(self.port))  # noqa: S108
        if tls:
            lines = (ROOT / "deploy" / "nginx-tls.conf").read_text()
            lines = lines.replace("8443", str(self.tls_port)).replace("/etc/nginx/certs", str(tls))
            (directory / "on").mkdir()
            (directory / "on" / "nginx-tls.conf").write_text(lines)
            text = text.replace("/etc/nginx/tls", f"{directory}/on")
        self.configuration.write_text(text)

    def command(self, *options: str) -> list[str]:
        return [str(NGINX), "-c", str(self.configuration), *options]

    def __enter__(self) -> Self:
        # Started by root, it would serve as another user, who may not write into the directory.
        globally = "daemon off; user root;" if os.geteuid() == 0 else "daemon off;"
        with (self.directory / "nginx.log").open("wb") as output:
            self.process = subprocess.Popen(
                self.command("-g", globally),
                stdout=output,
                stderr=output,
                preexec_fn=die_with_parent(),
            )
        until(self._listens)
        return self

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port)).close()
        except ConnectionRefusedError:
            return False
        return True
