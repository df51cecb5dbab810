"""What counts as a change of co-authors' iDs alone."""

import json

import pytest

from laelia.hub.assertions.co_authors import only_ids_differ


def work(title: str, *orcids: str | None) -> str:
    named = [{"credit-name": {"value": f"C{n}"}, "contributor-orcid": orcid and {"path": orcid}}
             for n, orcid in enumerate(orcids)]  # fmt: skip
    return json.dumps({"title": {"title": {"value": title}}, "contributors": {"contributor": named}})


@pytest.mark.parametrize(
    ("standing", "wanted", "only"),
    [
        (work("A", None, None), work("A", None, "0000-0002-1825-0097"), True),
        (work("A", None, "0000-0002-1825-0097"), work("A", None, None), True),
        (work("A", None), work("B", "0000-0002-1825-0097"), False),
        (work("A", None), work("A", "0000-0002-1825-0097", None), False),
        (None, work("A", "0000-0002-1825-0097"), False),
        (json.dumps({"content": "rivers"}), json.dumps({"content": "silt"}), False),
        (json.dumps({"title": None, "contributors": None}), work("A", "0000-0002-1825-0097"), False),
    ],
)
def test_only_ids_differ(standing: str | None, wanted: str, only: bool) -> None:
    assert only_ids_differ(standing, wanted) is only
