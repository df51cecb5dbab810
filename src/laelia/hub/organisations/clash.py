"""What can't be."""


class Clash(ValueError):
    """What was asked for contradicts what is there, or can't be; the message says which and how."""
