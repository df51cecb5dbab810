"""The error catalogue: one class per code, with its HTTP status, a sentence for developers and one for users.

Raise the class that says what is wrong, with the values a reader needs: `Duplicate(put_code=12, client="X")`.
Codes and statuses are those of the ORCID APIs; the sentences are our own. A class without a `code` of its own
is a kind of the class it derives from, under the same code.
"""

import string
from typing import ClassVar

CATALOGUE: "dict[int, type[Problem]]" = {}
"""Every code of the catalogue with its class."""


class _Filled(string.Formatter):
    """Leaves a value that was not given as an ellipsis: an error must never fail over its own text."""

    def get_value(self, key: int | str, args: object, kwargs: object) -> object:
        value = kwargs.get(key) if isinstance(kwargs, dict) else None
        return "…" if value is None else value


class Problem(Exception):
    """Something a caller did or met that the catalogue has a code for.

    `params` are the values put into the sentences; `detail` is appended to the developer's sentence.
    """

    code: ClassVar[int] = 9008
    http: ClassVar[int] = 500
    developer: ClassVar[str] = "The server met a fault of its own and has noted it."
    user: ClassVar[str] = "Something went wrong at our side. Please try again later."

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
        return f"{said} {self.detail}" if self.detail else said

    @property
    def user_message(self) -> str:
        return _Filled().format(self.user, **self.params)


class NotUnderstood(Problem):
    """The request itself could not be taken: path, method, media type or syntax, each with its status."""

    code = 9001
    http = 400
    developer = "The request could not be understood."
    user = "The application sent a request that could not be understood."


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


class Forbidden(Problem):
    code = 9004
    http = 403
    developer = "The client may not do this."
    user = "The application is not allowed to do this."


class WrongState(Problem):
    code = 9005
    http = 403
    developer = "The record {orcid} is in a state that does not allow this."
    user = "This cannot be done with the record as it is now."


class WrongArgument(Problem):
    code = 9006
    http = 400
    developer = "An argument of the request is wrong."
    user = "The application sent a value that cannot be used."


class Deprecated(Problem):
    """301 for GET (with Location), 409 for other methods: give `status`."""

    code = 9007
    http = 409
    developer = "The record {deprecated} is deprecated; its owner now uses {primary}."
    user = "This record was merged into another one: {primary}."


class ServerFault(Problem):
    code = 9008
    http = 500


class NotificationRead(Problem):
    code = 9009
    http = 403
    developer = "The notification {id} has been read and can no longer be archived by the client."
    user = "This notification has been read already."


class WrongSource(Problem):
    code = 9010
    http = 403
    developer = "Only the source of a {activity} may change it, and the client is not the source of this one."
    user = "The application may change only what it has added itself."


class NoSuchRecord(Problem):
    code = 9011
    http = 404
    developer = "There is no record {orcid}."
    user = "There is no record with this iD."


class BadRequest(Problem):
    code = 9012
    http = 400
    developer = "The request breaks a rule of the API."
    user = "The application sent a request that breaks a rule of the API."


class SchemaViolation(BadRequest):
    """XML that breaks the schema; `place` is a path of elements."""

    developer = "The XML does not follow the schema of version {version}, at {place}:"
    user = "The application sent data that does not follow the schema."


class NotVisible(Problem):
    code = 9013
    http = 403
    developer = "The item is private; only its owner and its source can read it."
    user = "This item is private."


class NotYours(Problem):
    code = 9014
    http = 403
    developer = "This belongs to another client."
    user = "The application is not allowed to change this."


class InvalidScope(Problem):
    code = 9015
    http = 401
    developer = "The scope {scope} is not valid here."
    user = "The application asked for a permission that does not exist."


class NoSuchItem(Problem):
    code = 9016
    http = 404
    developer = "There is no {what} {id}."
    user = "What you asked for does not exist."


class WrongToken(Problem):
    code = 9017
    http = 401
    developer = "The access token is not valid for the record {orcid}."
    user = "The application has no permission for this record."


class Locked(Problem):
    code = 9018
    http = 409
    developer = "The record {orcid} is locked and can neither be read nor changed."
    user = "The record {orcid} is locked."


