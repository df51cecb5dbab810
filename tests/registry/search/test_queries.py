"""What queries find: a table of queries and people, asked in every version and form."""

import csv
import io
from collections.abc import Callable

import pytest
from lxml import etree

from laelia.lib.http import Response
from registry.place import Place
from registry.search.asking import from_json, get, ids
from registry.search.town_of_many import FILLERS

__all__ = ["ids"]

NS = {"s": "http://www.orcid.org/ns/search", "c": "http://www.orcid.org/ns/common",
      "e": "http://www.orcid.org/ns/expanded-search"}  # fmt: skip

# Query → who is found, in any order.
FOUND = {
    # words and fields
    "given-names:ana": "ana",
    "given-names:Aná": "ana",
    "family-name:garcia": "ana gus",
    "family-name:GARCÍA": "ana gus",
    'family-name:"garcia nunez"': "ana",
    "family-name:garcia-nunez": "ana",
    "credit-name:a": "ana",
    "given-and-family-names:(zoe oster)": "cy",
    "other-names:oester": "cy",
    "other-names:зоя": "cy",
    "biography:patagonia": "ana",
    "keyword:palaeoecology": "ana",
    "keyword:peat": "ana",
    "family-name:o'brien": "bea",
    "obrien": "",
    "peat": "ana dan",
    "text:peat": "ana dan",
    # organisations
    "affiliation-org-name:otago": "ana bea",
    "current-institution-affiliation-name:otago": "ana",
    "past-institution-affiliation-name:otago": "bea",
    'affiliation-org-name:"university of otago"': "ana bea",
    'affiliation-org-name:"otago university"': "",
    'affiliation-org-name:"otago university"~3': "ana bea",
    "affiliation-org-name:zurich": "gus",
    "funding-org-name:bee": "cy",
    "peer-review-org-name:nature": "dan",
    'ror-org-id:"https://ror.org/01jmxt844"': "ana bea",
    "ror-org-id:01jmxt844": "ana bea",
    r"ror-org-id:https\:\/\/ror.org\/01jmxt844": "ana bea",
    "ringgold-org-id:7611": "bea",
    "grid-org-id:grid.432329.d": "dan",
    'fundref-org-id:"http://dx.doi.org/10.13039/501100000780"': "cy",
    "lei-org-id:529900T8BM49AURSDO55": "gus",
    # identifiers
    'digital-object-ids:"10.5555/silt.23"': "ana bea",
    'doi-self:"10.5555/silt.23"': "ana",
    'doi-self:"https://doi.org/10.5555/Silt.23"': "ana",
    'doi-version-of:"10.5555/silt.23"': "bea",
    "issn-part-of:1234-5679": "bea",
    "issn-self:1234-5679": "",
    "doi:silt": "ana bea",
    "grant-numbers:GR-1-22": "cy",
    "grant_number-self:GR-1-22": "cy",
    "external-id-reference:77-1": "dan",
    'external-id-type-and-value:"Scopus Author ID=77-1"': "dan",
    # titles and reviews
    "work-titles:silt": "ana bea gus",
    "work-titles:limon": "gus",
    "funding-titles:hives": "cy",
    "peer-review-type:evaluation": "dan",
    "peer-review-role:editor": "dan",
    'peer-review-group-id:"issn:1476-4687"': "dan",
    # operators
    "given-names:ana AND family-name:garcia": "ana",
    "given-names:ana OR given-names:bea": "ana bea",
    "family-name:garcia NOT given-names:gus": "ana",
    "family-name:garcia -given-names:gus": "ana",
    "+family-name:garcia +given-names:gus": "gus",
    "family-name:garcia && given-names:ana": "ana",
    "given-names:ana || given-names:dan": "ana dan",
    "family-name:garcia AND !given-names:ana": "gus",
    "(given-names:ana OR given-names:gus) AND work-titles:silt": "ana gus",
    "given-names:(ana OR bea)": "ana bea",
    "family-name:(garcia AND NOT nunez)": "gus",
    # parts of words
    "family-name:garc*": "ana gus",
    "family-name:g?rcia": "ana gus",
    "family-name:*arcia": "ana gus",
    "family-name:garcai~": "ana gus",
    "family-name:garcai~0.6": "ana gus",
    "family-name:/gar[ck]ia/": "ana gus",
    "family-name:garcia-n*": "ana",
    # ranges, what there is
    "lei-org-id:*": "gus",
    "given-names:* AND family-name:garcia": "ana gus",
    "* AND family-name:garcia": "ana gus",
    "text:* AND family-name:garcia": "ana gus",
    "text:[* TO *] AND family-name:garcia": "ana gus",
    "profile-submission-date:* AND family-name:garcia": "ana gus",
    "*:* AND family-name:garcia": "ana gus",
    "family-name:garcia AND -*": "",
    "(ana OR *) AND family-name:peat": "dan",
    "family-name:garcia-*": "ana gus",
    "family-name:*-nunez": "ana",
    "biography:[* TO *]": "ana bea",
    "family-name:* AND given-names:(eve OR ana)": "ana",
    "keyword:glaciers": "eve",
    "family-name:secret": "",
    "work-titles:hidden": "",
    "given-names:fay": "",
    # boosts and signs change no one
    "family-name:garcia^3": "ana gus",
    "(family-name:garcia^2 given-names:dan)^0.5": "ana gus dan",
    "- ; :) peat": None,
    "": "*",
    "*:*": "*",
}


