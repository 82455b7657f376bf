"""What a page shows to whoever reads it."""

from html.parser import HTMLParser


class Page(HTMLParser):
    """The elements of a page, and the text that a reader sees."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.texts = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, tuple(sorted(dict(attributes)))))

    def handle_data(self, data):
        self.texts.append(" ".join(data.split()))

    @property
    def text(self):
        return " ".join(text for text in self.texts if text)
