"""Foreign text made plain: no markup, no control characters, no longer than the model allows."""

import html
import re

# Only names that are markup in titles and abstracts (HTML, JATS, MathML): "a <b and c> d" stays as it is.
_NAMES = (
    "a|abbr|b|bdi|bdo|big|blockquote|body|br|center|cite|code|dd|del|dfn|div|dl|dt|em|embed|fieldset|figcaption|"
    "figure|font|footer|form|h[1-6]|head|header|hr|html|i|img|input|ins|kbd|label|li|link|mark|math|mfrac|mi|mn|"
    "mo|mover|mrow|ms|mspace|msqrt|mstyle|msub|msubsup|msup|mtable|mtd|mtext|mtr|munder|ol|p|pre|q|s|samp|sec|"
    "section|small|span|strike|strong|sub|sup|svg|table|tbody|td|tfoot|th|thead|title|tr|tt|u|ul|var|wbr|xref|"
    r"italic|bold|roman|monospace|styled-content|named-content|inline-formula|tex-math|\w+:[\w-]+"
)
_ATTRIBUTE = r"""(?:\s+[\w:-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+))"""
_TAG = re.compile(rf"</?(?:{_NAMES}){_ATTRIBUTE}*\s*/?>", re.IGNORECASE)
_HIDDEN = re.compile(r"<(script|style)\b[^>]*>.*?(?:</\1\s*>|\Z)|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"</?(?:br|p|div|li|tr|td|h[1-6]|hr|jats:p|jats:title|title|sec)\b[^<>]*>", re.IGNORECASE)
# What XML 1.0 can't carry, and invisible marks that change the reading direction of what follows.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)


def plain(value: object, limit: int | None = None) -> str | None:
    """The text without markup and with single spaces, or None if nothing is left. Entities are resolved, also
    those that were escaped twice on their way."""
    if not isinstance(value, str):
        return None
    text = value
    for _ in range(3):
        before = text
        text = _TAG.sub("", _BREAK.sub(" ", _HIDDEN.sub(" ", html.unescape(text))))
        if text == before:
            break
    text = " ".join(clean(text).split())
    return (cut(text, limit) if limit else text) or None


def clean(text: str) -> str:
    """The text without what no document of ours can carry or what would mislead whoever reads it."""
    return _FORBIDDEN.sub("", text)


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, ended at a word where one ends near, with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    word = head.rfind(" ")
    return (head[:word] if word > limit * 0.8 else head).rstrip() + "…"
