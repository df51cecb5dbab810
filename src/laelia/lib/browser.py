"""A browser without a screen: opens pages, follows links, fills forms as served. For the demo and the tests.

It keeps cookies by host, for all its ports, as browsers do, sends Origin and Referer, and only submits what
the HTML offers: a field or button that is not in the page is an error.
"""

from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import lxml.html

from laelia.lib.http import Http, Response

REDIRECTS = 15


class NotOnPage(LookupError):
    """The form, field, button or link asked for is not there; the message lists what is."""


class Browser:
    """One person's browser. All services share it, as in real life; cookies are kept by host and path /."""

    def __init__(self, http: Http, *, language: str = "en") -> None:
        self._http = http
        self._language = language
        self._cookies: dict[str, dict[str, str]] = {}
        self.page: Page | None = None
        self.visited: list[str] = []

    def open(self, url: str) -> "Page":
        return self.send("GET", url)

    def send(self, method: str, url: str, **parts: Any) -> "Page":
        """Send as a page would and follow redirects to the end."""
        referer = self.page.url if self.page is not None else None
        for _ in range(REDIRECTS):
            response = self._once(method, url, referer, parts)
            self._keep(url, response)
            self.visited.append(url)
            if response.status not in (301, 302, 303, 307, 308) or "location" not in response.headers:
                self.page = Page(self, url, response)
                return self.page
            url = urljoin(url, response.headers["location"])
            if response.status in (301, 302, 303):
                method, parts = "GET", {}
        raise NotOnPage(f"{url} redirects without end")

    def cookies(self, host: str) -> dict[str, str]:
        return dict(self._cookies.get(host, {}))

    def forget(self, host: str | None = None) -> None:
        """Drop the cookies of a host, or all: what closing the browser would do."""
        self._cookies = {
            name: jar for name, jar in self._cookies.items() if host is not None and name != host
        }

    def _once(self, method: str, url: str, referer: str | None, parts: dict[str, Any]) -> Response:
        target = urlsplit(url)
        headers = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": self._language}
        headers |= parts.get("headers") or {}
        rest = {name: value for name, value in parts.items() if name != "headers"}
        if jar := self._cookies.get(target.hostname or ""):
            # A Secure cookie travels over https, and to this machine as browsers have it.
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        if referer is not None and _origin(referer) == _origin(url):
            headers["Referer"] = referer.partition("#")[0]
        if method not in ("GET", "HEAD"):
            headers["Origin"] = _origin(referer or url)
        return self._http.request(method, url, headers=headers, trusted=True, max_answer=16 << 20, **rest)

    def _keep(self, url: str, response: Response) -> None:
        jar = self._cookies.setdefault(urlsplit(url).hostname or "", {})
        for line in response.headers.all("set-cookie"):
            pair, *attributes = line.split(";")
            name, _, value = pair.strip().partition("=")
            if any(each.strip().lower() == "max-age=0" for each in attributes):
                jar.pop(name, None)
            else:
                jar[name] = value


class Page:
    """A page as it was served."""

    def __init__(self, browser: Browser, url: str, response: Response) -> None:
        self.browser, self.url, self.response = browser, url, response
        self.status, self.headers = response.status, response.headers
        html = "html" in response.headers.get("content-type", "") and response.body.strip()
        self.root: Any = lxml.html.fromstring(response.body) if html else None

    @property
    def html(self) -> str:
        return self.response.text

    @property
    def text(self) -> str:
        """What a reader sees, white space collapsed; the plain body when it is no HTML."""
        if self.root is None:
            return self.response.text
        return " ".join(self.root.xpath("string(//body)").split())

    @property
    def title(self) -> str:
        return " ".join(self.root.xpath("string(//title)").split()) if self.root is not None else ""

    def json(self) -> Any:
        return self.response.json()

    def all(self, xpath: str) -> list[Any]:
        found = self.root.xpath(xpath) if self.root is not None else []
        return list(found) if isinstance(found, list) else [found]

    def links(self) -> dict[str, str]:
        """Visible text (or label) of every link with its absolute address."""
        return {_words(each): urljoin(self.url, each.get("href")) for each in self.all("//a[@href]")}

    def address(self, text: str) -> str:
        """Where the link leads whose text is, or else contains, the words."""
        links = self.links()
        if text in links:
            return links[text]
        found = [address for words, address in links.items() if text in words]
        if not found:
            raise NotOnPage(f"no link {text!r} on {self.url} ({self.status}); there are: {', '.join(links)}")
        return found[0]

    def link(self, text: str) -> "Page":
        """Follow a link by its words."""
        return self.browser.open(self.address(text))

    def forms(self) -> list["PageForm"]:
        """The forms of this page: not the box in the frame of every page, in which things are looked for,
        which is found by its address."""
        return [each for each in self._all_forms() if not _in_frame(each)]

    def _all_forms(self) -> list["PageForm"]:
        return [PageForm(self, each) for each in self.all("//form")]

    def form(self, which: str | int = 0, *, containing: str | None = None) -> "PageForm":
        """A form by number, id, name or action; or, else, the first that contains the words."""
        everywhere = [each for each in self._all_forms() if containing is None or containing in each.text]
        forms = [each for each in everywhere if not _in_frame(each)]
        if isinstance(which, int):
            if -len(forms) <= which < len(forms):
                return forms[which]
        else:
            for matches in (_named, _acts, _says):
                for each in everywhere if matches is _acts else forms:
                    if matches(each, which):
                        return each
        seen = "; ".join(each.describe() for each in self.forms()) or "none"
        raise NotOnPage(f"no form {containing or which!r} on {self.url} ({self.status}); forms: {seen}")


