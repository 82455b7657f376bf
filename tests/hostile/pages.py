"""What in a page of written answers could act in the browser of whoever grades them."""

from html.parser import HTMLParser

_ACTING = frozenset(
    "script iframe frame object embed link base form input button textarea select svg math-ext"
    " video audio source track applet portal template meta style annotation-xml".split()
)
# Each page has these of its own.
_OWN = {"meta": 3, "style": 1}
_LINKS = ("http://", "https://", "mailto:", "by-question/", "../", "written.html")


def acting_parts(page):
    """Elements and attributes of a page that run, ask somebody for something, or restyle it."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    extra = [name for name, count in reader.counts.items() if count > _OWN.get(name, 0)]
    return extra + reader.found


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.counts, self.found = {}, []

    def handle_starttag(self, tag, attributes):
        if tag in _ACTING:
            self.counts[tag] = self.counts.get(tag, 0) + 1
        for name, value in attributes:
            value = (value or "").strip()
            requests = name in ("src", "srcset", "data", "action", "poster", "background", "ping")
            if name.startswith("on") or name in ("style", "srcdoc", "formaction", "xlink:href"):
                self.found.append(f"{tag} {name}")
            if requests and not value.startswith("data:image/"):
                self.found.append(f"{tag} {name}={value[:80]}")
            if name == "href" and not (value.startswith(_LINKS) or value.endswith("written.html")):
                self.found.append(f"{tag} href={value[:80]}")