def from_xml(answer: Response) -> list[str]:
    return etree.fromstring(answer.body).xpath("//c:path/text()", namespaces=NS)


def from_expanded_json(answer: Response) -> list[str]:
    return [one["orcid-id"] for one in answer.json()["expanded-result"] or []]


def from_expanded_xml(answer: Response) -> list[str]:
    return etree.fromstring(answer.body).xpath("//e:orcid-id/text()", namespaces=NS)


def from_csv(answer: Response) -> list[str]:
    return [row["orcid"] for row in csv.DictReader(io.StringIO(answer.body.decode()))]


WAYS: list[tuple[str, str, Callable[[Response], list[str]]]] = [
    ("/v2.0/search", "application/json", from_json),
    ("/v2.1/search", "application/vnd.orcid+xml", from_xml),
    ("/v3.0/search", "application/vnd.orcid+json", from_json),
    ("/v3.0/search", "application/xml", from_xml),
    ("/v3.0/expanded-search", "application/json", from_expanded_json),
    ("/v3.0/expanded-search", "application/xml", from_expanded_xml),
    ("/v3.0/csv-search", "text/csv", from_csv),
]


@pytest.mark.parametrize(("path", "accept", "read"), WAYS, ids=lambda x: x if isinstance(x, str) else "")
def test_queries(
    town: Place, ids: dict[str, str], path: str, accept: str, read: Callable[[Response], list[str]]
) -> None:
    by_id = {orcid: key for key, orcid in ids.items()}
    for query, expected in FOUND.items():
        answer = get(town, path, accept, q=query, rows=200)
        if expected is None:
            assert answer.status == 400, query
            continue
        assert answer.status == 200, (query, answer.body)
        found = read(answer)
        assert len(set(found)) == len(found)
        if expected == "*":  # Ada, Sophie, the crowd, and all that are not locked
            assert len(found) == 2 + FILLERS + 6
        else:
            assert {by_id.get(orcid, orcid) for orcid in found} == set(expected.split()), query


def test_dates(town: Place, ids: dict[str, str]) -> None:
    keys = {orcid: key for key, orcid in ids.items()}

    def found(query: str) -> set[str]:
        answer = get(town, "/v3.0/search", "application/json", q=query)
        assert answer.status == 200, answer.body
        return {keys[orcid] for orcid in from_json(answer) if not keys.get(orcid, "x").startswith("x")}

    # Each came a day after the one before; the last of them now.
    assert found("profile-submission-date:[NOW-2DAYS TO *]") == {"gus", "eve"}
    assert found("profile-submission-date:[NOW-7DAYS TO NOW-4DAYS]") == {"ana", "bea", "cy"}
    assert found("profile-submission-date:{NOW-7DAYS TO NOW-4DAYS}") == {"ana", "bea"}
    assert found("profile-last-modified-date:[2026-01-01T00:00:00Z TO 2027-01-01T00:00:00Z]") == {
        "ana", "bea", "cy", "dan", "eve", "gus"
    }  # fmt: skip
    assert found("profile-last-modified-date:[* TO 2020]") == set()
    assert found("profile-submission-date:2026-09 OR profile-submission-date:2026-10") != set()
    assert found("profile-last-modified-date:>NOW-1DAY") == {"gus"}


def test_edismax(town: Place, ids: dict[str, str]) -> None:
    def found(q: str, **more: str) -> list[str]:
        asked = {"defType": "edismax", "qf": "given-names^2 family-name affiliation-org-name", **more}
        answer = get(town, "/v3.0/search", "application/json", q=q, **asked)
        assert answer.status == 200, answer.body
        keys = {orcid: key for key, orcid in ids.items()}
        return [keys.get(orcid, orcid) for orcid in from_json(answer)]

    assert set(found("garcia otago")) == {"ana", "gus", "bea"}
    assert set(found("garcia otago", mm="100%")) == {"ana"}
    assert set(found("garcia otago ana", mm="2")) == {"ana"}
    assert set(found("garcia otago", mm="-1")) == {"ana", "gus", "bea"}
    assert found("garcia otago", qf="affiliation-org-name^50 family-name")[0] == "ana"
    assert found("dan garcia", qf="given-names^50 family-name")[0] == "dan"
    assert found('garcia "', mm="1") != []
    assert len(found("*")) == 2 + FILLERS + 6
    # What was counted before the text turned out to be no query is not counted against its words.
    assert set(found("garcia " * 170)) == {"ana", "gus"}
    assert set(found("garcia* " * 11)) == {"ana", "gus"}
    assert set(found("garcia", fq="work-titles:silt AND given-names:gus")) == {"gus"}
    local = get(
        town, "/v3.0/search", "application/json",
        q='{!edismax qf="given-and-family-names^50 family-name" mm=1}ana nobody',
    )  # fmt: skip
    assert from_json(local) == [ids["ana"]]
