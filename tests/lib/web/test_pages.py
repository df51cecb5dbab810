"""Foreign values in pages, the operator's own texts, and that no style or script is inline."""

import pathlib
import re
from importlib.resources import files

import pytest

from laelia.lib.web.pages import outlink, safe_url, templates, when

# A block of data is no script: browsers run none of it.
INLINE = re.compile(
    r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|<script(?![^>]*\s(?:src=|type=\"application/ld\+json))"
)
COMMON = pathlib.Path(str(files("laelia.lib.web")))


@pytest.mark.parametrize(
    "value",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//evil.example/",
        "/local",
        "https:",
        "http://[::1",
        "mailto:",
        "",
        None,
    ],
)
def test_what_is_no_address_stays_text(value: str | None) -> None:
    assert safe_url(value) is None
    assert "<a" not in outlink(value)


def test_foreign_links_are_escaped_and_do_not_vouch() -> None:
    link = outlink('https://x.test/?a="><script>', "<i>")
    assert link == '<a href="https://x.test/?a=&#34;&gt;&lt;script&gt;" rel="noopener nofollow">&lt;i&gt;</a>'
    assert safe_url("mailto:a@example.org") == "mailto:a@example.org"
    assert str(when(0)).startswith('<time datetime="1970-01-01T00:00:00Z"')
    assert when(None) == ""


def test_an_operators_own_text_replaces_ours(tmp_path: pathlib.Path) -> None:
    (tmp_path / "problem.html").write_text("ours: {{ problem }}")
    pages = templates("laelia.lib.web.templates", overrides=tmp_path)
    assert pages.render("problem.html", problem="<x>") == "ours: &lt;x&gt;"


BY_ITSELF = {"check.html"}
"""Pages that a command writes into a file: no server sends them, and so they carry their own style."""


def test_templates_keep_to_the_content_policy() -> None:
    for file in COMMON.parent.parent.rglob("*.html"):
        if file.name in BY_ITSELF:
            continue
        text = file.read_text()
        assert not INLINE.search(text), file
    assert "http" not in re.sub(r"/\*.*?\*/", "", (COMMON / "static" / "look.css").read_text(), flags=re.S)


def luminance(colour: str) -> float:
    text = colour.lstrip("#")
    text = "".join(each * 2 for each in text) if len(text) == 3 else text
    parts = [int(text[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_aa_in_light_and_dark() -> None:
    css = (COMMON / "static" / "look.css").read_text()
    blocks = re.findall(r":root \{(.*?)\}", css, flags=re.S)
    light, dark = (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", each)) for each in blocks[:2])
    pairs = [
        ("ink", "paper"), ("ink", "ground"), ("muted", "paper"), ("muted", "ground"),
        ("accent", "paper"), ("accent", "ground"), ("accent", "accent-soft"), ("accent-ink", "accent"),
        ("accent-ink", "accent-strong"), ("good", "good-soft"), ("warn", "warn-soft"), ("bad", "bad-soft"),
        ("bad", "paper"), ("ink", "accent-soft"),
        ("ink", "good-soft"), ("ink", "warn-soft"), ("ink", "bad-soft"),
    ]  # fmt: skip
    for colours in (light, dark):
        for fore, back in pairs:
            assert contrast(colours[fore], colours[back]) >= 4.5, (fore, back)
        for edge in ("edge", "focus"):  # borders of controls and the focus ring, WCAG 1.4.11
            assert contrast(colours[edge], colours["paper"]) >= 3, edge
