"""Files handed in, and what becomes of them."""

from typing import Any

from laelia.lib.browser import Browser, Page
from registry.adding.outside import Outside
from registry.place import Person

HOME = "/add-works/bibtex"
FEW = r"""
@string{joe = "Journal of Bees"}
@article{one, author={M{\"u}ller, Anna and Adder, Zoe}, title={On {B}ees \& wasps}, journal=joe, year={2020},
  month=mar, doi={10.5555/ONE}, issn={1234-5679}, abstract={About 5\% of it.}, file={/home/zoe/one.pdf}}
@article{broken, title={No end, year=2019
@book{two, author={Adder, Zoe}, title={A book}, publisher={Bee Press}, year={2019}, isbn={978-3-16-148410-0}}
@misc{untitled, year={2001}}
@article{again, title={The same again}, year={2020}, doi={https://doi.org/10.5555/one}}
@unpublished{three, author={Adder, Zoe}, title={Nobody knows}, year={2018}}
"""


def many(count: int, start: int = 0) -> str:
    return "".join(
        f"@article{{k{n}, author={{Adder, Zoe}}, title={{Work number {n}}}, year={{2020}}, "
        f"doi={{10.5555/many.{n}}}}}\n"
        for n in range(start, start + count)
    )


def uploaded(outside: Outside, who: Person | Browser, text: str | bytes, name: str = "mine.bib") -> Page:
    browser = outside.place.browser(who) if isinstance(who, Person) else who
    data = text.encode() if isinstance(text, str) else text
    return browser.open(outside.place.at(HOME)).form(HOME).fill(file=(name, data)).submit()


def choice(page: Page) -> Any:
    return page.form("choice")


def ticked(page: Page) -> list[str]:
    return [each.get("value") for each in page.all("//input[@name='entry'][@checked]")]


def titles(outside: Outside, who: Person) -> set[str]:
    return {one["title"]["title"]["value"] for one in outside.works(who)}


def outcomes(outside: Outside, who: Person) -> dict[str, str | None]:
    return {row.name: row.outcome for row in outside.place.rows("import_entry") if row.orcid == who.orcid}
