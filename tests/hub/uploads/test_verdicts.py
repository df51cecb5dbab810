"""Every row's own verdict before anything is filed: whom it means, what it means, which organisation."""

import unicodedata
from typing import Any

import pytest

from hub.uploads.desk import ACADEMY, Desk, desk_of
from hub.web.town import Town
from laelia.connectors.files.sheet import Refused
from laelia.hub import assertions, tables, uploads
from laelia.hub.people.spelled import Words
from laelia.lib.http import HttpError
from laelia.model.sections import BY_NAME
from laelia.registry.access import person
from laelia.registry.record import items
from registry.place import Person

JOB = "employment,Lecturer,Example University,Dunedin,NZ,https://ror.org/01abcde99"
HEAD = "affiliation-section,role-title,org-name,org-city,org-country,ROR"


@pytest.fixture
def desk(town: Town) -> Desk:
    return desk_of(town)


def keywords(
    desk: Desk, *rows: str, head: str = "id,email,keyword"
) -> tuple[dict[str, int], list[list[str]]]:
    one = desk.upload("k.csv", "\n".join([head, *rows]), "keywords", file=False)
    return dict(one.counts), desk.said(one.id)


def test_people_are_known_by_local_id_or_address_and_an_id_is_a_hint(desk: Desk, town: Town) -> None:
    desk.person("twin@uni.example", None, local_id="p2")
    desk.person("twin@uni.example", None, local_id="p3")
    desk.person("left@uni.example", None, local_id="p4")
    with desk.hub.db.writing() as tx:
        tx.execute(tables.person.update().where(tables.person.c.local_id == "p4").values(state="closed"))
    ada, other = town.ada.orcid, town.stranger.orcid
    head = "local-id,email,orcid,keyword"
    counts, said = keywords(
        desk,
        "p1,,,one",
        ",ADA@UNI.example,,two",
        f",,{ada},three",
        f",,https://orcid.org/{other},four",
        f"p1,,{other},five",
        ",twin@uni.example,,six",
        "p2,twin@uni.example,,seven",
        "p2,ada@uni.example,,eight",
        "p9,,,nine",
        "p4,,,ten",
        head=head,
    )
    assert counts == {"ok": 3, "note": 2, "wrong": 5}
    assert said[:3] == [[], [], []]
    for place, words in (
        (3, "only who has signed in"), (4, "theirs counts"), (5, "Several people"), (6, "waits until"),
        (7, "two people"), (8, "no such person"), (9, "closed"),
    ):  # fmt: skip
        assert words in said[place][0], said[place]


def test_what_nobody_sees_in_a_local_id_makes_no_other_person(desk: Desk) -> None:
    counts, said = keywords(desk, "p1\u200b,one", "\ufeffp1,two", head="local-id,keyword")
    assert counts == {"ok": 2}, said


def test_the_same_twice_in_a_file_counts_once(desk: Desk) -> None:
    counts, said = keywords(
        desk, "K1,ada@uni.example,rivers", "K1,ada@uni.example,rivers", "K1,ada@uni.example,silt",
        ",ada@uni.example,sand", ",ada@uni.example,sand", ",ada@uni.example,Sand",
    )  # fmt: skip
    assert counts == {"ok": 2, "duplicate": 2, "wrong": 2}
    assert said[1] == ["The same as row 2."]
    assert "same key" in said[2][0]


def test_a_deletion_needs_a_key_that_is_known(desk: Desk) -> None:
    head = "id,email,keyword,delete,put-code"
    assert desk.upload("k.csv", f"{head}\nK1,ada@uni.example,rivers,,\n", "keywords").outcomes == {"added": 1}
    counts, said = keywords(
        desk, "K1,,,yes,", "K7,,,yes,", ",ada@uni.example,rivers,yes,", ",ada@uni.example,,yes,99", head=head
    )
    assert counts == {"ok": 1, "wrong": 3}
    assert "nothing here with the key" in said[1][0]
    assert "name the key" in said[2][0]
    assert "put-code 99" in said[3][0]


def test_an_item_is_changed_and_deleted_by_its_put_code(desk: Desk) -> None:
    desk.upload("k.csv", "email,keyword\nada@uni.example,rivers\n", "keywords")
    desk.work()
    code = desk.codes("keywords")["rivers"]
    head = "email,keyword,put-code,delete"
    desk.upload("k.csv", f"{head}\nada@uni.example,silt,{code},\n", "keywords")
    desk.work()
    assert desk.codes("keywords") == {"silt": code}
    desk.upload("k.csv", f"{head}\nada@uni.example,,{code},yes\n", "keywords")
    desk.work()
    assert desk.codes("keywords") == {}


