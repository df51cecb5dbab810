"""django-allauth's OpenID Connect provider in a Django project of one file, which makes an account of it."""

import django
from django.conf import settings
from pipe import BACK, ID, ISSUER, SECRET, browse, say

HOST = "client.test"
settings.configure(
    SECRET_KEY="of a test",
    ALLOWED_HOSTS=[HOST],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "allauth",
        "allauth.account",
        "allauth.socialaccount",
        "allauth.socialaccount.providers.openid_connect",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "allauth.account.middleware.AccountMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
        }
    ],
    AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
    ACCOUNT_SIGNUP_FIELDS=["username*"],
    ACCOUNT_EMAIL_VERIFICATION="none",
    LOGIN_REDIRECT_URL="/in",
    SOCIALACCOUNT_STORE_TOKENS=True,
    SOCIALACCOUNT_PROVIDERS={
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "laelia",
                    "name": "Laelia",
                    "client_id": ID,
                    "secret": SECRET,
                    "settings": {"server_url": ISSUER},
                }
            ],
        }
    },
)
django.setup()

from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core.management import call_command
from django.test import Client
from django.urls import include, path

urlpatterns = [path("", include("allauth.urls"))]

call_command("migrate", verbosity=0)
browser = Client(HTTP_HOST=HOST)
sent = browser.post("/oidc/laelia/login/", secure=True)
landed = browse(sent["location"])
assert landed.startswith(BACK), landed
signed_in = browser.get(landed.removeprefix(f"https://{HOST}"), secure=True)
assert signed_in["location"] == "/in", signed_in.content
account = SocialAccount.objects.get()
assert SocialToken.objects.get().account == account
assert browser.session["_auth_user_id"] == str(account.user.pk)
told = account.extra_data
assert (account.user.first_name, account.user.last_name) == ("Ada", "Lovelace")
say(sub=account.uid, name=told["userinfo"]["name"], amr=told["id_token"].get("amr"))
