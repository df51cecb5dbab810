"""Authlib's integration for Flask, as its guide has it: discovery, code, proof key, checked id_token."""

from authlib.integrations.flask_client import OAuth
from flask import Flask, url_for
from pipe import BACK, ID, ISSUER, SECRET, browse, say

app = Flask(__name__)
app.secret_key = "of a test"
oauth = OAuth(app)
laelia = oauth.register(
    "laelia",
    client_id=ID,
    client_secret=SECRET,
    server_metadata_url=f"{ISSUER}/.well-known/openid-configuration",
    client_kwargs={"scope": "openid", "code_challenge_method": "S256"},
)


@app.route("/login")
def login():
    return laelia.authorize_redirect(url_for("back", _external=True))


@app.route("/back")
def back():
    token = laelia.authorize_access_token()
    return {"claims": token["userinfo"], "userinfo": laelia.userinfo(token=token), "token": token}


browser = app.test_client()
sent = browser.get("/login", base_url=BACK.removesuffix("/back"))
landed = browse(sent.headers["location"])
told = browser.get(landed, base_url=BACK.removesuffix("/back")).get_json()
say(sub=told["claims"]["sub"], name=told["userinfo"]["name"], amr=told["claims"].get("amr"))
