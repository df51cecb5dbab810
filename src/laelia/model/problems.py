"""The error catalogue: one class per code, with its HTTP status, a sentence for developers and one for users.

Raise the class that says what is wrong, with the values a reader needs: `Duplicate(put_code=12, client="X")`.
Codes and statuses are those of the ORCID APIs; the sentences are our own. A class without a `code` of its own
is a kind of the class it derives from, under the same code.
"""

import string
from typing import ClassVar

CATALOGUE: "dict[int, type[Problem]]" = {}
"""Every code of the catalogue with its class."""


LONGEST = 4000
"""How much of one value an error repeats: what was sent may be as long as a body."""


class _Filled(string.Formatter):
    """Leaves a value that was not given as an ellipsis: an error must never fail over its own text."""

    def get_value(self, key: int | str, args: object, kwargs: object) -> object:
        value = kwargs.get(key) if isinstance(kwargs, dict) else None
        return "…" if value is None else _cut(str(value))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


class Problem(Exception):
    """Something a caller did or met that the catalogue has a code for.

    `params` are the values put into the sentences; `detail` is appended to the developer's sentence.
    """

    code: ClassVar[int] = 9008
    http: ClassVar[int] = 500
    developer: ClassVar[str] = "The server met a fault of its own and has noted it."
    user: ClassVar[str] = "Something went wrong at our side. Please try again later."
    remedy: ClassVar[str] = ""
    """What a developer who met this code does about it."""

    def __init__(self, detail: str = "", *, status: int | None = None, **params: object) -> None:
        self.detail = detail
        self.status = self.http if status is None else status
        self.params = params
        super().__init__(self.developer_message)

    def __init_subclass__(cls) -> None:
        if "code" in cls.__dict__:
            CATALOGUE[cls.code] = cls

    @property
    def developer_message(self) -> str:
        said = _Filled().format(self.developer, **self.params)
        return f"{said} {_cut(self.detail)}" if self.detail else said

    @property
    def user_message(self) -> str:
        return _Filled().format(self.user, **self.params)


class NotUnderstood(Problem):
    """The request itself could not be taken: path, method, media type or syntax, each with its status."""

    code = 9001
    http = 400
    developer = "The request could not be understood."
    user = "The application sent a request that could not be understood."
    remedy = (
        "Compare path, method, Content-Type, Accept and the syntax of the body with the description of "
        "the API."
    )


class MalformedXml(NotUnderstood):
    developer = "The body is not well-formed XML, or not of a kind this path takes."


class MalformedJson(NotUnderstood):
    developer = "The body is not well-formed JSON."


class UnknownPath(NotUnderstood):
    http = 404
    developer = "There is nothing at the path {path}."
    user = "There is nothing at this address."


class MethodNotAllowed(NotUnderstood):
    http = 405
    developer = "The path {path} does not take {method}; it takes {allowed}."


class NotAcceptable(NotUnderstood):
    http = 406
    developer = "None of the media types in Accept ({accept}) is offered here; offered are {offered}."


class BodyTooLarge(NotUnderstood):
    http = 413
    developer = "The body is larger than {limit} bytes, the most that is taken."
    user = "What the application sent is too large."


class UnsupportedMediaType(NotUnderstood):
    http = 415
    developer = "A body of type {content_type} is not taken here; taken are {offered}."


class Misdirected(NotUnderstood):
    http = 421
    developer = "This registry does not answer for the host that was asked."
    user = "The application asked under a wrong address."


class SchemaInvalid(NotUnderstood):
    """How 2.x tells that one item of a bulk body breaks the schema."""

    developer = "The item does not follow the schema of version {version}."


class NotAuthenticated(Problem):
    code = 9002
    http = 401
    developer = "The request carries no credentials that could be accepted."
    user = "The application could not be recognised."
    remedy = "Send a token that is valid: Authorization: Bearer, and the token."


