"""Foreign clients sign somebody in, unmodified, each in an environment and a process of its own, by a socket.

They find everything out by discovery and check what they get; the test is the browser.
"""

import json
import os
import pathlib
import subprocess
import time
from collections.abc import Callable, Iterator

import pytest

from client.served import serving
from registry.oauth.outside.environments import HERE, CantMake, all_of_them
from registry.place import Member, Place

BACK = "https://client.test/back"
RUNS = {
    "authlib": ("run_authlib.py", BACK),
    "requests-oauthlib": ("run_requests_oauthlib.py", BACK),
    "django-allauth": ("run_django_allauth.py", "https://client.test/oidc/laelia/login/callback/"),
    "social-auth-core": ("run_social_auth.py", BACK),
    "openid-client": ("run_openid_client.mjs", BACK),
}


@pytest.fixture(scope="module")
def place(module_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A registry on a port, at the real time: what clients check of an id_token they check by their clock."""
    var: pathlib.Path = tmp_path_factory.mktemp("var")
    with serving() as served:
        site = served.url.replace("127.0.0.1", "localhost")
        made = Place(
            module_database("laelia.registry.migrations"), var, site=site, start=time.time_ns() // 1_000_000
        )
        served.app = made.service.wsgi
        yield made
        made.close()


@pytest.mark.parametrize("name", RUNS)
def test_a_foreign_client_signs_somebody_in(place: Place, name: str) -> None:
    environment = all_of_them()[name]
    if isinstance(environment, CantMake):
        pytest.skip(f"{name}: {environment}")
    script, back = RUNS[name]
    client = place.member(name, redirect_uris=[back])
    found = signed_in(place, client, environment, script, back)
    assert found == {"sub": place.ada.orcid, "name": place.ada.name, "amr": ["pwd"]}


def signed_in(
    place: Place, client: Member, environment: pathlib.Path, script: str, back: str
) -> dict[str, object]:
    """What the client said at its end; what it complains of fails the test."""
    program = "node" if script.endswith(".mjs") else str(environment / "bin" / "python")
    given = json.dumps({"issuer": place.site, "id": client.id, "secret": client.secret, "back": back})
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environ |= {"OUTSIDE": str(environment), "NO_PROXY": "*"}
    process = subprocess.Popen(
        [program, str(HERE / script), given], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, env=environ,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        said = json.loads(process.stdout.readline() or "{}")
        assert "browse" in said, process.communicate()[1]
        page = place.browser(place.ada).open(said["browse"])
        landed = page.form(containing="Authorise").submit("Authorise access").url
        out, complaints = process.communicate(landed + "\n", timeout=60)
        assert process.returncode == 0, complaints
        found: dict[str, object] = json.loads(out.splitlines()[-1])["found"]
        return found
    finally:
        process.kill()
        process.wait()
