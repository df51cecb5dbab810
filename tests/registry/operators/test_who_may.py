"""Who sees and changes what, as one table: a row for each page and form, a column for each person.

+ it is done, - there is no such page, > sign in first."""

import pytest

from registry.operators.cast import Cast

# Read: nobody, ada (owns the public client), carla (contact of the library), dora (of the press), stranger,
# olga (operator).
TABLE = """
GET  /developer-tools                   +++++ +
GET  /member-tools                      >++++ +
GET  /member-tools/{library}            >-+-- -
GET  /member-tools/{library}/new-client >-+-- -
POST /member-tools/{library}/new-client >-+-- -
GET  /clients/{public}                  >+--- +
GET  /clients/{public}/edit             >+--- -
POST /clients/{public}/edit             >+--- -
POST /clients/{public}/secrets          >+--- -
POST /clients/{public}/state            >+--- +
POST /clients/{public}/rights           >---- +
GET  /clients/{member}                  >-+-- +
GET  /clients/{member}/edit             >-+-- -
POST /clients/{member}/edit             >-+-- -
GET  /clients/{member}/new-address      >-+-- -
POST /clients/{member}/new-address      >-+-- -
GET  /clients/{member}/addresses/{key}  >-+-- -
POST /clients/{member}/addresses/{key}  >-+-- -
POST /clients/{member}/addresses/{key}/listed >---- +
POST /clients/{member}/secrets          >-+-- -
POST /clients/{member}/secrets/{mark}/end >-+-- +
POST /clients/{member}/state            >-+-- +
POST /clients/{member}/rights           >---- +
POST /clients/{member}/move             >---- +
POST /clients/{member}/addresses/{key}/remove >-+-- -
GET  /clients/APP-NOBODYS               >---- -
GET  /operator                          >---- +
GET  /operator/records                  >---- +
GET  /operator/records/{ada}            >---- +
POST /operator/records/{ada}/review     >---- +
POST /operator/records/{ada}/lock       >---- +
POST /operator/records/{ada}/unlock     >---- +
POST /operator/records/{ada}/merge      >---- +
POST /operator/records/{ada}/resend     >---- +
POST /operator/records/{ada}/message    >---- +
GET  /operator/members                  >---- +
POST /operator/members                  >---- +
GET  /operator/members/{library}        >---- +
POST /operator/members/{library}        >---- +
POST /operator/members/{library}/state  >---- +
POST /operator/members/{library}/contacts >---- +
POST /operator/members/{library}/contacts/{ada}/remove >---- +
GET  /operator/clients                  >---- +
GET  /operator/audit                    >---- +
GET  /operator/audit.csv                >---- +
"""
ROWS = [line.split(None, 2) for line in TABLE.strip().splitlines()]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_every_address_of_the_desk_is_in_the_table() -> None:
    from laelia.registry.web import desk
    from laelia.registry.web.operator import addresses

    def shape(path: str) -> str:
        return "/".join("*" if "{" in part or part == "APP-NOBODYS" else part for part in path.split("/"))

    routed = {
        (r.method, shape(r.path)) for r in (*desk.routes, *addresses.routes) if r.path != "/sandbox/clients"
    }
    asked = {(method, shape(path)) for method, path, _marks in ROWS}
    assert routed - asked == {("POST", "/developer-tools")}


@pytest.mark.parametrize(("method", "path", "marks"), ROWS, ids=[f"{row[0]} {row[1]}" for row in ROWS])
def test_who_may(cast: Cast, method: str, path: str, marks: str) -> None:
    key = (
        next(
            f.element.get("action")
            for f in cast.page_of(cast.catalogue, cast.carla).forms()
            if "/addresses/" in (f.element.get("action") or "")
        ).split("/")[4]
        if "{key}" in path
        else ""
    )
    address = path.format(
        library=cast.library.id, public=cast.engine.id, member=cast.catalogue.id, ada=cast.ada.orcid,
        key=key, mark="0" * 12,
    )  # fmt: skip
    people = (None, cast.ada, cast.carla, cast.dora, cast.stranger, cast.olga)
    found = ""
    for who in people:
        browser = cast.at_desk(who)
        form = browser.open(cast.at("/about" if who is None else "/my-record"))
        before = cast.everything() if method == "POST" else ""
        if method == "GET":
            page = browser.open(cast.at(address))
        else:
            token = form.form("/signout").value("csrf_token") if who is not None else ""
            if who is None:
                token = browser.open(cast.at("/signin")).form("/signin").value("csrf_token")
            page = browser.send(
                "POST", cast.at(address), content=f"csrf_token={token}".encode(), headers=FORM
            )
        refused = page.status == 404 or "/signin" in page.url
        found += ">" if "/signin" in page.url else "-" if page.status == 404 else "+"
        if refused and method == "POST":
            assert cast.everything() == before
    assert found == marks.replace(" ", "")