class Forbidden(Problem):
    code = 9004
    http = 403
    developer = "The client may not do this."
    user = "The application is not allowed to do this."
    remedy = "Use a token of the client to which this belongs."


class NotHers(Forbidden):
    """`put_code` is the number that the removed item had."""

    developer = (
        "The owner of {orcid} has said that this {activity} is not hers and removed it (put-code "
        "{put_code}): it is not taken again."
    )
    user = "The owner of this record has said that this is not hers."
    remedy = "Correct your data: the person is another one. She can take it back on her page of sources."


class WrongState(Problem):
    code = 9005
    http = 403
    developer = "The record {orcid} is in a state that does not allow this."
    user = "This cannot be done with the record as it is now."
    remedy = (
        "Write with a permission of the record's owner; a client's own token writes only to records that "
        "nobody has claimed."
    )


class WrongArgument(Problem):
    code = 9006
    http = 400
    developer = "An argument of the request is wrong."
    user = "The application sent a value that cannot be used."
    remedy = "Correct the argument that the message names."


class Deprecated(Problem):
    """301 for GET (with Location), 409 for other methods: give `status`."""

    code = 9007
    http = 409
    developer = "The record {deprecated} is deprecated; its owner now uses {primary}."
    user = "This record was merged into another one: {primary}."
    remedy = (
        "Use the iD that the message and the Location header name, and ask its owner for permission anew."
    )


class ServerFault(Problem):
    code = 9008
    http = 500
    remedy = "Try again later. If it stays, tell the operator the number in X-Request-Id."


class SearchUnready(ServerFault):
    http = 503
    developer = "There is no search index at the moment; it is being made."
    user = "Searching is not possible at the moment. Please try again in a minute."


class NotificationRead(Problem):
    code = 9009
    http = 403
    developer = "The notification {id} has been read and can no longer be archived by the client."
    user = "This notification has been read already."
    remedy = "Nothing is to be done: its reader has it, and archives it."


class WrongSource(Problem):
    code = 9010
    http = 403
    developer = "Only the source of a {activity} may change it, and the client is not the source of this one."
    user = "The application may change only what it has added itself."
    remedy = (
        "Change only what your client has added, on behalf of the same organisation or person. Add an "
        "item of your own instead."
    )


class NoSuchRecord(Problem):
    code = 9011
    http = 404
    developer = "There is no record {orcid}."
    user = "There is no record with this iD."
    remedy = "Check the iD, its check digit above all."


class BadRequest(Problem):
    code = 9012
    http = 400
    developer = "The request breaks a rule of the API."
    user = "The application sent a request that breaks a rule of the API."
    remedy = (
        "Correct what the message names; an XML body is checked against the schema of the version in the "
        "path."
    )


class SchemaViolation(BadRequest):
    """XML that breaks the schema; `place` is a path of elements."""

    developer = "The XML does not follow the schema of version {version}, at {place}:"
    user = "The application sent data that does not follow the schema."


class NotVisible(Problem):
    code = 9013
    http = 403
    developer = "The item is private; only its owner and its source can read it."
    user = "This item is private."
    remedy = "Nothing is to be done: only the owner can show it."


class NotYours(Problem):
    code = 9014
    http = 403
    developer = "This belongs to another client."
    user = "The application is not allowed to change this."
    remedy = "Use the token of the client that made it."


class InvalidScope(Problem):
    code = 9015
    http = 401
    developer = "The scope {scope} is not valid here."
    user = "The application asked for a permission that does not exist."
    remedy = "Ask for scopes that the list of scopes names."


class NoSuchItem(Problem):
    code = 9016
    http = 404
    developer = "There is no {what} {id}."
    user = "What you asked for does not exist."
    remedy = (
        "Read the list of the section: items that are there stand in it with their put-codes. What was "
        "deleted is gone for good."
    )