def test_a_key_of_several_people_needs_the_person(desk: Desk, town: Town) -> None:
    town.connected(town.stranger, handle="library")
    desk.person("bo@uni.example", None, local_id="p5")
    desk.becomes("bo@uni.example", town.stranger.orcid)
    head = "id,email,keyword,delete"
    both = f"{head}\nK1,ada@uni.example,rivers,\nK1,bo@uni.example,rivers,\n"
    assert desk.upload("k.csv", both, "keywords").outcomes == {"added": 2}
    counts, said = keywords(desk, "K1,,,yes", "K1,bo@uni.example,,yes", head=head)
    assert (counts, "name the person" in said[0][0]) == ({"ok": 1, "wrong": 1}, True)


def test_organisations_are_looked_up_at_the_registry_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    request = desk.hub.http.request

    def seen(method: str, url: str, **rest: object) -> object:
        asked.append(url)
        return request(method, url, **rest)

    monkeypatch.setattr(desk.hub.http, "request", seen)
    head = "email,affiliation-section,role-title,org-name,org-country"
    rows = [
        "ada@uni.example,employment,Reader,example university,",
        "ada@uni.example,employment,Dean,Example University,NZ",
        "ada@uni.example,education,BA,Trinity College,",
        "ada@uni.example,education,MA,Trinity College,IE",
        "ada@uni.example,education,PhD,Nowhere College,",
        "ada@uni.example,membership,Fellow,Nowhere College,NZ",
    ]
    one = desk.upload("a.csv", "\n".join([head, *rows]), file=False)
    said = desk.said(one.id)
    assert (one.counts["note"], one.counts["wrong"]) == (4, 2), said
    assert "https://ror.org/02tyrky19" in said[2][0]
    assert "https://ror.org/00rzspn62" in said[2][0]
    assert "No organisation" in said[4][0]
    assert len(asked) == len(set(asked)) == 4


def test_a_registry_without_a_register_is_said_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> object:
        raise HttpError("unreachable", "nobody there")

    monkeypatch.setattr(desk.hub.http, "request", away)
    one = desk.upload(
        "a.csv", "email,affiliation-section,org-name\nada@uni.example,employment,X\n", file=False
    )
    assert "can't be asked" in desk.said(one.id)[0][0]


def test_a_file_of_the_affiliation_manager_deletes_by_a_bare_id(desk: Desk) -> None:
    head = "email,affiliation-section,role-title,org-name,org-country,org-city,"
    head += "disambiguated-organization-identifier,id"
    row = f"ada@uni.example,membership,Fellow,Example Academy,NZ,Wellington,{ACADEMY},"
    one = desk.upload("am.csv", f"{head}\n{row}\n")
    assert (one.maker, one.outcomes) == ("ORCID's Affiliation Manager", {"added": 1})
    desk.work()
    assert desk.standing("memberships") == ["Fellow"]
    key = desk.results(one.id)[0]["key"]
    assert desk.upload("am.csv", f"{head}\n,,,,,,,{key}\n").outcomes == {"withdrawn": 1}
    desk.work()
    assert desk.standing("memberships") == []


def test_a_key_moves_to_another_kind_of_affiliation(desk: Desk) -> None:
    head = f"id,email,{HEAD}"
    desk.upload("a.csv", f"{head}\nHR-1,ada@uni.example,{JOB}\n")
    desk.work()
    desk.upload("a.csv", f"{head}\nHR-1,ada@uni.example,{JOB.replace('employment', 'service')}\n")
    desk.work()
    assert (desk.standing("employments"), desk.standing("services")) == ([], ["Lecturer"])


def test_the_mapping_can_be_changed_before_anything_is_filed(desk: Desk) -> None:
    data = b"email,first,second\nada@uni.example,rivers,silt\n"
    number = uploads.store(desk.hub, desk.place, "k.csv", data, kind="keywords")
    one = desk.get(number)
    assert (one.reading.missing(), one.unused) == (["keyword"], ["first", "second"])
    for header in ("first", "second"):
        with desk.hub.db.writing() as tx:
            uploads.read_as(tx, 1, desk.get(number), "keywords", {"email": "email", "keyword": header})
        assert uploads.check(desk.hub, desk.place, number)
    with desk.hub.db.writing() as tx:
        for columns in ({"keyword": "third"}, {"colour": "first"}):
            with pytest.raises(uploads.CantDo):
                uploads.read_as(tx, 1, desk.get(number), "keywords", columns)
        uploads.confirm(tx, 1, desk.place, number)
    desk.work()
    assert desk.standing("keywords") == ["silt"]
    with pytest.raises(uploads.CantDo), desk.hub.db.writing() as tx:
        uploads.read_as(tx, 1, desk.get(number), "keywords", {"keyword": "first"})


