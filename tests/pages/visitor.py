"""A visitor without scripts: cookies, forms and links as a browser handles them, nothing more."""

import urllib.parse
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie

from tests.server import BOUNDARY, Answer, Server

VOID = {"meta", "link", "input", "img", "br", "hr"}
INLINE = {"a", "bdi", "code", "span"}


class Page(HTMLParser):
    """An HTML page, taken apart; whatever is not well-formed raises AssertionError."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._data: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert not self._open, self._open

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs), (tag, attrs)
        self.elements.append((tag, dict(attrs)))
        self._data.append("" if tag in INLINE else " ")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag, tag

    def handle_data(self, data):
        self._data.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self._data).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]

    def values(self, *names: str) -> list[str]:
        """The values of the attributes of these names, in the order of the page."""
        return [attrs[name] for _, attrs in self.elements for name in names if name in attrs]

    @property
    def pictures(self) -> list[dict[str, str | None]]:
        """The images of logs and photos."""
        return [i for i in self.all("img") if not str(i["src"]).startswith("/static/")]

    def form(self, path: str) -> dict[str, str]:
        """What stands in the fields of the form that is sent to ``path``; no files, no boxes."""
        filled: dict[str, str] = {}
        inside, name = False, ""
        for tag, attrs in self.elements:
            if tag == "form":
                inside = attrs.get("action") == path
            elif inside and tag == "input" and attrs["type"] not in ("file", "checkbox"):
                filled[attrs["name"]] = attrs.get("value") or ""
            elif inside and tag == "select":
                name = attrs["name"]
                filled[name] = ""
            elif inside and tag == "option" and "selected" in attrs:
                filled[name] = attrs["value"]
        return filled

    @property
    def addresses(self) -> list[str]:
        return self.values("href", "src")


@dataclass
class Visitor:
    server: Server
    cookies: dict[str, str] = field(default_factory=dict)

    def open(self, path: str) -> Answer:
        accept = "text/html,*/*;q=0.8"
        return self._kept(self.server.get(path, Cookie=self.cookie_header(), Accept=accept))

    def page(self, path: str = "/") -> Page:
        answer = self.open(path)
        assert answer.status == 200, answer.body
        return Page(answer.body.decode())

    def send(self, path: str, files: dict[str, tuple[str, bytes]], **fields: str) -> Answer:
        """Fill in and send the form whose address is ``path``, with the token of its page."""
        return self.send_as_is(path, files, csrfmiddlewaretoken=self.token(), **fields)

    def fill_in(self, path: str, page: Page | None = None, **fields: str) -> Answer:
        """Send the form without files whose address is ``path``, with what stands in it.

        The ``page`` with the form is opened, unless it has been.
        """
        page = page or self.page(path.replace("survey/delete", "edit").removesuffix("delete"))
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": self.cookie_header(),
            "Origin": f"http://127.0.0.1:{self.server.port}",
            "Accept": "text/html,*/*;q=0.8",
        }
        body = urllib.parse.urlencode({**page.form(path), **fields})
        return self._kept(self.server.request("POST", path, body, headers))

    def token(self) -> str | None:
        """What the forms of the page hold against forgery."""
        inputs = {attrs["name"]: attrs for attrs in self.page().all("input")}
        return inputs["csrfmiddlewaretoken"]["value"]

    def send_as_is(
        self,
        path: str,
        files: dict[str, tuple[str, bytes]],
        headers: dict[str, str] | None = None,
        **fields: str,
    ) -> Answer:
        body = b"".join(_part(name, value.encode()) for name, value in fields.items())
        body += b"".join(_part(name, data, of) for name, (of, data) in files.items())
        body += f"--{BOUNDARY}--\r\n".encode()
        sent = {
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "Cookie": self.cookie_header(),
            "Origin": f"http://127.0.0.1:{self.server.port}",
            **(headers or {}),
        }
        return self._kept(self.server.request("POST", path, body, sent))

    def follow(self, answer: Answer) -> Page:
        assert answer.status == 302, answer.body
        return self.page(answer.headers["Location"])

    def _kept(self, answer: Answer) -> Answer:
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, cookie in SimpleCookie(line).items():
                self.cookies[name] = cookie.value
        return answer

    def cookie_header(self) -> str:
        return "; ".join(f'{name}="{value}"' for name, value in self.cookies.items())


def _part(name: str, data: bytes, filename: str | None = None) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'
    if filename is not None:
        quoted = urllib.parse.quote(filename, safe=" <>/=()'&;.")
        head += f"; filename*=UTF-8''{urllib.parse.quote(filename)}; filename=\"{quoted}\""
    return head.encode() + b"\r\n\r\n" + data + b"\r\n"