class WrongToken(Problem):
    code = 9017
    http = 401
    developer = "The access token is not valid for the record {orcid}."
    user = "The application has no permission for this record."
    remedy = (
        "Use the token that the owner of this record gave; the Member API takes tokens of members' clients."
    )


class MembersOnly(WrongToken):
    """How the Member API refuses public clients where no record is asked for."""

    developer = "The Member API takes access tokens of members' clients; this one is a public client's."
    user = "The application is not that of a member."


class Locked(Problem):
    code = 9018
    http = 409
    developer = "The record {orcid} is locked and can neither be read nor changed."
    user = "The record {orcid} is locked."
    remedy = "Wait: the operator has locked the record, and its owner has been told."


class PutCodeMismatch(Problem):
    code = 9019
    http = 400
    developer = "The put-code in the address, {url}, and that in the body, {body}, must be the same."
    user = "The application named two different items in one request."
    remedy = "Send in the body the put-code that stands in the path."


class Invalid(Problem):
    code = 9020
    http = 400
    developer = "The item is not valid:"
    user = "The application sent data that is not valid."
    remedy = "Correct what the message names and send the item again."


class Duplicate(Problem):
    """`put_code` of the item that is there already."""

    code = 9021
    http = 409
    developer = (
        "{client} has already put an item with the same identifier on this record, with put-code {put_code}."
    )
    user = "This item is on the record already (put-code {put_code})."
    remedy = "Use the item that is there (its put-code stands in the message), or change it by PUT."


class TitleMissing(Problem):
    code = 9022
    http = 400
    developer = "A title is required and must not be blank."
    user = "The title is missing."
    remedy = "Send a title that is not blank."


class ExternalIdInvalid(Problem):
    code = 9023
    http = 400
    developer = "An external identifier is missing or not valid:"
    user = "An identifier is missing or not valid."
    remedy = (
        "Send at least one identifier with a known type, a value and a relationship; works need one in "
        "the relationship self since 3.0."
    )


class PutCodeInBody(Problem):
    code = 9024
    http = 400
    developer = "A new item must not carry a put-code; {client} sent {put_code}. To change an item use PUT."
    user = "The application tried to add an item that exists already."
    remedy = "Leave the put-code out of a new item, or use PUT to change the one that has it."


class GroupIdExists(Problem):
    code = 9025
    http = 409
    developer = "The group id {group_id} exists already, with put-code {put_code}."
    user = "This group exists already."
    remedy = "Use the group that is there."


class NoSuchGroupId(Problem):
    code = 9026
    http = 400
    developer = "There is no group id {group_id}."
    user = "This group does not exist."
    remedy = "Look for the group by GET /group-id-record?group-id=…, and add it by POST if it is missing."


class NoGroupThere(NoSuchGroupId):
    """There is nothing at the path of a group: 404 says so, where ORCID says 400."""

    http = 404


class NoSuchReviewGroup(NoSuchGroupId):
    """How 2.x tells that a peer review names a group nobody has made; 3.0 says 9020."""


class NoSuchClient(Problem):
    code = 9027
    http = 404
    developer = "There is no client {client}."
    user = "This application is not known."
    remedy = "Check the client id."


class NoSuchWebhook(Problem):
    code = 9028
    http = 404
    developer = "There is no webhook {uri} for {orcid}."
    user = "This webhook does not exist."
    remedy = "Check the address: it must be the one that was registered, percent-encoded as a whole."


class NoSuchNotification(Problem):
    code = 9029
    http = 404
    developer = "There is no notification {id} for {orcid}."
    user = "This notification does not exist."
    remedy = "List the notifications of your client for this record."


class DuplicateElement(Problem):
    code = 9030
    http = 409
    developer = "The client has already added the {type} “{value}” to this record."
    user = "“{value}” is on the record already."
    remedy = "Nothing is to be done: your client has said so already."


class PutCodeRequired(Problem):
    code = 9031
    http = 409
    developer = "To change an item its put-code is required; {client} sent none."
    user = "The application did not say which item to change."
    remedy = "Send the put-code of the item in the body."


