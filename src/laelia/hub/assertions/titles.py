"""What an item of any section is called in a list."""

from laelia.model import person
from laelia.model.affiliation import Affiliation
from laelia.model.common import Item
from laelia.model.funding import Funding, FundingSummary
from laelia.model.peer_review import PeerReview, PeerReviewSummary
from laelia.model.research_resource import ResearchResource, ResearchResourceSummary
from laelia.model.work import Work, WorkSummary


def title_of(item: Item) -> str | None:
    """One line by which people know it again; None where it says nothing of the kind."""
    match item:
        case Work() | WorkSummary() | Funding() | FundingSummary():
            return item.title.title if item.title else None
        case Affiliation():
            organisation = item.organisation.name if item.organisation else None
            return ", ".join(part for part in (item.role_title, item.department_name, organisation) if part)
        case PeerReview() | PeerReviewSummary():
            convened = item.convening_organisation
            return (convened.name if convened else None) or item.review_group_id
        case ResearchResource() | ResearchResourceSummary():
            title = item.proposal.title if item.proposal else None
            return title.title if title else None
        case person.OtherName() | person.Keyword():
            return item.content
        case person.ResearcherUrl():
            return item.url_name or item.url
        case person.ExternalIdentifier():
            return f"{item.external_id_type}: {item.external_id_value}"
        case person.Address():
            return item.country
    return None
