"""What an operator would do once: clients at the registry, organisations at the hub, accounts at the DOI
registry. Everything by the documented commands, so that whoever reads this can repeat it by hand."""

import pathlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from laelia.sandbox.demo import university
from laelia.sandbox.demo.memory import Memory
from laelia.sandbox.demo.services import DOI, HUB, REGISTRY, REPOSITORY, Neighbourhood

DATACITE_CLIENT = "APP-DEMODATACITE0001"
REPOSITORY_CLIENT = "APP-DEMOREPOSITORY01"
REPOSITORY_ACCOUNT = "demo.repository"
ARCHIVE_ACCOUNT = "demo.archive"
REPOSITORY_PREFIX = "10.5072"
ARCHIVE_PREFIX = "10.5555"


def neighbourhood(var: pathlib.Path, port_base: int, memory: Memory) -> Neighbourhood:
    """The four services with the settings that tie them together."""
    plain = Neighbourhood(var, port_base, {})
    return Neighbourhood(var, port_base, {**_ties(plain, memory)})


def _ties(place: Neighbourhood, memory: Memory) -> Mapping[str, str]:
    return {
        "LAELIA_REGISTRY_DATACITE_URL": place.url(DOI),
        "LAELIA_REGISTRY_DOI_URL": place.url(DOI),
        "LAELIA_HUB_DATACITE_URL": place.url(DOI),
        "LAELIA_HUB_DOI_URL": place.url(DOI),
        "LAELIA_HUB_FIGSHARE_URL": f"{place.url(REPOSITORY)}/v2",
        "LAELIA_HUB_PULL_SECONDS": "1",
        "LAELIA_HUB_DATACITE_CALLS_PER_MINUTE": "0",
        "LAELIA_REPOSITORY_DOI_RESOLVER": place.url(DOI),
        "LAELIA_REPOSITORY_REGISTRY_SITE": place.url(REGISTRY),
        "LAELIA_REPOSITORY_CLIENT_ID": REPOSITORY_CLIENT,
        "LAELIA_REPOSITORY_CLIENT_SECRET": memory.secret("repository client secret"),
        "LAELIA_REPOSITORY_DOI_URL": place.url(DOI),
        "LAELIA_REPOSITORY_DOI_USER": REPOSITORY_ACCOUNT,
        "LAELIA_REPOSITORY_DOI_PASSWORD": memory.secret("repository account password"),
        "LAELIA_REPOSITORY_DOI_PREFIX": REPOSITORY_PREFIX,
        # One DOI for each item keeps the story short; a DOI for each version beside it is the default.
        "LAELIA_REPOSITORY_VERSION_DOIS": "false",
    }


def operate(place: Neighbourhood, memory: Memory) -> None:
    """Runs the operator's commands, once for this data; the three services side by side."""
    if "operated" in memory:
        return
    with ThreadPoolExecutor() as side_by_side:
        for done in [side_by_side.submit(do, place, memory) for do in (_clients, _hub, _accounts)]:
            done.result()
    memory["operated"] = True


def _clients(place: Neighbourhood, memory: Memory) -> None:
    hub, repository = place.url(HUB), place.url(REPOSITORY)
    place.laelia(
        "registry", "client", "add", "--id", DATACITE_CLIENT, "--secret", "-", "--kind", "member",
        "--name", "DataCite", "--description", "Registers DOIs for data repositories.",
        "--website", hub, "--redirect-uri", f"{hub}/datacite/callback",
        "--start-url", f"{hub}/datacite/connect",
        "--privacy-url", f"{hub}/privacy", "--support-url", f"{hub}/contact",
        secret=memory.secret("datacite client secret"),
    )  # fmt: skip
    place.laelia(
        "registry", "client", "add", "--id", REPOSITORY_CLIENT, "--secret", "-", "--kind", "member",
        "--name", "Example Repository", "--description", "Keeps and publishes research data.",
        "--website", repository, "--redirect-uri", f"{repository}/callback",
        "--privacy-url", f"{repository}/privacy", "--support-url", f"{repository}/contact",
        secret=memory.secret("repository client secret"),
    )  # fmt: skip
    place.laelia(
        "registry", "client", "add", "--id", university.CLIENT, "--secret", "-", "--kind", "member",
        "--name", university.NAME, "--description", "Says who works there.",
        "--website", hub, "--redirect-uri", f"{hub}/{university.SLUG}/callback",
        "--start-url", f"{hub}/{university.SLUG}/connect",
        "--privacy-url", f"{hub}/privacy", "--support-url", f"{hub}/contact",
        secret=memory.secret("university client secret"),
    )  # fmt: skip
    place.laelia(
        "registry", "organisations", "add", university.NAME, "--source", "ROR", "--id", university.ROR,
        "--city", "Exampleton", "--country", "NL",
    )  # fmt: skip


def _hub(place: Neighbourhood, memory: Memory) -> None:
    registry, hub = place.url(REGISTRY), place.url(HUB)
    place.laelia(
        "hub", "organisation", "add", "--slug", "datacite", "--name", "DataCite",
        "--description", "Registers DOIs for data repositories.",
        "--privacy-url", f"{hub}/privacy", "--support-url", f"{hub}/contact",
    )  # fmt: skip
    place.laelia(
        "hub", "environment", "add", "--organisation", "datacite", "--name", "sandbox",
        "--site-url", registry, "--api-url", registry, "--pub-url", registry,
        "--client-id", DATACITE_CLIENT, "--client-secret", "-",
        secret=memory.secret("datacite client secret"),
    )  # fmt: skip
    place.laelia(
        "hub", "organisation", "add", "--slug", university.SLUG, "--name", university.NAME,
        "--description", "Says who works there.", "--ror", university.ROR,
        "--privacy-url", f"{hub}/privacy", "--support-url", f"{hub}/contact",
    )  # fmt: skip
    place.laelia(
        "hub", "environment", "add", "--organisation", university.SLUG, "--name", "sandbox",
        "--site-url", registry, "--api-url", registry, "--pub-url", registry,
        "--client-id", university.CLIENT, "--client-secret", "-",
        secret=memory.secret("university client secret"),
    )  # fmt: skip


def _accounts(place: Neighbourhood, memory: Memory) -> None:
    for account, prefix, name in (
        (REPOSITORY_ACCOUNT, REPOSITORY_PREFIX, "Example Repository"),
        (ARCHIVE_ACCOUNT, ARCHIVE_PREFIX, "Example Archive"),
    ):
        kind = account.split(".")[1]
        place.laelia(
            "sandbox", "doi", "account", "add", "--id", account, "--password", "-",
            "--prefix", prefix, "--name", name,
            secret=memory.secret(f"{kind} account password"),
        )  # fmt: skip
