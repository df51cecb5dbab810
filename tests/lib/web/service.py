"""A small service over lib/web, as its tests need it. Its handlers are the test's cases."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
import wtforms

from laelia.lib.browser import Browser
from laelia.lib.clock import StoppedClock
from laelia.lib.database import Database, Refusal, refuse
from laelia.lib.http import Http
from laelia.lib.web import pages
from laelia.lib.web.core import (
    OPEN,
    Call,
    Hooks,
    Reply,
    Route,
    WebProblem,
    json_reply,
    make_app,
    page,
    redirect,
)
from laelia.lib.web.forms import Form
from laelia.lib.web.session import Sessions, session_table

metadata = sa.MetaData()
session = session_table(metadata)
note = sa.Table("note", metadata, sa.Column("text", sa.Text))

TEMPLATE = """{% extends "base.html" %}{% block title %}Notes{% endblock %}{% block content %}
<p id="who">{{ call.session.subject or "nobody" }}</p>{{ ui.error_summary(form) }}
<form id="sign-in" method="post" action="/in">{{ ui.csrf() }}
{{ ui.field(form.name) }}<button>Sign in</button></form>
<form id="file" method="post" action="/file" enctype="multipart/form-data">{{ ui.csrf() }}
<input name="title"><input type="file" name="data"><button>Send</button></form>
{{ ui.post("/out", "Sign out", label="Sign out of everything") }}<a href="/plain">Plain page</a>
{% endblock %}"""


class Refused(Exception):
    pass


class SignIn(Form):
    name = wtforms.StringField("Your name", [wtforms.validators.InputRequired()])


def front(call: Call) -> Reply:
    return page(call, "front.html", form=SignIn.of(call))


def sign_in(call: Call) -> Reply:
    form = SignIn.of(call)
    if not form.validate():
        return page(call, "front.html", status=400, form=form)
    assert call.session is not None
    call.session.start(call.tx, call.now, form.name.data)
    call.flash(f"Welcome, {form.name.data}", "good")
    return redirect("/")


def sign_out(call: Call) -> Reply:
    assert call.session is not None
    call.session.end(call.tx)
    return redirect("/")


def file(call: Call) -> Reply:
    (upload,) = call.files()["data"]
    return json_reply([call.field("title"), upload.filename, len(upload.data)])


def write(call: Call) -> Reply | Refusal:
    how = call.arg("how")
    call.tx.execute(sa.insert(note).values(text=how))
    if how == "raise":
        raise Refused("raised")
    if how == "crash":
        raise ZeroDivisionError("a secret detail")
    if how == "refuse":
        return refuse(Refused("refused"))
    return json_reply(len(call.body()), 201)


def outside(call: Call) -> Reply:
    with call.service.db.writing() as tx:
        tx.execute(sa.insert(note).values(text="outside"))
    try:
        return json_reply(str(call.tx))
    except RuntimeError as error:
        return json_reply(str(error))


def stream(call: Call) -> Reply:
    return Reply(200, (each for each in (b"a", b"b")), {"Referrer-Policy": "no-referrer"})


def render(problem: Exception, req: Any, route: Any) -> Reply | None:
    return json_reply({"refused": str(problem)}, 409) if isinstance(problem, Refused) else None


ROUTES = [
    Route("GET", "/", front, OPEN),
    Route("GET", "/plain", lambda call: page(call, "plain.html"), OPEN),
    Route("POST", "/in", sign_in, OPEN),
    Route("POST", "/out", sign_out, OPEN),
    Route("POST", "/file", file, OPEN, tx="none"),
    Route("POST", "/api/write", write, OPEN, session=False, max_body=1000),
    Route("GET", "/api/read", write, OPEN, session=False),
    Route("POST", "/api/outside", outside, OPEN, session=False, tx="none"),
    Route("GET", "/api/stream", stream, OPEN, session=False),
    Route("GET", "/doi/{prefix}/{suffix:path}", lambda call: json_reply(call.params), OPEN),
]


@dataclass
class Service:
    db: Database
    clock: StoppedClock = field(default_factory=StoppedClock)
    settings: Any = field(default_factory=lambda: SimpleNamespace(public_url="https://notes.test"))
    after: list[tuple[str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        import jinja2

        self.pages = pages.templates("laelia.lib.web.templates", product="Notes", sandbox=True)
        loader: Any = self.pages.environment.loader
        plain = "{% extends 'base.html' %}{% block content %}plain{% endblock %}"
        loader.loaders.append(jinja2.DictLoader({"front.html": TEMPLATE, "plain.html": plain}))
        hooks = Hooks(
            sessions=Sessions(session, "notes", secure=True),
            render=render,
            after=lambda call, reply, ms: self.after.append((call.route.path, reply.status)),
            check_host=check_host,
        )
        self.wsgi = make_app(self, ROUTES, hooks, trusted_proxies=("10.0.0.0/8",))
        self.http = Http(apps={"https://notes.test": self.wsgi, "https://evil.test": self.wsgi})

    def browser(self) -> Browser:
        return Browser(self.http)

    def notes(self) -> list[str]:
        with self.db.reading() as tx:
            return list(tx.execute(sa.select(note.c.text)).scalars())


def check_host(req: Any) -> None:
    if req.host not in ("notes.test", "localhost"):
        raise WebProblem(421)