class PutCodeMismatch(Problem):
    code = 9019
    http = 400
    developer = "The put-code in the address, {url}, and that in the body, {body}, must be the same."
    user = "The application named two different items in one request."


class Invalid(Problem):
    code = 9020
    http = 400
    developer = "The item is not valid:"
    user = "The application sent data that is not valid."


class Duplicate(Problem):
    """`put_code` of the item that is there already."""

    code = 9021
    http = 409
    developer = (
        "{client} has already put an item with the same identifier on this record, with put-code {put_code}."
    )
    user = "This item is on the record already (put-code {put_code})."


class TitleMissing(Problem):
    code = 9022
    http = 400
    developer = "A title is required and must not be blank."
    user = "The title is missing."


class ExternalIdInvalid(Problem):
    code = 9023
    http = 400
    developer = "An external identifier is missing or not valid:"
    user = "An identifier is missing or not valid."


class PutCodeInBody(Problem):
    code = 9024
    http = 400
    developer = "A new item must not carry a put-code; {client} sent {put_code}. To change an item use PUT."
    user = "The application tried to add an item that exists already."


class GroupIdExists(Problem):
    code = 9025
    http = 409
    developer = "The group id {group_id} exists already, with put-code {put_code}."
    user = "This group exists already."


class NoSuchGroupId(Problem):
    code = 9026
    http = 400
    developer = "There is no group id {group_id}."
    user = "This group does not exist."


class NoSuchReviewGroup(NoSuchGroupId):
    """How 2.x tells that a peer review names a group nobody has made; 3.0 says 9020."""


class NoSuchClient(Problem):
    code = 9027
    http = 404
    developer = "There is no client {client}."
    user = "This application is not known."


class NoSuchWebhook(Problem):
    code = 9028
    http = 404
    developer = "There is no webhook {uri} for {orcid}."
    user = "This webhook does not exist."


class NoSuchNotification(Problem):
    code = 9029
    http = 404
    developer = "There is no notification {id} for {orcid}."
    user = "This notification does not exist."


class DuplicateElement(Problem):
    code = 9030
    http = 409
    developer = "The client has already added the {type} “{value}” to this record."
    user = "“{value}” is on the record already."


class PutCodeRequired(Problem):
    code = 9031
    http = 409
    developer = "To change an item its put-code is required; {client} sent none."
    user = "The application did not say which item to change."


class NotificationsRefused(Problem):
    code = 9032
    http = 409
    developer = "The owner of {orcid} does not take notifications."
    user = "The owner of this record does not take notifications."


class NoSuchOtherName(Problem):
    code = 9033
    http = 400
    developer = "There is no other name {id}."
    user = "This name does not exist."


class PutCodeNotNumeric(Problem):
    code = 9034
    http = 400
    developer = "“{put_code}” is not a put-code: put-codes are whole numbers."
    user = "The application asked for an item by something that is not a number."


class VisibilityChange(Problem):
    code = 9035
    http = 403
    developer = (
        "Only the owner changes visibility: leave it out, or send what is stored, {stored} (sent: {sent})."
    )
    user = "Only the owner of the record can change who sees an item."


class Unclaimed(Problem):
    code = 9036
    http = 409
    developer = "The record {orcid} has not been claimed by its owner yet."
    user = "This record has not been claimed by its owner yet."


class InvalidValue(Problem):
    code = 9037
    http = 400
    developer = "“{value}” is no valid {type}; valid are: {values}."
    user = "“{value}” cannot be used as {type}."


class MissingScope(Problem):
    code = 9038
    http = 403
    developer = "The access token lacks a scope for this; one of these is needed: {scopes}."
    user = "The permission given to the application does not cover this."


class NotPublic(Problem):
    code = 9039
    http = 403
    developer = "The item is not public, and the Public API shows public items only."
    user = "This item is not public."


class InUse(Problem):
    code = 9040
    http = 409
    developer = "{what} is in use and cannot be deleted."
    user = "This is in use and cannot be deleted."


class NoBiography(Problem):
    code = 9041
    http = 404
    developer = "The record {orcid} has no biography."
    user = "This record has no biography."


