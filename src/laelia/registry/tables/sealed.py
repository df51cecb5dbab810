"""Every column of the registry whose values are sealed, and what they are bound to: the one list that
`laelia registry keys` counts and seals anew by. Whoever seals something adds its line here."""

from laelia.lib.sealed import Sealed

SEALED: tuple[Sealed, ...] = ()
