"""The API of a hub for an organisation's own programs.

    from laelia.client import hub

    garden = hub.Hub("http://localhost:8001/garden", CLIENT_ID, CLIENT_SECRET)

    garden.put_person("HR-7", email="ada@garden.example", given_names="Ada")
    session = garden.connect("HR-7", "https://hr.garden.example/orcid")
    print(session.url)  # send her browser there

    employment = {
        "role-title": "Gardener",
        "start-date": {"year": {"value": "2026"}},
        "organization": {
            "name": "Garden University",
            "address": {"city": "Kew", "country": "GB"},
            "disambiguated-organization": {
                "disambiguated-organization-identifier": "https://ror.org/05dxps055",
                "disambiguation-source": "ROR",
            },
        },
    }
    print(garden.put("HR-7", "employments", "contract-1", employment).said)

What the hub refuses is raised as `Refused`, whose `problem` says what and where; a secret that it does not
take as `OAuthRefused`. An answer that is no answer is `Unavailable`; that none came is the HttpError of
`laelia.lib.http`. `verify_callback` proves that a call to an address of yours came from the hub. The guide
docs/guides/hub-api.md goes on from here.
"""

from laelia.client.hub.callbacks import BadCallback, sign, verify_callback
from laelia.client.hub.calls import Refused
from laelia.client.hub.hub import Hub, gone, line
from laelia.client.hub.shapes import (
    Answer,
    Assertion,
    BulkItem,
    ConnectSession,
    Event,
    EventAssertion,
    Permission,
    Person,
    Problem,
    Record,
    RecordItem,
    Records,
    Result,
    Status,
)
from laelia.client.oauth import OAuthRefused
from laelia.client.peer import Unavailable

__all__ = [
    "Answer",
    "Assertion",
    "BadCallback",
    "BulkItem",
    "ConnectSession",
    "Event",
    "EventAssertion",
    "Hub",
    "OAuthRefused",
    "Permission",
    "Person",
    "Problem",
    "Record",
    "RecordItem",
    "Records",
    "Refused",
    "Result",
    "Status",
    "Unavailable",
    "gone",
    "line",
    "sign",
    "verify_callback",
]