class PageForm:
    """A form; `fill` then `submit`. Hidden fields (the form's token) go along as served."""

    def __init__(self, page: Page, element: Any) -> None:
        self.page, self.element = page, element
        self._files: list[tuple[str, tuple[str, bytes, str]]] = []
        self._left_out: set[str] = set()

    @property
    def text(self) -> str:
        words = self.element.xpath(".//button|.//input[@type='submit']/@value")
        buttons = " ".join(each if isinstance(each, str) else _words(each) for each in words)
        return " ".join(self.element.text_content().split()) + " " + buttons

    @property
    def fields(self) -> list[str]:
        return sorted({each.get("name") for each in self.element.inputs if each.get("name")})

    def value(self, name: str) -> Any:
        return self.element.fields[name]

    def describe(self) -> str:
        action = self.element.get("action") or "(here)"
        return f"{self.element.get('id') or self.element.get('name') or ''} {action} {self.fields}"

    def fill(self, values: dict[str, Any] | None = None, /, **more: Any) -> "PageForm":
        """Set fields by name. A checkbox takes True, False or a list of values, a file (name, bytes)."""
        for name, value in {**(values or {}), **more}.items():
            self._set(name, value)
        return self

    def _set(self, name: str, value: Any) -> None:
        inputs = self.element.xpath(".//*[@name=$name]", name=name)
        if not inputs:
            raise NotOnPage(f"no field {name!r} in the form {self.describe()} of {self.page.url}")
        kind = (inputs[0].get("type") or inputs[0].tag).lower()
        if kind == "file":
            filename, content, *kinds = value
            self._files.append((name, (filename, content, kinds[0] if kinds else "application/octet-stream")))
        elif kind in ("checkbox", "radio"):
            _choose(inputs, kind, value, self.page.url)
        elif kind == "select" and isinstance(value, list | tuple):
            inputs[0].value = [str(each) for each in value]
        else:
            inputs[0].value = str(value)

    def submit(self, button: str | None = None) -> Page:
        """Send the form by its first button, or by the one whose words, name or value are given."""
        pairs = [(name, value) for name, value in self.element.form_values() if name]
        files = {each[0] for each in self._files}
        pairs = [(name, value) for name, value in pairs if name not in files]
        chosen = self._button(button)
        if chosen is not None and chosen.get("name"):
            pairs.append((chosen.get("name"), chosen.get("value") or ""))
        source = chosen.get("formaction") if chosen is not None else None
        url = urljoin(self.page.url, source or self.element.get("action") or "")
        method = (self.element.get("method") or "get").upper()
        if method == "GET":
            return self.page.browser.send("GET", f"{url.partition('?')[0]}?{urlencode(pairs)}")
        if "multipart" in (self.element.get("enctype") or ""):
            return self.page.browser.send("POST", url, data=_grouped(pairs), files=self._files or [_empty()])
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.page.browser.send("POST", url, content=urlencode(pairs).encode(), headers=headers)

    def _button(self, words: str | None) -> Any:
        found = self.element.xpath(".//button[not(@type) or @type='submit']|.//input[@type='submit']")
        if form_id := self.element.get("id"):
            found += self.page.root.xpath("//button[@form=$id]", id=form_id)
        if words is None:
            return found[0] if found else None
        ranked = [each for each in found if _words(each) == words]
        ranked += [each for each in found if words in _words(each)]
        ranked += [each for each in found if words in (each.get("name"), each.get("value"))]
        if ranked:
            return ranked[0]
        shown = ", ".join(_words(each) for each in found)
        raise NotOnPage(f"no button {words!r} in the form of {self.page.url}; there are: {shown}")


def _choose(inputs: list[Any], kind: str, value: Any, url: str) -> None:
    if isinstance(value, bool):
        inputs[0].checked = value
        return
    wanted = {str(each) for each in value} if isinstance(value, list | tuple | set) else {str(value)}
    offered = {each.get("value") or "on" for each in inputs}
    if not wanted <= offered:
        raise NotOnPage(f"{inputs[0].get('name')} offers {sorted(offered)}, not {sorted(wanted)}, on {url}")
    for each in inputs:
        if (each.get("value") or "on") in wanted:
            each.set("checked", "checked")
        else:
            each.attrib.pop("checked", None)


def _in_frame(form: PageForm) -> bool:
    return bool(form.element.xpath("self::*[@role='search' and not(ancestor::main)]"))


def _named(form: PageForm, which: str) -> bool:
    return which in (form.element.get("id"), form.element.get("name"))


def _acts(form: PageForm, which: str) -> bool:
    action = urljoin(form.page.url, form.element.get("action") or "")
    return which in (form.element.get("action"), action, urlsplit(action).path)


def _says(form: PageForm, which: str) -> bool:
    return which in form.text


def _words(element: Any) -> str:
    text = " ".join(element.text_content().split())
    return text or element.get("aria-label") or element.get("value") or element.get("title") or ""


def _grouped(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return dict(grouped)


def _empty() -> tuple[str, tuple[str, bytes, str]]:
    """A multipart form without a file still needs a part of that kind; receivers ignore an unnamed file."""
    return "_", ("", b"", "application/octet-stream")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
