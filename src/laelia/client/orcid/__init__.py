"""The APIs of ORCID, and of every registry that speaks like it, as Python.

Objects of `laelia.model` go in and come out, in any version and form. What the registry refuses is raised as
the class of `laelia.model.problems` with its error code, a token it does not take as OAuthProblem. An answer
that is no answer is `Unavailable`; that none came is the HttpError of `laelia.lib.http`.

    from laelia.client import orcid
    from laelia.model.common import ExternalId
    from laelia.model.problems import Duplicate
    from laelia.model.work import Work, WorkSummary, WorkTitle

    registry = orcid.Registry(orcid.at("http://localhost:8000"))
    record = registry.record("0009-8000-0000-0012", token="0e5f2c1a-7a30-4f0e-9d0b-3d6b1c5f7a10")

    for summary in record.section(WorkSummary):
        print(summary.put_code, summary.title.title)

    doi = ExternalId(type="doi", value="10.5555/pollen", relationship="self")
    work = Work(title=WorkTitle(title="Pollen counts"), type="data-set", external_ids=[doi])
    try:
        put_code = record.add(work)
    except Duplicate as duplicate:
        put_code = duplicate.params["put_code"]
    work.title.subtitle = "Second season"
    record.change(work, put_code)
    record.delete(Work, put_code)

`orcid.Registry(orcid.PRODUCTION)` is ORCID itself and `orcid.SANDBOX` its sandbox. The guide
docs/guides/client.md goes on from here.
"""

from laelia.client.oauth import ClientToken, OAuthRefused
from laelia.client.orcid.addresses import PRODUCTION, SANDBOX, Addresses, at
from laelia.client.orcid.answers import Unavailable, said
from laelia.client.orcid.api import Api
from laelia.client.orcid.group_ids import GroupIds
from laelia.client.orcid.record import Record, members
from laelia.client.orcid.registry import Registry

__all__ = [
    "PRODUCTION",
    "SANDBOX",
    "Addresses",
    "Api",
    "ClientToken",
    "GroupIds",
    "OAuthRefused",
    "Record",
    "Registry",
    "Unavailable",
    "at",
    "members",
    "said",
]
