"""Search & link: the organisations from which a researcher can add what they know of her."""

from dataclasses import dataclass

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page
from laelia.lib.web.pages import safe_url
from laelia.registry.access import Principal
from laelia.registry.grants import addresses, trusted
from laelia.registry.grants.addresses import Start
from laelia.registry.web.door import in_record, record_of


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One filter: what may be chosen, and what was."""

    name: str
    label: str
    options: list[str]
    chosen: str


@in_record
def search_and_link(call: Call, who: Principal) -> Reply:
    """GET /search-and-link. A link opens the organisation's own start address, where the state of the
    request for permission is made. Organisations that name no types or areas fit every choice."""
    connected = {one.client_id for one in trusted.organisations(call.tx, call.now, record_of(who))}
    found = [one for one in addresses.starts(call.tx) if safe_url(one.url)]
    choices = [
        Choice(name="adds", label=_("What"), options=_options([(one.adds,) for one in found]),
               chosen=call.arg("adds")),
        Choice(name="type", label=_("Kind"), options=_options([one.act_types for one in found]),
               chosen=call.arg("type")),
        Choice(name="area", label=_("Area"), options=_options([one.areas for one in found]),
               chosen=call.arg("area")),
    ]  # fmt: skip
    shown = [{"start": one, "trusted": one.client_id in connected} for one in found if _fits(one, choices)]
    return page(
        call,
        "search_and_link.html",
        organisations=shown,
        choices=[one for one in choices if len(one.options) > 1],
        chosen=any(one.chosen for one in choices),
    )


def _options(values: list[tuple[str, ...]]) -> list[str]:
    return sorted({value for several in values for value in several})


def _fits(one: Start, choices: list[Choice]) -> bool:
    said = {"adds": (one.adds,), "type": one.act_types, "area": one.areas}
    return all(
        not choice.chosen or not said[choice.name] or choice.chosen in said[choice.name] for choice in choices
    )
