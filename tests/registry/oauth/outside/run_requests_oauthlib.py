"""requests-oauthlib's session, as its guide has it: code with proof key, then a refreshed token."""

import os

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # as its guide says for http on one's own machine

from joserfc import jwt
from joserfc.jwk import KeySet
from pipe import BACK, ID, ISSUER, SECRET, browse, say
from requests_oauthlib import OAuth2Session

session = OAuth2Session(ID, redirect_uri=BACK, scope=["openid"], pkce="S256")
known = session.get(f"{ISSUER}/.well-known/openid-configuration", withhold_token=True).json()
url, state = session.authorization_url(known["authorization_endpoint"], nonce="once")
landed = browse(url)
token = session.fetch_token(
    known["token_endpoint"], authorization_response=landed, client_secret=SECRET, include_client_id=True
)
keys = KeySet.import_key_set(session.get(known["jwks_uri"]).json())
claims = jwt.decode(token["id_token"], keys, algorithms=["RS256"]).claims
jwt.JWTClaimsRegistry(
    iss={"essential": True, "value": ISSUER}, aud={"essential": True, "value": ID}, nonce={"value": "once"}
).validate(claims)
again = session.refresh_token(known["token_endpoint"], client_id=ID, client_secret=SECRET)
assert again["access_token"] != token["access_token"]
userinfo = session.get(known["userinfo_endpoint"]).json()
assert token["orcid"] == again["orcid"] == userinfo["sub"]
say(sub=claims["sub"], name=userinfo["name"], amr=claims.get("amr"))
