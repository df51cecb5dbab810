"""What a harvester asks of the repository: parts of it, one account's items, and what is no longer there."""

from typing import Any

from sandbox.repository.neighbours import BOB, WHOLE, World
from sandbox.repository.test_api import OWN, published


def test_groups_institution_and_the_own_search(world: World) -> None:
    ada, bob = world.api(world.token()), world.api(world.token(BOB))
    first = published(world, ada, group_id=7)
    second = published(world, bob, title="Another title")
    ada("POST", OWN, WHOLE)  # a draft is in no list but her own
    anyone = world.api()

    def found(**asked: Any) -> list[int]:
        return [one["id"] for one in anyone("POST", "/v2/articles/search", asked).json()]

    assert (found(group=7), found(group=8)) == ([first], [])
    assert (found(institution=1), found(institution=2)) == ([second, first], [])
    assert anyone("GET", "/v2/articles?group=7").json()[0]["group_id"] == 7
    assert anyone("POST", "/v2/articles/search", {"group": "x"}).status == 422
    mine = ada("POST", f"{OWN}/search", {"order": "modified_date"})
    assert [one["id"] for one in mine.json()] == [first]
    assert anyone("POST", f"{OWN}/search", {}).status == 401


def test_what_is_unpublished_is_gone_until_it_is_published_again(world: World) -> None:
    api, anyone = world.api(world.token()), world.api()
    made = published(world, api)
    assert api("POST", f"{OWN}/{made}/unpublish", {"reason": "no"}).status == 422
    assert api("POST", f"{OWN}/{made}/unpublish", {"reason": "It was the wrong file."}).status == 204
    world.repository.work()
    assert anyone("GET", f"/v2/articles/{made}").status == 404
    assert anyone("GET", "/v2/articles").json() == []
    assert api("GET", f"{OWN}/{made}").json()["is_public"] is False
    assert world.registered(f"10.5072/laelia.{made}") is None
    assert world.registered(f"10.5072/laelia.{made}.v1") is None
    assert api("POST", f"{OWN}/{made}/unpublish", {"reason": "Once more."}).status == 400
    browser = world.sign_in()
    assert "Only you can see it" in browser.open("https://repository.test/items").text
    assert "is public since" not in browser.open(f"https://repository.test/items/{made}").text
    assert api("POST", f"{OWN}/{made}/publish").status == 201
    world.repository.work()
    assert anyone("GET", f"/v2/articles/{made}").json()["version"] == 1
    assert world.registered(f"10.5072/laelia.{made}") is not None
    assert world.registered(f"10.5072/laelia.{made}.v1") is not None
