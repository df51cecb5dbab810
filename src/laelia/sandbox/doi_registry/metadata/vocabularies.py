"""The controlled lists of DataCite Metadata Schema 4.7 and what DataCite derives from a resource type."""

NAMESPACE = "http://datacite.org/schema/kernel-4"
SCHEMA_LOCATION = "http://schema.datacite.org/meta/kernel-4.7/metadata.xsd"
KERNEL_PREFIX = "http://datacite.org/schema/kernel-"


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


RESOURCE_TYPES = words(
    """Audiovisual Award Book BookChapter Collection ComputationalNotebook ConferencePaper
    ConferenceProceeding DataPaper Dataset Dissertation Event Image Instrument InteractiveResource Journal
    JournalArticle Model OutputManagementPlan PeerReview PhysicalObject Poster Preprint Presentation Project
    Report Service Software Sound Standard StudyRegistration Text Workflow Other"""
)
CONTRIBUTOR_TYPES = words(
    """ContactPerson DataCollector DataCurator DataManager Distributor Editor HostingInstitution Other
    Producer ProjectLeader ProjectManager ProjectMember RegistrationAgency RegistrationAuthority
    RelatedPerson ResearchGroup RightsHolder Researcher Sponsor Supervisor Translator WorkPackageLeader"""
)
DATE_TYPES = words(
    """Accepted Available Collected Copyrighted Coverage Created Issued Other Submitted Updated Valid
    Withdrawn"""
)
DESCRIPTION_TYPES = words("Abstract Methods SeriesInformation TableOfContents TechnicalInfo Other")
TITLE_TYPES = words("AlternativeTitle Subtitle TranslatedTitle Other")
NAME_TYPES = words("Organizational Personal")
FUNDER_ID_TYPES = frozenset({"ISNI", "GRID", "ROR", "Crossref Funder ID", "Other"})
NUMBER_TYPES = words("Article Chapter Report Other")
RELATED_ID_TYPES = words(
    """ARK arXiv bibcode CSTR DOI EAN13 EISSN Handle IGSN ISBN ISSN ISTC LISSN LSID PMID PURL RAiD RRID
    SWHID UPC URL URN w3id"""
)
RELATION_TYPES = words(
    """IsCitedBy Cites IsSupplementTo IsSupplementedBy IsContinuedBy Continues IsNewVersionOf
    IsPreviousVersionOf IsPartOf HasPart IsPublishedIn IsReferencedBy References IsDocumentedBy Documents
    IsCompiledBy Compiles IsVariantFormOf IsOriginalFormOf IsIdenticalTo HasMetadata IsMetadataFor Reviews
    IsReviewedBy IsDerivedFrom IsSourceOf Describes IsDescribedBy HasVersion IsVersionOf Requires
    IsRequiredBy Obsoletes IsObsoletedBy Collects IsCollectedBy HasTranslation IsTranslationOf Other"""
)

# resourceTypeGeneral → (schemaOrg, citeproc, bibtex, ris): as the REST API shows them in `types`, read from
# recorded answers where there are some, else chosen alike.
DERIVED_TYPES: dict[str, tuple[str, str, str, str]] = {
    "Audiovisual": ("MediaObject", "article", "misc", "MPCT"),
    "Award": ("Grant", "article", "misc", "GRANT"),
    "Book": ("Book", "book", "book", "BOOK"),
    "BookChapter": ("Chapter", "chapter", "inbook", "CHAP"),
    "Collection": ("Collection", "article", "misc", "GEN"),
    "ComputationalNotebook": ("SoftwareSourceCode", "article", "misc", "COMP"),
    "ConferencePaper": ("Article", "paper-conference", "inproceedings", "CPAPER"),
    "ConferenceProceeding": ("Periodical", "book", "proceedings", "CONF"),
    "DataPaper": ("Article", "article-journal", "article", "JOUR"),
    "Dataset": ("Dataset", "dataset", "misc", "DATA"),
    "Dissertation": ("Thesis", "thesis", "phdthesis", "THES"),
    "Event": ("Event", "article", "misc", "GEN"),
    "Image": ("ImageObject", "graphic", "misc", "FIGURE"),
    "Instrument": ("Instrument", "article", "misc", "GEN"),
    "InteractiveResource": ("CreativeWork", "article", "misc", "GEN"),
    "Journal": ("Periodical", "periodical", "misc", "JOUR"),
    "JournalArticle": ("ScholarlyArticle", "article-journal", "article", "JOUR"),
    "Model": ("CreativeWork", "article", "misc", "GEN"),
    "OutputManagementPlan": ("CreativeWork", "article", "misc", "GEN"),
    "PeerReview": ("Review", "review", "misc", "GEN"),
    "PhysicalObject": ("CreativeWork", "article", "misc", "GEN"),
    "Poster": ("CreativeWork", "graphic", "misc", "GEN"),
    "Preprint": ("CreativeWork", "article", "misc", "GEN"),
    "Presentation": ("PresentationDigitalDocument", "speech", "misc", "SLIDE"),
    "Project": ("Project", "article", "misc", "GEN"),
    "Report": ("Report", "report", "techreport", "RPRT"),
    "Service": ("Service", "article", "misc", "GEN"),
    "Software": ("SoftwareSourceCode", "article", "misc", "COMP"),
    "Sound": ("AudioObject", "song", "misc", "SOUND"),
    "Standard": ("CreativeWork", "standard", "misc", "STAND"),
    "StudyRegistration": ("MedicalStudy", "article", "misc", "GEN"),
    "Text": ("ScholarlyArticle", "article-journal", "article", "RPRT"),
    "Workflow": ("CreativeWork", "article", "misc", "GEN"),
    "Other": ("CreativeWork", "article", "misc", "GEN"),
}

# ISO 639-2 codes (both kinds) and English names met in DataCite records → ISO 639-1.
LANGUAGES: dict[str, str] = {
    "ara": "ar", "arabic": "ar", "ces": "cs", "cze": "cs", "czech": "cs", "chi": "zh", "chinese": "zh",
    "zho": "zh", "dan": "da", "danish": "da", "deu": "de", "ger": "de", "german": "de", "dut": "nl",
    "nld": "nl", "dutch": "nl", "eng": "en", "english": "en", "fin": "fi", "finnish": "fi", "fra": "fr",
    "fre": "fr", "french": "fr", "hun": "hu", "hungarian": "hu", "ita": "it", "italian": "it", "jpn": "ja",
    "japanese": "ja", "kor": "ko", "korean": "ko", "lat": "la", "latin": "la", "nor": "no",
    "norwegian": "no", "pol": "pl", "polish": "pl", "por": "pt", "portuguese": "pt", "rus": "ru",
    "russian": "ru", "slv": "sl", "slovenian": "sl", "spa": "es", "spanish": "es", "swe": "sv",
    "swedish": "sv", "tha": "th", "thai": "th", "tur": "tr", "turkish": "tr", "ukr": "uk", "ukrainian": "uk",
}  # fmt: skip
