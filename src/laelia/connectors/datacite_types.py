"""DataCite's kinds of resource as work types of ORCID 3.0. Sources: the controlled list resourceTypeGeneral
of kernel 4.7 (with what only kernel 2 knew), and the free text resourceType as repositories write it."""

import re
from collections.abc import Mapping

# General → type. `other` only where ORCID has no type: an award, a project, a model, a workflow.
GENERAL: Mapping[str, str] = {
    "Audiovisual": "moving-image",
    "Award": "other",
    "Book": "book",
    "BookChapter": "book-chapter",
    "Collection": "other",
    "ComputationalNotebook": "software",
    "ConferencePaper": "conference-paper",
    "ConferenceProceeding": "conference-proceedings",
    "DataPaper": "journal-article",
    "Dataset": "data-set",
    "Dissertation": "dissertation-thesis",
    "Event": "conference-output",
    "Film": "moving-image",
    "Image": "image",
    "Instrument": "research-tool",
    "InteractiveResource": "online-resource",
    "Journal": "journal-issue",
    "JournalArticle": "journal-article",
    "Model": "other",
    "Other": "other",
    "OutputManagementPlan": "data-management-plan",
    "PeerReview": "review",
    "PhysicalObject": "physical-object",
    "Poster": "conference-poster",
    "Preprint": "preprint",
    "Presentation": "conference-presentation",
    "Project": "other",
    "Report": "report",
    "Service": "online-resource",
    "Software": "software",
    "Sound": "sound",
    "Standard": "technical-standard",
    "StudyRegistration": "clinical-study",
    "Text": "other",
    "Workflow": "other",
}

# Free text, folded by `_fold` → type.
WORDS: Mapping[str, str] = {
    word: kind
    for kind, words in {
        "annotation": "annotation",
        "artistic-performance": "artistic performance|performance",
        "blog-post": "blog post|blog posting|blog|blog entry",
        "book": "book|ebook|e book|monograph|monographie|monografie|monografia|buch|livre|libro",
        "book-chapter": "chapter|book chapter|book section|book part|in book|buchkapitel|chapitre",
        "book-review": "book review|rezension",
        "cartographic-material": "map|maps|cartographic material|karte",
        "clinical-study": "clinical study|clinical trial|study registration",
        "conference-abstract": "conference abstract|conference extended abstract|meeting abstract",
        "conference-output": "conference|conference object|conference item|conference output",
        "conference-paper": "conference paper|conference full text|conference article|"
        "conference contribution|proceedings article|proceedings paper|konferenzbeitrag",
        "conference-poster": "poster|conference poster|poster presentation",
        "conference-presentation": "presentation|conference presentation|slides|slide|talk|"
        "vortrag|conference talk",
        "conference-proceedings": "proceedings|conference proceeding|conference proceedings",
        "data-management-plan": "data management plan|output management plan|dmp",
        "data-set": "dataset|data set|data|data file|data collection|collection of dataset|raw data|"
        "supplementary collection of dataset|collection of data set|forschungsdaten",
        "dissertation-thesis": "thesis|dissertation|doctoral thesis|phd thesis|academic thesis|master thesis|"
        "masterthesis|masters thesis|bachelor thesis|postdoctoral thesis|habilitation|"
        "hochschulschrift|these|tesis|tese",
        "encyclopedia-entry": "encyclopedia entry|encyclopaedia entry|reference entry",
        "image": "image|figure|photograph|photo|picture|drawing",
        "journal-article": "article|journal article|research article|journal paper|scholarly article|"
        "data paper|review article|artikel|zeitschriftenartikel|articulo|artigo",
        "journal-issue": "journal|journal issue",
        "learning-object": "learning object|educational resource|teaching material|course|lesson|tutorial",
        "lecture-speech": "lecture|speech|keynote|inaugural lecture",
        "magazine-article": "magazine article",
        "manual": "manual|user guide|handbook",
        "moving-image": "video|film|movie|animation|moving image|video recording",
        "musical-composition": "musical composition|sheet music|score",
        "newsletter-article": "newsletter article|newsletter",
        "newspaper-article": "newspaper article|news article",
        "patent": "patent",
        "preprint": "preprint|pre print|posted content|eprint",
        "report": "report|project report|research report|technical report|annual report|deliverable|"
        "white paper|whitepaper|bericht|forschungsbericht|rapport|policy report",
        "review": "review|peer review|referee report",
        "software": "software|source code|code|computer program|script|software package|"
        "notebook|jupyter notebook",
        "sound": "sound|audio|podcast|audio recording",
        "standards-and-policy": "policy|standards and policy",
        "technical-standard": "standard|technical standard|specification|rfc",
        "test": "test|scale|skala|questionnaire|fragebogen|psychological test",
        "transcription": "transcription|transcript",
        "translation": "translation",
        "website": "website|web site|web page|webpage",
        "working-paper": "working paper|discussion paper|workingpaper|arbeitspapier",
    }.items()
    for word in words.split("|")
}

