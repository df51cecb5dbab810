"""Writing: add items of files, several works at once, and change or delete one."""

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated

import typer

from laelia.client.commands.common import (
    At,
    Json,
    Orcid,
    Token,
    TokenFile,
    VersionName,
    section_named,
    usage,
    writable,
)
from laelia.client.commands.documents import Read, read_all
from laelia.client.commands.verdicts import ERRORS, State, Verdict, judge, report
from laelia.client.orcid import Record
from laelia.model.common import Item
from laelia.model.language import VERSIONS
from laelia.model.problems import Duplicate, DuplicateElement, Problem, PutCodeMismatch
from laelia.model.sections import BULK_LIMIT, Section
from laelia.model.work import Work

SectionWord = Annotated[str, typer.Argument(help="By its list or item: works, work.")]
PutCode = Annotated[int, typer.Argument(help="The item's number on the record.")]
STDIN = "-"


def add(
    orcid: Orcid,
    section: SectionWord,
    files: Annotated[
        list[str], typer.Argument(help="JSON or XML: an item each, or lists of them; - is stdin.")
    ],
    version: VersionName = "3.0",
    at: At = None,
    token: Token = None,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Add items, and say of each what became of it.

    Several works go a hundred at a time, other items one by one.
    What is wrong with one does not keep the others back; what is wrong with the token or the record does.
    """
    chosen = section_named(section, version)
    _one_reader_of_stdin(files, token)
    found = read_all(chosen, files, VERSIONS[version])
    record = writable(orcid, at, token, token_file, version)
    report(_adding(record, chosen, found), as_json)


def update(
    orcid: Orcid,
    section: SectionWord,
    put_code: PutCode,
    file: Annotated[str, typer.Argument(help="The item as it is to be, JSON or XML; - is stdin.")],
    version: VersionName = "3.0",
    at: At = None,
    token: Token = None,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Replace an item of one's own by another content. Who sees it stays what its owner made it."""
    chosen = section_named(section, version)
    _one_reader_of_stdin([file], token)
    found = read_all(chosen, [file], VERSIONS[version])
    if len(found) != 1:
        usage(f"{file} holds {len(found)} items; one is needed")
    record = writable(orcid, at, token, token_file, version)

    def change() -> None:
        item = found[0][1]
        if isinstance(item, Problem):
            raise item
        if item.put_code not in (None, put_code):
            raise PutCodeMismatch(url=put_code, body=item.put_code)
        record.change(item, put_code)

    report([_done("changed", chosen, put_code, change)], as_json)


def delete(
    orcid: Orcid,
    section: SectionWord,
    put_code: PutCode,
    version: VersionName = "3.0",
    at: At = None,
    token: Token = None,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Delete an item of one's own."""
    chosen = section_named(section, version)
    record = writable(orcid, at, token, token_file, version)
    report([_done("deleted", chosen, put_code, lambda: record.delete(chosen.entity, put_code))], as_json)


def _one_reader_of_stdin(files: Sequence[str], token: str | None) -> None:
    if (token == STDIN) + list(files).count(STDIN) > 1:
        usage("standard input can be read for one thing only")


def _done(state: State, section: Section, put_code: int, call: Callable[[], object]) -> Verdict:
    try:
        call()
    except ERRORS as error:
        return judge(error, section=section.noun, put_code=put_code)
    return Verdict(state=state, section=section.noun, put_code=put_code)


def _adding(record: Record, section: Section, found: Sequence[Read]) -> Iterator[Verdict]:
    """A verdict on each in its turn; after one that is not about an item nothing more is sent."""
    size = BULK_LIMIT if section.bulk is not None else 1
    ended = False
    for start in range(0, len(found), size):
        some = found[start : start + size]
        if ended:
            yield from (
                Verdict(state="unsent", section=section.noun, at=at, reason="not sent") for at, _ in some
            )
            continue
        answers = iter(_answers(record, [item for _, item in some if isinstance(item, Item)]))
        for place, item in some:
            answer = item if isinstance(item, Problem) else next(answers)
            ended = ended or _ends(answer)
            at = place if len(found) > 1 else None
            if isinstance(answer, int):
                yield Verdict(state="added", section=section.noun, put_code=answer, at=at)
            else:
                yield judge(answer, section=section.noun, at=at)


def _answers(record: Record, items: list[Item]) -> Sequence[int | Exception]:
    """For each its put-code or what stood against it, by one call."""
    try:
        if len(items) == 1:
            return [record.add(items[0])]
        return record.add_all([item for item in items if isinstance(item, Work)])
    except ERRORS as error:
        return [error] * len(items)


def _ends(answer: int | Exception) -> bool:
    """Whether an answer is about the token, the record or the registry: the next would be the same."""
    if isinstance(answer, Problem):
        return answer.status != 400 and not isinstance(answer, Duplicate | DuplicateElement)
    return isinstance(answer, Exception)
