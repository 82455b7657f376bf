"""What in a page of a report could act in the browser of whoever reads it."""

import re
from html.parser import HTMLParser

_ACTING = frozenset(
    "script iframe frame object embed link base form input button textarea select svg math-ext"
    " video audio source track applet portal template meta style annotation-xml".split()
)
_LINKS = ("http://", "https://", "mailto:", "#")


def acting_parts(path, page):
    """Elements and attributes of a page that run, ask a reader for something, or restyle it."""
    reader, own = _Reader(), _own(path)
    if path == "index.html":
        page, plots = re.subn(r"<svg\b.*?</svg>", "", page, flags=re.DOTALL)
        reader.counts["svg"] = plots
    reader.feed(page)
    reader.close()
    extra = [name for name, count in reader.counts.items() if count > own.get(name, 0)]
    return extra + reader.found


def _own(path):
    """Those of them in a page that are not a student's."""
    if path == "index.html":
        return {"meta": 4, "style": 1, "svg": 3}  # the plots
    return {"meta": 4 if path.startswith("for-students/") else 3, "style": 1}


def _leads_to_a_page_of_the_report(link):
    return link.endswith(".html") and ":" not in link and not link.startswith("//")


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
            is_link = value.startswith(_LINKS) or _leads_to_a_page_of_the_report(value)
            if name == "href" and not is_link:
                self.found.append(f"{tag} href={value[:80]}")
