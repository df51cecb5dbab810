"""social-auth-core's backend for OpenID Connect, with the strategy and storage that a framework brings."""

from urllib.parse import parse_qsl, urlsplit

from pipe import BACK, ID, ISSUER, SECRET, browse, say
from social_core.backends.open_id_connect import OpenIdConnectAuth
from social_core.storage import AssociationMixin, BaseStorage, NonceMixin
from social_core.strategy import BaseStrategy


class Association(AssociationMixin):
    kept = []

    def __init__(self, url, association):
        self.id, self.server_url, self.handle = len(self.kept), url, association.handle
        self.issued, self.lifetime = association.issued, association.lifetime
        self.assoc_type = association.assoc_type

    @classmethod
    def store(cls, server_url, association):
        cls.kept.append(cls(server_url, association))

    @classmethod
    def get(cls, server_url=None, handle=None):
        return [one for one in cls.kept if (one.server_url, one.handle) == (server_url, handle)]

    @classmethod
    def remove(cls, ids_to_delete):
        cls.kept = [one for one in cls.kept if one.id not in ids_to_delete]


class Nonce(NonceMixin):
    used = set()

    @classmethod
    def use(cls, server_url, timestamp, salt):
        new = (server_url, timestamp, salt) not in cls.used
        cls.used.add((server_url, timestamp, salt))
        return new

    @classmethod
    def consume(cls, server_url, timestamp, salt):
        known = (server_url, timestamp, salt) in cls.used
        cls.used.discard((server_url, timestamp, salt))
        return known


class Storage(BaseStorage):
    association = Association
    nonce = Nonce


class Strategy(BaseStrategy):
    settings = {
        "SOCIAL_AUTH_OIDC_OIDC_ENDPOINT": ISSUER,
        "SOCIAL_AUTH_OIDC_KEY": ID,
        "SOCIAL_AUTH_OIDC_SECRET": SECRET,
        "SOCIAL_AUTH_OIDC_USE_PKCE": True,
    }

    def __init__(self):
        self.session, self.data = {}, {}
        super().__init__(Storage)

    def get_setting(self, name):
        return self.settings[name]

    def build_absolute_uri(self, path=None):
        return path

    def get_request_data(self, merge=True):
        return self.data

    def request_data(self, merge=True):
        return self.data

    def session_get(self, name, default=None):
        return self.session.get(name, default)

    def session_set(self, name, value):
        self.session[name] = value

    def session_pop(self, name):
        return self.session.pop(name, None)

    def authenticate(self, backend, *args, **kwargs):
        return kwargs["response"]


strategy = Strategy()
url = OpenIdConnectAuth(strategy, redirect_uri=BACK).auth_url()
strategy.data = dict(parse_qsl(urlsplit(browse(url)).query))
backend = OpenIdConnectAuth(strategy, redirect_uri=BACK)
response = backend.auth_complete()
details = backend.get_user_details(response)
assert (details["first_name"], details["last_name"]) == ("Ada", "Lovelace")
say(sub=backend.get_user_id(details, response), name=details["fullname"], amr=backend.id_token.get("amr"))
