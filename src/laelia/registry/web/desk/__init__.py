"""The pages on which people look after clients: anybody's in a sandbox, a researcher's own, a member's."""

from laelia.lib.web.core import OPEN, Route
from laelia.registry.web.desk import address, client, member, own, sandbox, secrets
from laelia.registry.web.door import SIGNED_IN

_CLIENT = "/clients/{client_id}"
_ADDRESS = f"{_CLIENT}/addresses/{{key}}"

routes = [
    Route("GET", "/sandbox/clients", sandbox.form, OPEN),
    Route("POST", "/sandbox/clients", sandbox.register, OPEN),
    Route("GET", "/developer-tools", own.tools, OPEN),
    Route("POST", "/developer-tools", own.register, SIGNED_IN),
    Route("GET", "/member-tools", member.mine, SIGNED_IN),
    Route("GET", "/member-tools/{member}", member.one, SIGNED_IN),
    Route("GET", "/member-tools/{member}/new-client", member.client_form, SIGNED_IN),
    Route("POST", "/member-tools/{member}/new-client", member.add_client, SIGNED_IN),
    Route("GET", _CLIENT, client.shown, SIGNED_IN),
    Route("GET", f"{_CLIENT}/edit", client.edit_form, SIGNED_IN),
    Route("POST", f"{_CLIENT}/edit", client.edit, SIGNED_IN),
    Route("POST", f"{_CLIENT}/state", client.set_state, SIGNED_IN),
    Route("POST", f"{_CLIENT}/rights", client.set_rights, SIGNED_IN),
    Route("POST", f"{_CLIENT}/move", client.move, SIGNED_IN),
    Route("POST", f"{_CLIENT}/secrets", secrets.add, SIGNED_IN),
    Route("POST", f"{_CLIENT}/secrets/{{mark}}/end", secrets.end, SIGNED_IN),
    Route("GET", f"{_CLIENT}/new-address", address.new_form, SIGNED_IN),
    Route("POST", f"{_CLIENT}/new-address", address.add, SIGNED_IN),
    Route("GET", _ADDRESS, address.edit_form, SIGNED_IN),
    Route("POST", _ADDRESS, address.edit, SIGNED_IN),
    Route("POST", f"{_ADDRESS}/remove", address.remove, SIGNED_IN),
    Route("POST", f"{_ADDRESS}/listed", address.set_listed, SIGNED_IN),
]