def test_what_she_declined_is_told_and_not_sent_again(desk: Desk, town: Town) -> None:
    rows = "id,email,keyword\nK1,ada@uni.example,rivers\n"
    desk.upload("k.csv", rows, "keywords")
    desk.work()
    delete_as_owner(town, town.ada, desk.codes("keywords")["rivers"])
    changed = desk.upload("k.csv", rows.replace("rivers", "River"), "keywords")
    desk.work()
    assert desk.standing("keywords") == []
    assert desk.results(changed.id)[0]["state"] == "declined"


def delete_as_owner(town: Town, who: Person, put_code: int) -> None:
    with town.place.service.db.writing() as tx:
        items.remove(tx, town.clock.now(), person(who.orcid), who.orcid, BY_NAME["keywords"], put_code)


def test_a_section_that_was_not_opened_waits_alone(town: Town) -> None:
    desk = desk_of(town, scopes="/read-limited /activities/update")
    desk.upload("k.csv", "email,keyword\nada@uni.example,rivers\n", "keywords")
    job = desk.upload("a.csv", f"email,{HEAD}\nada@uni.example,{JOB}\n")
    desk.work()
    assert desk.results(job.id)[0]["state"] == "in-record"
    with desk.hub.db.reading() as tx:
        states = {row.section: (row.state, row.reason) for row in assertions.rows(tx, desk.place)}
    assert states["keywords"] == ("waiting-permission", "scope")


def test_other_environments_are_not_touched(desk: Desk, town: Town) -> None:
    one = desk.upload("k.csv", "email,keyword\nada@uni.example,rivers\n", "keywords")
    with desk.hub.db.reading() as tx:
        assert uploads.upload(tx, town.datacite, one.id) is None
        assert uploads.uploads(tx, town.datacite) == []
    other = uploads.store(desk.hub, town.datacite, "k.csv", b"email,keyword\nada@uni.example,rivers\n")
    uploads.check(desk.hub, town.datacite, other)
    with desk.hub.db.reading() as tx:
        found = uploads.upload(tx, town.datacite, other)
    assert found is not None
    assert found.counts == {"wrong": 1}


def test_what_cannot_be_read_leaves_nothing(desk: Desk) -> None:
    with pytest.raises(Refused):
        uploads.store(
            desk.hub, desk.place, "k.csv", b"email,keyword\n" + b"a@b.example,x\n" * 1500 + b"y" * 31_000
        )
    assert desk.town.rows("upload") == []
    assert desk.town.rows("upload_row") == []


def test_an_erased_person_leaves_no_words_behind(desk: Desk) -> None:
    one = desk.upload("k.csv", "email,keyword\nada@uni.example,rivers\n", "keywords", file=False)
    [row] = desk.town.rows("upload_row")
    with desk.hub.db.writing() as tx:
        uploads.forget_person(tx, desk.place, [row.person_id], Words(()))
    [row] = desk.town.rows("upload_row")
    assert (row.cells, row.item, row.said, row.person_id) == ("[]", None, None, None)
    assert len(desk.results(one.id)) == 1


def test_a_kind_that_is_named_makes_it_nobodys_file(desk: Desk) -> None:
    rows = "email,title,type,external-id-type,external-id-value\n" + "".join(
        f"ada@uni.example,Silt,data-set,doi,10.5072/{n}\n" for n in (1, 2)
    )
    one = desk.upload("w.csv", rows, "works")
    assert (one.maker, one.outcomes) == (None, {"added": 2})


def test_rows_of_the_nz_hub_are_put_together(desk: Desk) -> None:
    rows = (
        "Title,Type,External Id Type,External Id Value,External Id Relationship,Email,Is Active\n"
        + "".join(
            f"Silt,data-set,{kind},{value},self,ada@uni.example,y\n"
            for kind, value in (("doi", "10.5072/1"), ("handle", "20.5000/1"))
        )
    )
    one = desk.upload("w.csv", rows)
    assert (one.reading.maker, one.outcomes, one.counts["duplicate"]) == ("nz-hub", {"added": 1}, 1)
    [row] = desk.town.rows("assertion")
    assert "10.5072/1" in row.item
    assert "20.5000/1" in row.item
    assert desk.said(one.id)[1] == ["The same as row 2."]


@pytest.mark.parametrize(("hers", "filed"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_an_erased_person_is_found_however_her_accents_are_kept(desk: Desk, hers: Any, filed: Any) -> None:
    """One file brought letters with their accents, another apart from them."""
    names, rows = (
        (unicodedata.normalize(form, "Rene\u0301"), unicodedata.normalize(form, "Go\u0308del"))
        for form in (hers, filed)
    )
    desk.upload(
        "p.csv", f"email,given-names,family-names\nno address,{','.join(rows)}\n", "people", file=False
    )
    with desk.hub.db.writing() as tx:
        assert uploads.forget_person(tx, desk.place, [], Words(()), names=[names]) == 1
    assert [row.cells for row in desk.town.rows("upload_row")] == ["[]"]