class NotificationsRefused(Problem):
    code = 9032
    http = 409
    developer = "The owner of {orcid} does not take notifications."
    user = "The owner of this record does not take notifications."
    remedy = "Respect it: the owner wants no notifications."


class NoSuchOtherName(Problem):
    code = 9033
    http = 400
    developer = "There is no other name {id}."
    user = "This name does not exist."
    remedy = "Read the list of other names."


class PutCodeNotNumeric(Problem):
    code = 9034
    http = 400
    developer = "“{put_code}” is not a put-code: put-codes are whole numbers."
    user = "The application asked for an item by something that is not a number."
    remedy = "Ask by put-codes, which are whole numbers."


class VisibilityChange(Problem):
    code = 9035
    http = 403
    developer = (
        "Only the owner changes visibility: leave it out, or send what is stored, {stored} (sent: {sent})."
    )
    user = "Only the owner of the record can change who sees an item."
    remedy = "Leave the visibility out when you change an item."


class Unclaimed(Problem):
    code = 9036
    http = 409
    developer = "The record {orcid} has not been claimed by its owner yet."
    user = "This record has not been claimed by its owner yet."
    remedy = (
        "Wait until its owner claims the record, at most ten days; the client that made it may use it at "
        "once."
    )


class InvalidValue(Problem):
    code = 9037
    http = 400
    developer = "“{value}” is no valid {type}; valid are: {values}."
    user = "“{value}” cannot be used as {type}."
    remedy = "Use one of the values that the message names."


class MissingScope(Problem):
    code = 9038
    http = 403
    developer = "The access token lacks a scope for this; one of these is needed: {scopes}."
    user = "The permission given to the application does not cover this."
    remedy = "Ask the owner for one of the scopes that the message names."


class NotPublic(Problem):
    code = 9039
    http = 403
    developer = "The item is not public, and the Public API shows public items only."
    user = "This item is not public."
    remedy = "Ask the Member API with a permission of the owner, if she shows it to trusted organisations."


class InUse(Problem):
    code = 9040
    http = 409
    developer = "{what} is in use and cannot be deleted."
    user = "This is in use and cannot be deleted."
    remedy = "Delete what uses it first."


class NoBiography(Problem):
    code = 9041
    http = 404
    developer = "The record {orcid} has no biography."
    user = "This record has no biography."
    remedy = "Nothing is to be done: there is none."


class TooManyPutCodes(Problem):
    code = 9042
    http = 400
    developer = "{count} put-codes were asked for at once; at most {limit} are allowed."
    user = "The application asked for too much at once."
    remedy = "Ask for a hundred at a time."


class SearchTooFar(Problem):
    code = 9043
    http = 400
    developer = "Without a token a search may start at {limit} at most; {start} was asked for."
    user = "Please narrow the search."
    remedy = "Narrow the query, or search with a token."


class Deactivated(Problem):
    code = 9044
    http = 409
    developer = "The record {orcid} has been deactivated by its owner."
    user = "The record {orcid} has been deactivated."
    remedy = "Nothing is to be done: its owner has closed the record. Stop writing to it."


class OrganisationUnknown(Problem):
    code = 9045
    http = 400
    developer = (
        "A disambiguated organisation with an identifier known here is required; "
        "“{id}” of {source} is not known."
    )
    user = "The organisation is not known."
    remedy = (
        "Look the organisation up by name and send its identifier as the register has it; source and "
        "identifier are compared as they are written."
    )


class OrganisationNotIdentified(OrganisationUnknown):
    developer = "The organisation needs an identifier (disambiguated-organization) and says none."
    user = "The organisation is not identified."


class OrganisationMissing(Problem):
    code = 9046
    http = 400
    developer = "An organisation is required."
    user = "The organisation is missing."
    remedy = "Send the organisation."


