"""What can't be asked, said so that whoever wrote it finds the place."""


class Unasked(Exception):
    """A query that can't be read, or asks for what is not supported. `place` counts characters from 1; None
    where it is the whole."""

    def __init__(self, sentence: str, place: int | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.place = place

    def __str__(self) -> str:
        return self.sentence if self.place is None else f"{self.sentence} (at character {self.place})"


class TooBroad(Unasked):
    """Patterns that stand in a phrase fit more words of the index than are tried."""

    def __init__(self) -> None:
        super().__init__("Words with * or ? within one phrase fit too many words here; write more letters.")
