"""Encoding 200 work summaries: every figure beside its limit, measured in the same run.

The limits: JSON against `orjson.dumps` of dicts made ready beforehand; XML against a template of f-strings
written by hand for just this document, with the same escaping and the same times.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Any

import orjson

from benchmarks.figures import Figure, show
from laelia.codec import json, xml
from laelia.codec.scalar import stamp
from laelia.codec.xml_writer import escape, unsafe
from laelia.model.activities import WorkGroup, Works
from laelia.model.common import ClientUri, ExternalId, PublicationDate, Source
from laelia.model.language import V2_0, V2_1, V3_0, Raw
from laelia.model.work import WorkSummary, WorkTitle

COUNT = 200
ORCID = "0000-0002-1825-0097"


def summary(i: int) -> WorkSummary:
    doi = f"10.5072/laelia.{i}"
    client = "APP-0123456789ABCDEF"
    return WorkSummary(
        put_code=1_000_000 + i,
        created_date=1_700_000_000_000 + i * 7_777_777,
        last_modified_date=1_710_000_000_000 + i * 9_999_999,
        source=Source(
            source_client_id=ClientUri(
                uri=f"https://orcid.org/client/{client}", path=client, host="orcid.org"
            ),
            source_name="DataCite",
        ),
        title=WorkTitle(title=f"Observations of orchids & their pollinators, part {i}"),
        external_ids=[
            ExternalId(
                type="doi",
                value=doi.upper(),
                normalized=doi,
                url=f"https://doi.org/{doi}",
                relationship="self",
            ),
            ExternalId(type="issn", value="1388-6150", normalized="1388-6150", relationship="part-of"),
        ],
        url=f"https://doi.org/{doi}",
        type="data-set",
        publication_date=PublicationDate(year=str(1990 + i % 30), month=f"{i % 12 + 1:02}", day="07"),
        journal_title="Annals of Laelia",
        visibility="public",
        path=f"/{ORCID}/work/{1_000_000 + i}",
        display_index=1,
    )


def works(stored: bool) -> Works:
    """As objects, or as the registry keeps them: summaries already in 3.0 JSON."""
    groups = []
    for i in range(COUNT):
        one = summary(i)
        kept: WorkSummary | Raw = Raw(WorkSummary, json.encode(one, V3_0)) if stored else one
        groups.append(
            WorkGroup(
                last_modified_date=one.last_modified_date,
                external_ids=one.external_ids[:1],
                work_summary=[kept],
            )
        )
    return Works(last_modified_date=1_712_000_000_000, group=groups, path=f"/{ORCID}/works")


def best(call: Callable[[], Any], rounds: int = 60) -> float:
    """Microseconds of the quickest of many rounds, without the garbage collector."""
    for _ in range(5):
        call()
    gc.collect()
    gc.disable()
    quickest = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        quickest = min(quickest, time.perf_counter() - start)
    gc.enable()
    return quickest * 1e6


def by_hand(document: Works, prologue: str) -> bytes:
    """The same 3.0 document from templates, as one would write them for speed."""
    groups = "".join([_group(group) for group in document.group])
    date = document.last_modified_date
    assert date is not None
    return (
        f"{prologue}\n    <common:last-modified-date>{stamp(date)}</common:last-modified-date>{groups}"
        "\n</activities:works>\n"
    ).encode()


def _text(value: str | None) -> str:
    if value is None:
        return ""
    return escape(value) if unsafe(value) else value


def _group(group: WorkGroup) -> str:
    ids = "".join([_id(x, "            ") for x in group.external_ids])
    works = "".join([_summary(x) for x in group.work_summary])  # type: ignore[arg-type]
    assert group.last_modified_date is not None
    return f"""
    <activities:group>
        <common:last-modified-date>{stamp(group.last_modified_date)}</common:last-modified-date>
        <common:external-ids>{ids}
        </common:external-ids>{works}
    </activities:group>"""


def _id(x: ExternalId, margin: str) -> str:
    normalized = url = relationship = ""
    if x.normalized is not None:
        normalized = (
            f'\n{margin}    <common:external-id-normalized transient="true">{_text(x.normalized)}'
            "</common:external-id-normalized>"
        )
    if x.url is not None:
        url = f"\n{margin}    <common:external-id-url>{_text(x.url)}</common:external-id-url>"
    if x.relationship is not None:
        relationship = (
            f"\n{margin}    <common:external-id-relationship>{x.relationship}"
            "</common:external-id-relationship>"
        )
    more = f"{normalized}{url}{relationship}"
    return f"""
{margin}<common:external-id>
{margin}    <common:external-id-type>{_text(x.type)}</common:external-id-type>
{margin}    <common:external-id-value>{_text(x.value)}</common:external-id-value>{more}
{margin}</common:external-id>"""


def _summary(w: WorkSummary) -> str:
    assert w.source
    assert w.source.source_client_id
    assert w.title
    assert w.publication_date
    assert w.created_date
    assert w.last_modified_date
    client, date = w.source.source_client_id, w.publication_date
    ids = "".join([_id(x, "                ") for x in w.external_ids])
    url = f"\n            <common:url>{_text(w.url)}</common:url>" if w.url is not None else ""
    journal = ""
    if w.journal_title is not None:
        journal = f"\n            <work:journal-title>{_text(w.journal_title)}</work:journal-title>"
    attributes = f' put-code="{w.put_code}" path="{w.path}" visibility="{w.visibility}"'
    attributes += f' display-index="{w.display_index}"'
    return f"""
        <work:work-summary{attributes}>
            <common:created-date>{stamp(w.created_date)}</common:created-date>
            <common:last-modified-date>{stamp(w.last_modified_date)}</common:last-modified-date>
            <common:source>
                <common:source-client-id>
                    <common:uri>{client.uri}</common:uri>
                    <common:path>{client.path}</common:path>
                    <common:host>{client.host}</common:host>
                </common:source-client-id>
                <common:source-name>{_text(w.source.source_name)}</common:source-name>
            </common:source>
            <work:title>
                <common:title>{_text(w.title.title)}</common:title>
            </work:title>
            <common:external-ids>{ids}
            </common:external-ids>{url}
            <work:type>{w.type}</work:type>
            <common:publication-date>
                <common:year>{date.year}</common:year>
                <common:month>{date.month}</common:month>
                <common:day>{date.day}</common:day>
            </common:publication-date>{journal}
        </work:work-summary>"""


def main() -> None:
    """Measures and prints; the documents compared are the same to the byte."""
    objects, stored = works(stored=False), works(stored=True)
    written = xml.encode(objects, V3_0)
    prologue = written.decode().partition("\n    <common:")[0]
    assert json.encode(stored, V3_0) == json.encode(objects, V3_0)
    assert by_hand(objects, prologue) == written
    ready = {v: orjson.loads(json.encode(objects, v)) for v in (V2_1, V3_0)}
    dumps = {v: best(lambda v=v: orjson.dumps(ready[v])) for v in ready}
    template = best(lambda: by_hand(objects, prologue))
    _show("3.0 JSON, stored summaries", lambda: json.encode(stored, V3_0), dumps[V3_0], "orjson.dumps", 1.0)
    _show("2.1 JSON, objects", lambda: json.encode(objects, V2_1), dumps[V2_1], "orjson.dumps", 4.5)
    _show("2.0 JSON, objects", lambda: json.encode(objects, V2_0), dumps[V2_1], "orjson.dumps", 4.5)
    _show("2.1 JSON, stored summaries", lambda: json.encode(stored, V2_1), dumps[V2_1], "orjson.dumps", None)
    _show("3.0 JSON, objects", lambda: json.encode(objects, V3_0), dumps[V3_0], "orjson.dumps", None)
    _show("3.0 XML, objects", lambda: xml.encode(objects, V3_0), template, "template by hand", 1.4)
    _show("3.0 XML, stored summaries", lambda: xml.encode(stored, V3_0), template, "template by hand", None)


def _show(what: str, call: Callable[[], Any], limit: float, limit_name: str, aim: float | None) -> None:
    name = f"encode {COUNT} summaries, {what}"
    show(Figure(name, best(call), "µs", limit, limit_name, aim, more_is_better=False))


if __name__ == "__main__":
    main()
