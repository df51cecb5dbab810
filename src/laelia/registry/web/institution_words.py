"""What people are told when a sign-in through an organisation is refused."""

from laelia.lib.i18n import gettext as _


def why(reason: str) -> tuple[str, str, int]:
    """Title, sentence and status of a refusal. What an attacker could learn from is told as one thing."""
    told = {
        "unasked": (
            _("Please start here"),
            _(
                "Your organisation sent you without being asked. For your safety a sign-in has to begin on "
                "this site: choose your organisation, and you are led there and back."
            ),
            400,
        ),
        "spent": (
            _("Please start again"),
            _("This sign-in took longer than ten minutes, or its answer was used before."),
            400,
        ),
        "browser": (
            _("Please start again"),
            _(
                "This sign-in was not started in this browser, or the browser does not keep cookies. Nobody "
                "was signed in."
            ),
            400,
        ),
        "declined": (
            _("Your organisation did not sign you in"),
            _("It said no, or you stopped there. You can try again, or sign in in another way."),
            400,
        ),
        "nameless": (
            _("Your organisation did not say who you are"),
            _(
                "It sent nothing by which you could be known again the next time. Its help desk can change "
                "that: it has to release pairwise-id, eduPersonUniqueId or a persistent NameID to this site."
            ),
            403,
        ),
        "mixed": (
            _("This account can't be used"),
            _("What your organisation says of you belongs to more than one iD here. Please write to us."),
            403,
        ),
        "taken": (
            _("This account belongs to another iD"),
            _(
                "It was linked to another iD before. If that is yours as well, sign in with it and unlink "
                "the account there first."
            ),
            409,
        ),
        "closed": (
            _("This iD is closed"),
            _("The iD that this account signs in to was closed or merged into another."),
            403,
        ),
        "away": (
            _("Your organisation can't be reached"),
            _("Its sign-in service does not answer at this moment. Please try again in a few minutes."),
            502,
        ),
    }
    other = (
        _("The answer of your organisation can't be relied on"),
        _(
            "It was not signed as it has to be, was meant for somebody else, or was changed on its way. "
            "Nobody was signed in."
        ),
        400,
    )
    return told.get(reason, other)
