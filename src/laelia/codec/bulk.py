"""Several works in one body: one that does not fit becomes an error in its place, and the others go on."""

from __future__ import annotations

from typing import Any

from lxml import etree

from laelia.codec import validate
from laelia.codec.json_reader import reader
from laelia.codec.scalar import Wrong
from laelia.codec.xml_reader import local, qualified, refusal, stray_text
from laelia.codec.xml_reader import reader as xml_reader
from laelia.model.language import V3_0, Version
from laelia.model.other import Error, error_of
from laelia.model.problems import InvalidJson, Problem, SchemaInvalid, SchemaViolation
from laelia.model.work import Work, WorkBulk

WORK = qualified("work", "work")


def from_json(document: Any, version: Version) -> WorkBulk:
    if type(document) is not dict or not document.keys() <= {"bulk"}:
        raise InvalidJson('the body must be {"bulk": […]}.', version=version, place="/")
    members = document.get("bulk")
    members = [] if members is None else members if type(members) is list else [members]
    return WorkBulk(bulk=[_from_json(member, i, version) for i, member in enumerate(members)])


def _from_json(member: Any, i: int, version: Version) -> Work | Error:
    place = f"/bulk[{i}]/work"
    if type(member) is not dict or member.keys() != {"work"}:
        raise InvalidJson('each member must be {"work": {…}}.', version=version, place=f"/bulk[{i}]")
    try:
        work: Work = reader(Work, version, True)(member["work"])
    except Wrong as e:
        place = "/".join([place, *reversed(e.place)])
        return _error(InvalidJson(e.said, version=version, place=place), version)
    return held_to_schema(work, InvalidJson, place, version)


def from_xml(root: etree._Element, version: Version) -> WorkBulk:
    """The members of a parsed body; what stands between works and is none is refused as a whole."""
    if (refused := stray_text(root, version, deep=False)) is not None:
        raise refused
    for i, member in enumerate(root):
        if member.tag != WORK:
            said = f"the element {local(member)} is not known here; only works can be sent."
            raise SchemaViolation(said, version=version, place=f"/bulk:bulk/{local(member)}[{i}]")
    return WorkBulk(bulk=[_from_xml(member, i, version) for i, member in enumerate(root)])


def _from_xml(member: etree._Element, i: int, version: Version) -> Work | Error:
    place = f"/bulk:bulk/work:work[{i}]"
    if (refused := stray_text(member, version)) is not None:
        return _error(refused, version)
    try:
        work: Work = xml_reader(Work, version, True)(member)
    except Wrong as e:
        return _error(refusal(e, "/".join([place, *reversed(e.place)]), version), version)
    return held_to_schema(work, SchemaViolation, place, version)


def held_to_schema(work: Work, kind: type[Problem], place: str, version: Version) -> Work | Error:
    """The work, or the error that tells its first breach of the schema."""
    for where, said in validate.problems(work, version, place):
        return _error(kind(said, version=version, place=where), version)
    return work


def _error(problem: Problem, version: Version) -> Error:
    """2.x tells a breach of the schema in a bulk with 9001, 3.0 with the code a single work would get."""
    if version is not V3_0:
        problem = SchemaInvalid(problem.developer_message, version=version)
    return error_of(problem)
