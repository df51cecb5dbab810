"""The page of figures keeps what others wrote in it."""

from campaigns.proof import replaced


def test_a_block_is_replaced_and_the_rest_stays() -> None:
    page = "# Proof\n\nWords.\n\n## Campaigns\n\nFirst.\n\n## Benchmarks\n\nFigures.\n"
    once = replaced(replaced(page, "one", ["1 kill"]), "two", ["2 kills", r"a back\slash"])
    again = replaced(once, "one", ["3 kills"])
    assert again.index("First.") < again.index("- 3 kills") < again.index("- 2 kills")
    assert again.index(r"a back\slash") < again.index("## Benchmarks") < again.index("Figures.")
    assert "1 kill\n" not in again
    assert again.count("soak: one") == 1


def test_a_page_without_the_section_gets_it() -> None:
    made = replaced("# Proof\n\n## Benchmarks\n\nFigures.\n", "one", ["1 kill"])
    assert made.index("Figures.") < made.index("## Campaigns") < made.index("- 1 kill")