# What the free text may say against a general type that is itself a kind of work; general types not named
# here decide alone, and those in VAGUE leave it to the free text.
REFINED: Mapping[str, frozenset[str]] = {
    "Audiovisual": frozenset(
        {"conference-presentation", "lecture-speech", "learning-object", "conference-poster"}
    ),
    "Event": frozenset(
        {
            "conference-abstract",
            "conference-paper",
            "conference-poster",
            "conference-presentation",
            "conference-proceedings",
            "lecture-speech",
        }
    ),
    "Image": frozenset({"conference-poster", "conference-presentation", "cartographic-material"}),
    "InteractiveResource": frozenset(
        {"website", "blog-post", "learning-object", "conference-poster", "conference-presentation"}
    ),
    "Report": frozenset({"working-paper"}),
}
VAGUE = frozenset({"Text", "Collection", "Other"})

# DataCite derives a schema.org type; for a vague general type without words these few tell something.
SCHEMA_ORG: Mapping[str, str] = {
    "BlogPosting": "blog-post",
    "Book": "book",
    "Chapter": "book-chapter",
    "Report": "report",
    "Thesis": "dissertation-thesis",
}

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOT_WORD = re.compile(r"[\W_]+")


def work_type(types: Mapping[str, object]) -> str:
    """The ORCID 3.0 work type for the attribute `types`."""
    general = _general(types.get("resourceTypeGeneral") or types.get("resource-type-general"))
    said = _free(types.get("resourceType") or types.get("resource-type"))
    decided = GENERAL.get(general, "other")
    if general in VAGUE or general not in GENERAL:
        return said or SCHEMA_ORG.get(str(types.get("schemaOrg")), decided)
    if said in REFINED.get(general, ()):
        return said or decided
    return decided


def _general(value: object) -> str:
    """The spelling of the list: harvested documents carry `dataset` or `journal-article` as well."""
    if not isinstance(value, str):
        return ""
    return _BY_FOLD.get(_NOT_WORD.sub("", value).casefold(), value)


_BY_FOLD = {name.casefold(): name for name in GENERAL}


def _free(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    words = _fold(value)
    for start in range(len(words)):  # "XFEL.EU Annual Report" is a report: the last words tell
        if kind := WORDS.get(" ".join(words[start:])):
            return kind
    # "Thesis (PhD)", "Dataset/Pollen": else the first word, where it alone names a kind.
    return WORDS.get(words[0]) if words else None


def _fold(value: str) -> list[str]:
    folded = _NOT_WORD.sub(" ", _CAMEL.sub(" ", value[:200])).casefold().split()
    if len(folded) > 1 and folded[0] == "text":
        folded = folded[1:]
    return [word if word in _KEEP_S else word.removesuffix("s") for word in folded]


_KEEP_S = frozenset(word for words in WORDS for word in words.split() if word.endswith("s"))
