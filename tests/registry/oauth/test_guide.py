"""The commands of the guide to signing in, pasted as they stand against a registry on a port."""

import json
import pathlib
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from client.served import serving
from laelia.lib.http import Http
from laelia.registry.grants.clients import REGISTERED_FOR
from laelia.registry.oauth import routes
from laelia.registry.oauth.rfc6749_token import GRANTS
from registry.place import Place, client_site

TEXT = (pathlib.Path(__file__).resolve().parents[3] / "docs/guides/sign-in.md").read_text()
BLOCKS = re.findall(r"^```\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
SOURCES = pathlib.Path(__file__).resolve().parents[3] / "src"


class Shell:
    """Runs one block after the other; what is exported stays."""

    def __init__(self, folder: pathlib.Path, database: str, site: str) -> None:
        self.folder, self.told = (
            folder,
            {"sqlite:///var/demo/registry.db": database, "http://localhost:8000": site},
        )
        self.kept = folder / "kept.sh"
        binaries = folder / "bin"
        binaries.mkdir()
        (binaries / "laelia").write_text(
            f"#!/bin/sh\nPYTHONPATH={SOURCES} exec {sys.executable} "
            '-c "from laelia.cli import main; main()" "$@"\n'
        )
        (binaries / "laelia").chmod(0o755)
        self.kept.write_text(f"export PATH={binaries}:/usr/local/bin:/usr/bin:/bin\n")

    def paste(self, block: str) -> str:
        for shown, real in self.told.items():
            block = block.replace(shown, real)
        script = f". {self.kept}\nset -e\n{block}\nexport -p > {self.kept}\n"
        done = subprocess.run(["bash", "-c", script], cwd=self.folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout


def test_the_commands_run(new_database: Callable[..., str], tmp_path: pathlib.Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("no curl. As root: apt-get install curl")
    url = new_database("laelia.registry.migrations")
    with serving() as served:
        site = served.url.replace("127.0.0.1", "localhost")
        place = Place(url, tmp_path / "var" / "demo" / "registry", site=site)
        served.app = place.service.wsgi
        place.http = Http(apps={site: place.service.wsgi, "http://localhost:9999": client_site})
        shell = Shell(tmp_path, url, site)
        register, ask, paste, exchange, use, discover, keys = BLOCKS
        assert "APP-SIGNIN0000000001" in shell.paste(register)
        page = place.browser(place.ada).open(shell.paste(ask).strip())
        landed = page.form(containing="Authorise").submit("Authorise access").url
        shell.paste(paste.replace("paste-it-here", parse_qs(urlsplit(landed).query)["code"][0]))
        assert json.loads(shell.paste(exchange))["orcid"] == place.ada.orcid
        userinfo, introspection, *rest = shell.paste(use).replace("}{", "}\n{").splitlines()
        assert json.loads(userinfo)["name"] == place.ada.name
        assert json.loads(introspection)["active"] is True
        assert [json.loads(one)["token_type"] for one in rest] == ["bearer", "bearer"]
        assert '"issuer": "' + site in shell.paste(discover)
        assert "state: will sign" in shell.paste(keys)
        place.close()


def test_the_guide_names_all_there_is() -> None:
    names = [*(route.path for route in routes), *GRANTS, *REGISTERED_FOR]
    assert not [name for name in names if name not in TEXT]
