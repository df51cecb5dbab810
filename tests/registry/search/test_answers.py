"""Answers: their pages, order and limits, who may ask, and what they tell."""

from laelia.registry.record import people
from registry.place import Place
from registry.search.asking import from_json, get, ids
from registry.search.town_of_many import FILLERS

__all__ = ["ids"]


def test_pages_sorting_and_limits(town: Place, ids: dict[str, str]) -> None:
    def page(start: int, rows: int, **more: str) -> list[str]:
        answer = get(
            town, "/v3.0/search", "application/json", q="family-name:crowd", start=start, rows=rows, **more
        )
        assert answer.json()["num-found"] == FILLERS
        return from_json(answer)

    crowd = {orcid for key, orcid in ids.items() if key.startswith("x")}
    pages = [orcid for start in range(0, FILLERS, 25) for orcid in page(start, 25, sort="orcid asc")]
    assert pages == sorted(crowd)
    assert page(0, 3, sort="orcid desc") == sorted(crowd, reverse=True)[:3]
    assert page(FILLERS, 10) == []
    assert page(0, 0) == []
    newest = get(
        town, "/v3.0/search", "application/json", q="*:*", sort="profile-submission-date desc", rows=1
    )
    assert from_json(newest) == [ids["gus"]]
    for path, default, most in (("/v3.0/search", 1000, 1000), ("/v2.1/search", 100, 200)):
        assert len(from_json(get(town, path, "application/json", q="*:*"))) == min(default, 2 + FILLERS + 6)
        assert get(town, path, "application/json", q="a", rows=most).status == 200
        for rows in (most + 1, -1, "x", "1.5"):
            refused = get(town, path, "application/json", q="a", rows=rows)
            assert (refused.status, refused.json()["error-code"]) == (400, 9012)
        far = get(town, path, "application/json", q="a", start=10_001)
        assert (far.status, far.json()["error-code"]) == (400, 9043)
    for sort in ("family-name asc", "orcid asc, score desc", "orcid sideways"):
        assert get(town, "/v3.0/search", "application/json", q="a", sort=sort).status == 400


def test_equals_stand_in_the_order_of_their_names_however_the_index_lies(
    town: Place, ids: dict[str, str]
) -> None:
    def pages(**more: str) -> list[str]:
        asked = {"q": "family-name:crowd", "rows": 25, **more}
        answers = [
            get(town, "/v3.0/search", "application/json", start=start, **asked)
            for start in range(0, FILLERS, 25)
        ]
        return [orcid for answer in answers for orcid in from_json(answer)]

    by_name = [ids[key] for key in sorted(ids, key=lambda key: f"Filler{key[1:]}") if key.startswith("x")]
    assert pages() == by_name
    assert pages(sort="profile-submission-date asc") == by_name  # they came at one moment
    with town.service.db.writing() as tx:  # what is written again lies elsewhere
        people.set_biography(tx, town.clock.now(), by_name[3], "Of a crowd", "private")
    town.service.search.work()
    assert pages() == by_name
    town.service.search.shelf.want("test")
    town.service.search.work()
    assert pages() == by_name
    everybody = from_json(get(town, "/v3.0/search", "application/json", q="*:*"))
    assert everybody[-1] == ids["eve"]  # who shows no name stands last
    assert everybody[:4] == [ids["x0"], ids["x1"], ids["x10"], ids["x100"]]


def test_tokens(town: Place, ids: dict[str, str]) -> None:
    member = town.member()
    token = town.credentials(member, "/read-public").json()["access_token"]
    headers = {"Accept": "application/json", "Authorization": f"Bearer {token}"}
    for path in ("/api/v3.0/search", "/v3.0/expanded-search", "/api/v2.0/search"):
        answer = town.http.get(town.at(f"{path}?q=given-names:ana&start=20000"), headers=headers)
        assert answer.status == 200, path
        assert answer.json()["num-found"] == 1
    none = town.http.get(town.at("/api/v3.0/search?q=a"), headers={"Accept": "application/json"})
    assert none.status == 401
    other = town.credentials(member, "/webhook")
    assert other.status == 200
    headers["Authorization"] = f"Bearer {other.json()['access_token']}"
    assert town.http.get(town.at("/api/v3.0/search?q=a"), headers=headers).status == 403


def test_head_and_etag(town: Place, ids: dict[str, str]) -> None:
    first = get(town, "/v3.0/expanded-search", "application/json", q="given-names:ana")
    tag = first.headers["ETag"]
    again = town.http.get(
        town.at("/v3.0/expanded-search?q=given-names:ana"),
        headers={"Accept": "application/json", "If-None-Match": tag},
    )
    assert (again.status, again.body) == (304, b"")
    head = town.http.request(
        "HEAD", town.at("/v3.0/expanded-search?q=given-names:ana"), headers={"Accept": "application/json"}
    )
    assert (head.status, head.headers["ETag"], head.body) == (200, tag, b"")


def test_what_answers_tell(town: Place, ids: dict[str, str]) -> None:
    told = get(town, "/v3.0/expanded-search", "application/json", q="given-names:bea").json()
    [bea] = told["expanded-result"]
    assert bea == {
        "orcid-id": ids["bea"], "given-names": "Bea", "family-names": "O'Brien", "credit-name": None,
        "other-name": [], "email": [], "institution-name": ["Lincoln University", "University of Otago"],
    }  # fmt: skip
    eve = get(town, "/v3.0/expanded-search", "application/json", q="keyword:glaciers").json()
    assert [one["given-names"] for one in eve["expanded-result"]] == [None]
    table = get(
        town, "/v3.0/csv-search", "text/csv", q="given-names:cy OR other-names:oester",
        fl="orcid,other-names,nothing",
    )  # fmt: skip
    assert table.body.decode() == f'orcid,other-names\n{ids["cy"]},"Zoe Oester,Зоя Эстер"\n'
    assert table.headers["Content-Type"].startswith("text/csv")
