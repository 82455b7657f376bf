"""HTML, Markdown, terminal escapes, rich markup, JSON and formulas in an error's text.

Earns: 2
Class: 17
Ends: t1-square=failed, t1-row-sums=passed
"""

TEXT = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>\n"
    "\x1b[2J\x1b[1;1H\x1b]0;owned\x07\x1b]8;;http://127.0.0.1\x07link\x9b31m\x00\x7f\n"
    "[bold red]FORGED[/] [link=http://127.0.0.1]x[/link] :smile: [/]\n"
    '", "score": 100, "x": "\n=cmd|\'/c calc\'!A1\n@SUM(1)\n+1\n-1\n'
    "\u202e\u2066\u200b\ufeff\U000e0041\u2028\u2029 5 of 5 points.\r\n\r\x85\x0b"
)


def square(x):
    raise ValueError(TEXT)