class InvalidJson(Problem):
    """JSON that does not fit the model; `place` is a path of keys."""

    code = 9047
    http = 400
    developer = "The JSON does not fit version {version}, at {place}:"
    user = "The application sent data that does not fit."
    remedy = (
        "Compare the place that the message names with the description of the version in the path; names "
        "and spelling of terms differ between 2.x and 3.0."
    )


class TooManyWorks(Problem):
    code = 9048
    http = 409
    developer = "The record {orcid} holds {limit} works, the most a record can hold."
    user = "The record holds {limit} works, the most it can hold."
    remedy = "Remove works, or leave the new ones out."


class InvalidDate(Problem):
    code = 9049
    http = 400
    developer = "“{date}” is not a date of the calendar."
    user = "“{date}” is not a date."
    remedy = "Send a date that exists, with the parts that are known."


class EndWithoutStart(Problem):
    code = 9050
    http = 400
    developer = "An end date ({end}) needs a start date."
    user = "There is an end date but no start date."
    remedy = "Send the start date as well, or leave the end date out."


class IllegalValue(Problem):
    code = 9051
    http = 400
    developer = "“{value}” is no {enum}, at {place}; valid are: {values}."
    user = "“{value}” cannot be used here."
    remedy = "Use one of the values that the message names."


class OnBehalfOfTooOld(Problem):
    code = 9052
    http = 403
    developer = "A token on behalf of another is taken since version 3.0 only; this is {version}."
    user = "The application must use a newer version of the API."
    remedy = "Use version 3.0 with this token."


class InvalidIssn(Problem):
    code = 9053
    http = 400
    developer = "“{issn}” is not an ISSN that could be found."
    user = "“{issn}” is not a known ISSN."
    remedy = "Check the ISSN and its check digit."


class InvalidAmount(Problem):
    code = 9054
    http = 400
    developer = "“{amount}” is not a number."
    user = "“{amount}” is not an amount."
    remedy = "Send the amount as a number, with a point for decimals and nothing else."


class StartAfterEnd(Problem):
    code = 9055
    http = 400
    developer = "The start date {start} is later than the end date {end}."
    user = "The start date is later than the end date."
    remedy = "Exchange the dates, or correct one."


class RetiredVersion(Problem):
    code = 9056
    http = 308
    developer = "Version {version} has been retired; use {instead}."
    user = "The application uses a version of the API that no longer exists."
    remedy = "Follow the redirect, and use the version that the message names from now on."


class ClientDeactivated(Problem):
    code = 9057
    http = 409
    developer = "The client {client} has been deactivated."
    user = "This application has been deactivated."
    remedy = "Ask the operator why."


class InvalidRole(Problem):
    code = 9058
    http = 400
    developer = "“{role}” is no role of a contributor; valid are: {roles}."
    user = "“{role}” is not a role a contributor can have."
    remedy = "Use one of the roles that the message names."


class CityCountryMissing(Problem):
    code = 9060
    http = 400
    developer = "The organisation of an education or employment needs a city and a country."
    user = "The city or the country of the organisation is missing."
    remedy = "Send city and country of the organisation."


class CountryMissing(Problem):
    code = 9061
    http = 400
    developer = "An organisation with a city or a region needs a country."
    user = "The country of the organisation is missing."
    remedy = "Send the country beside the city or region."


class OrganisationOrIdMissing(Problem):
    code = 9062
    http = 400
    developer = "The item needs a disambiguated organisation or at least one external identifier."
    user = "The organisation is not known, and the item has no identifier."
    remedy = "Send an organisation with its identifier, or at least one external identifier of the item."


NORMALIZATION_CODE = "8001"
"""Stands inside external ids, never in an error body."""


class OAuthProblem(Exception):
    """An error of the OAuth endpoints (RFC 6749 §5.2, RFC 6750 §3.1): `error` and `error_description`."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        self.error = error
        self.description = description
        self.status = status
        super().__init__(f"{error}: {description}")
