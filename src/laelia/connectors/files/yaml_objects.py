"""YAML as plain as JSON: every scalar is a text as it stands (`NO` is a country, `0042` a number with zeros),
but for nothing. What refers to another part of the document is refused: a few lines could become
gigabytes."""

from typing import Any

import yaml

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


_STANDARD = "tag:yaml.org,2002:"
# That a text is a text, and so on, may be said: it changes nothing.
_TAGS = ("!", *(f"{_STANDARD}{kind}" for kind in ("str", "map", "seq")))


class NoYaml(ValueError):
    """What is wrong with it, in the reader's words."""


class _Plain(_Base):  # type: ignore[misc]  # which of the two is there is for the machine to say
    """The safe loader, of whose guesses only that at nothing is left."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in known if tag == "tag:yaml.org,2002:null"]
        for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        found = super().construct_mapping(node, deep=deep)
        if None in found:
            raise NoYaml("a value has no name before it")
        return found


def loaded(text: str) -> Any:
    try:
        for event in yaml.parse(text, Loader=_Base):
            if isinstance(event, yaml.AliasEvent):
                raise NoYaml("it refers to another part of itself, which is not taken")
            tag = getattr(event, "tag", None)
            if tag is not None and tag not in _TAGS:
                raise NoYaml(f"it says of what type a value is ({_written(tag)}), which is not taken")
        return yaml.load(text, Loader=_Plain)  # noqa: S506  # made of the safe loader
    except yaml.YAMLError as error:
        raise NoYaml(str(getattr(error, "problem", None) or "it is no YAML")) from None
    except RecursionError:
        raise NoYaml("it is nested too deeply") from None


def _written(tag: str) -> str:
    """As it stands in the document, more or less."""
    return tag.replace(_STANDARD, "!!")[:60]