class TooManyPutCodes(Problem):
    code = 9042
    http = 400
    developer = "{count} put-codes were asked for at once; at most {limit} are allowed."
    user = "The application asked for too much at once."


class SearchTooFar(Problem):
    code = 9043
    http = 400
    developer = "Without a token a search may start at {limit} at most; {start} was asked for."
    user = "Please narrow the search."


class Deactivated(Problem):
    code = 9044
    http = 409
    developer = "The record {orcid} has been deactivated by its owner."
    user = "The record {orcid} has been deactivated."


class OrganisationUnknown(Problem):
    code = 9045
    http = 400
    developer = (
        "A disambiguated organisation with an identifier known here is required; "
        "“{id}” of {source} is not known."
    )
    user = "The organisation is not known."


class OrganisationNotIdentified(OrganisationUnknown):
    developer = "The organisation needs an identifier (disambiguated-organization) and says none."
    user = "The organisation is not identified."


class OrganisationMissing(Problem):
    code = 9046
    http = 400
    developer = "An organisation is required."
    user = "The organisation is missing."


class InvalidJson(Problem):
    """JSON that does not fit the model; `place` is a path of keys."""

    code = 9047
    http = 400
    developer = "The JSON does not fit version {version}, at {place}:"
    user = "The application sent data that does not fit."


class TooManyWorks(Problem):
    code = 9048
    http = 409
    developer = "The record {orcid} holds {limit} works, the most a record can hold."
    user = "The record holds {limit} works, the most it can hold."


class InvalidDate(Problem):
    code = 9049
    http = 400
    developer = "“{date}” is not a date of the calendar."
    user = "“{date}” is not a date."


class EndWithoutStart(Problem):
    code = 9050
    http = 400
    developer = "An end date ({end}) needs a start date."
    user = "There is an end date but no start date."


class IllegalValue(Problem):
    code = 9051
    http = 400
    developer = "“{value}” is no {enum}, at {place}; valid are: {values}."
    user = "“{value}” cannot be used here."


class OnBehalfOfTooOld(Problem):
    code = 9052
    http = 403
    developer = "A token on behalf of another is taken since version 3.0 only; this is {version}."
    user = "The application must use a newer version of the API."


class InvalidIssn(Problem):
    code = 9053
    http = 400
    developer = "“{issn}” is not an ISSN that could be found."
    user = "“{issn}” is not a known ISSN."


class InvalidAmount(Problem):
    code = 9054
    http = 400
    developer = "“{amount}” is not a number."
    user = "“{amount}” is not an amount."


class StartAfterEnd(Problem):
    code = 9055
    http = 400
    developer = "The start date {start} is later than the end date {end}."
    user = "The start date is later than the end date."


class RetiredVersion(Problem):
    code = 9056
    http = 308
    developer = "Version {version} has been retired; use {instead}."
    user = "The application uses a version of the API that no longer exists."


class ClientDeactivated(Problem):
    code = 9057
    http = 409
    developer = "The client {client} has been deactivated."
    user = "This application has been deactivated."


class InvalidRole(Problem):
    code = 9058
    http = 400
    developer = "“{role}” is no role of a contributor; valid are: {roles}."
    user = "“{role}” is not a role a contributor can have."


class CityCountryMissing(Problem):
    code = 9060
    http = 400
    developer = "The organisation of an education or employment needs a city and a country."
    user = "The city or the country of the organisation is missing."


class CountryMissing(Problem):
    code = 9061
    http = 400
    developer = "An organisation with a city or a region needs a country."
    user = "The country of the organisation is missing."


class OrganisationOrIdMissing(Problem):
    code = 9062
    http = 400
    developer = "The item needs a disambiguated organisation or at least one external identifier."
    user = "The organisation is not known, and the item has no identifier."


NORMALIZATION_CODE = "8001"
"""Stands inside external ids, never in an error body."""


class OAuthProblem(Exception):
    """An error of the OAuth endpoints (RFC 6749 §5.2, RFC 6750 §3.1): `error` and `error_description`."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        self.error = error
        self.description = description
        self.status = status
        super().__init__(f"{error}: {description}")
