"""No kind of resource that ORCID knows falls to `other`."""

import pytest

from laelia.connectors.datacite_types import GENERAL, work_type
from laelia.model.vocabularies import WORK_TYPE

# The general types of kernel 4.7 beside what ORCID calls them.
TYPES = """Audiovisual moving-image, Award other, Book book, BookChapter book-chapter, Collection other,
ComputationalNotebook software, ConferencePaper conference-paper, ConferenceProceeding conference-proceedings,
DataPaper journal-article, Dataset data-set, Dissertation dissertation-thesis, Event conference-output,
Image image, Instrument research-tool, InteractiveResource online-resource, Journal journal-issue,
JournalArticle journal-article, Model other, Other other, OutputManagementPlan data-management-plan,
PeerReview review, PhysicalObject physical-object, Poster conference-poster, Preprint preprint,
Presentation conference-presentation, Project other, Report report, Service online-resource,
Software software, Sound sound, Standard technical-standard, StudyRegistration clinical-study,
Text other, Workflow other, Film moving-image"""


@pytest.mark.parametrize("pair", TYPES.split(","), ids=lambda pair: pair.split()[0])
def test_general_types(pair: str) -> None:
    general, kind = pair.split()
    assert work_type({"resourceTypeGeneral": general}) == kind
    assert kind in WORK_TYPE.terms
    assert work_type({"resourceTypeGeneral": general.lower(), "resourceType": "Nothing known"}) == kind


def test_no_general_type_is_missing() -> None:
    assert {pair.split()[0] for pair in TYPES.split(",")} == set(GENERAL)


@pytest.mark.parametrize(
    ("general", "said", "kind"),
    [
        ("Text", "Articles", "journal-article"),
        ("Text", "JournalArticle", "journal-article"),
        ("Text", "Monografie", "book"),
        ("Text", "ebook", "book"),
        ("Text", "chapters", "book-chapter"),
        ("Text", "Text/Report", "report"),
        ("Text", "XFEL.EU Annual Report", "report"),
        ("Text", "TechnicalReport", "report"),
        ("Text", "Academic thesis", "dissertation-thesis"),
        ("Text", "Masterthesis", "dissertation-thesis"),
        ("Text", "Thesis (PhD)", "dissertation-thesis"),
        ("Text", "Conference extended abstract", "conference-abstract"),
        ("Text", "Conference full text", "conference-paper"),
        ("Text", "Conference poster", "conference-poster"),
        ("Text", "Conference presentation", "conference-presentation"),
        ("Text", "workingpaper", "working-paper"),
        ("Text", "preprint", "preprint"),
        ("Text", "dataset", "data-set"),
        ("Collection", "Collection of Datasets", "data-set"),
        ("Collection", "report", "report"),
        ("Collection", "Habilitation", "dissertation-thesis"),
        ("Image", "Poster", "conference-poster"),
        ("Image", "Dataset", "image"),
        ("Event", "Presentation", "conference-presentation"),
        ("Dataset", "Poster", "data-set"),
        ("Other", "Peer review", "review"),
        ("", "Software", "software"),
        ("Unheard", "", "other"),
    ],
)
def test_free_text_types(general: str, said: str, kind: str) -> None:
    assert work_type({"resourceTypeGeneral": general, "resourceType": said}) == kind
