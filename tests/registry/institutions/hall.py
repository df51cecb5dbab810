"""A registry whose people come through Garden University (SAML) or two providers of OpenID Connect."""

import pathlib
from typing import Any

from sqlalchemy import delete

from laelia.lib.browser import Browser, Page
from laelia.lib.http import Http
from laelia.registry import tables
from laelia.registry.account.institutions import links, providers, sources
from laelia.registry.account.institutions.guest import Guest
from laelia.registry.account.institutions.providers import Told
from registry.institutions.oidc_op import CLIENT, SECRET, OidcOp
from registry.institutions.saml_idp import SamlIdp, keys_of
from registry.place import Person, Place, client_site

IDP, OP, OTHER_OP = "https://idp.garden.test", "https://op.garden.test", "https://op.other.test"


class Hall(Place):
    """`garden` is the number of the SAML provider, `numbers` those of OpenID Connect by issuer."""

    def __init__(self, database: str, var: pathlib.Path, **settings: Any) -> None:
        key, certificate = keys_of("sp")
        self.op, self.other_op = OidcOp(OP), OidcOp(OTHER_OP, sub="sub-2")
        outside = {OP: self.op.wsgi, OTHER_OP: self.other_op.wsgi}
        own = {"saml_key": key, "saml_certificate": certificate, **settings}
        super().__init__(database, var, outside=outside, **own)
        self.idp = SamlIdp(IDP, self.http.get(self.at("/saml/metadata")).body)
        apps = {self.site: self.service.wsgi, "https://client.test": client_site, IDP: self.idp.wsgi}
        self.http = Http(apps={**apps, **outside})
        self.garden = self.load(self.idp.metadata())
        self.numbers = {op: self.oidc(op, name) for op, name in ((OP, "Garden Lab"), (OTHER_OP, "Other Lab"))}

    def load(self, metadata: str, certificate: str | None = None) -> int:
        """Load a document of SAML metadata; the number of its first provider."""
        file = self.settings.var / "metadata.xml"
        file.write_text(metadata)
        with self.service.db.writing() as tx:
            number = sources.put(tx, str(file), certificate, trusted=False)
        sources.load(self.service.db, self.clock, self.calling, number)
        return int(next(row.id for row in self.rows("institution") if row.source_id == number))

    def oidc(self, issuer: str, name: str, *, trusted: bool = True) -> int:
        told = Told(protocol="oidc", issuer=issuer, names={"en": name}, client_id=CLIENT, trusted=trusted)
        with self.service.db.writing() as tx:
            number, _ = providers.add_oidc(tx, self.clock.now(), self.service.keys, told, SECRET)
        return number

    # ---- coming in

    def choose(self, browser: Browser, number: int | None = None, onward: str = "") -> Page:
        """Press the button of a provider; the page it leads to."""
        page = browser.open(self.at(f"/institutions?next={onward}" if onward else "/institutions"))
        return page.form(f"/institutions/{number or self.garden}/start").submit()

    def come(self, browser: Browser, number: int | None = None, onward: str = "") -> Page:
        """Through the provider's sign-in page, too, and back."""
        page = self.choose(browser, number, onward)
        return page.form(containing="Continue").submit() if page.url.startswith(IDP) else page

    def linked(self, who: Person, **guest: Any) -> None:
        """She was here before: her account at Garden University is linked already."""
        subjects = (("eduPersonUniqueId", "a1ada@garden.example"),)
        known = Guest(institution_id=self.garden, **{"subjects": subjects, **guest})
        with self.service.db.writing() as tx:
            links.link(tx, self.clock.now(), who.orcid, known)

    def link(self, who: Person, number: int | None = None, onward: str = "") -> tuple[Browser, Page]:
        """Come in for the first time: sign in with the password, then link."""
        browser = self.browser()
        page = self.come(browser, number, onward)
        page = page.link("I have an iD: sign in")
        page = page.form("Sign in").fill(name=who.orcid, password=who.password).submit()
        return browser, page.form("/institutions/link").submit()

    def link_another(self, browser: Browser, number: int) -> Page:
        """Who is signed in links one more account."""
        return self.come(browser, number).form("/institutions/link").submit()

    def signed_in(self, browser: Browser) -> bool:
        return browser.open(self.at("/account")).url == self.at("/account")

    def table(self, name: str) -> Any:
        return tables.metadata.tables[name]

    def sessions(self, who: Person) -> list[Any]:
        return [row for row in self.rows("session") if row.subject == who.orcid]

    def reset(self) -> None:
        """Nobody is linked or under way, and the providers keep to the standards."""
        fresh_op, fresh_other = OidcOp(OP), OidcOp(OTHER_OP, sub="sub-2")
        for op, fresh in ((self.op, fresh_op), (self.other_op, fresh_other)):
            op.__dict__.update({**fresh.__dict__, "sign": op._sign})
        self.idp.back_to_normal()
        with self.service.db.writing() as tx:
            for table in _EMPTIED:
                tx.execute(delete(tables.metadata.tables[table]))


_EMPTIED = ("institution_link", "institution_visit", "institution_invitation", "institution_client",
            "notification", "session", "job", "token", "consent")  # fmt: skip
