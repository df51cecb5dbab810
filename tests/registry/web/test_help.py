"""Help stands beside each section and on one page, in the same words; support is reached."""

import pathlib
from collections.abc import Callable

import pytest

from laelia.model.sections import SECTIONS
from laelia.registry.web import help as helping
from laelia.registry.web.showing.blocks import BLOCKS
from registry.place import Place

OTHERS = ("names", "biography", "emails", "visibility", "sources", "sharing", "permissions", "delegates")


@pytest.mark.parametrize(
    "name", [*(section.name for section in SECTIONS), *(block.name for block in BLOCKS), *OTHERS]
)
def test_there_is_help_for_everything(name: str) -> None:
    topic = helping.words(name)
    assert topic is not None, f"{name}: say in web/help.py what it is"
    assert topic.sentences


def test_the_page_and_the_record_say_the_same(place: Place) -> None:
    page = place.browser().open(place.at("/help"))
    own = place.browser(place.ada).open(place.at("/my-record"))
    for chapter in helping.CHAPTERS:
        for topic in chapter.topics:
            assert page.all(f"//h3[@id='{topic.name}']"), topic.name
            for sentence in topic.sentences:
                assert str(sentence) in page.text
    for block in BLOCKS:
        topic = helping.words(block.name)
        assert topic is not None
        beside = own.all(f"//section[@aria-labelledby='{block.name}']//details[@class='help']")
        assert [" ".join(one.text_content().split())[1:] for one in beside] == [
            "".join(str(sentence) for sentence in topic.sentences)
        ]
    assert not place.browser().open(place.at(f"/{place.ada.orcid}")).all("//details[@class='help']")


@pytest.mark.parametrize(
    ("support", "link"),
    [
        ("help@example.org", "mailto:help@example.org"),
        ("https://help.example.org/", "https://help.example.org/"),
    ],
)
def test_support_is_reached(
    new_database: Callable[..., str], tmp_path: pathlib.Path, support: str, link: str
) -> None:
    place = Place(new_database("laelia.registry.migrations"), tmp_path / "var", support=support)
    try:
        page = place.browser().open(place.at("/contact"))
        assert page.links()[support] == link
        assert "puts an address here" not in page.text
    finally:
        place.close()


def test_the_start_page_says_what_an_id_is_and_has_the_box(place: Place) -> None:
    page = place.browser().open(place.at("/"))
    for said in ("What an iD is", "For researchers", "For organisations", "For everyone"):
        assert said in page.text
    assert page.form("/search").fill(q=place.ada.orcid).submit().url == place.at(f"/{place.ada.orcid}")
