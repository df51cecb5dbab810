"""Every column of the registry whose values are sealed, and what they are bound to: the one list that
`laelia registry keys` counts and seals anew by. Whoever seals something adds its line here."""

from laelia.lib.sealed import Sealed
from laelia.registry.tables.institutions import institution, institution_visit
from laelia.registry.tables.openid import signing_key
from laelia.registry.tables.sign_in import second_factor

SEALED = (
    Sealed(signing_key.c.sealed, "signing_key.sealed:{kid}"),
    Sealed(second_factor.c.secret, "second_factor/{orcid}/secret"),
    Sealed(second_factor.c.recovery_key, "second_factor/{orcid}/recovery_key"),
    Sealed(institution.c.sealed_secret, "institution.sealed_secret:{id}"),
    Sealed(institution_visit.c.sealed, "institution_visit.sealed:{id_hash}"),
)
