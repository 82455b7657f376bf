"""An answer with everything that runs, asks somebody for something or hides what is beside it.

Form: notebook
Earns: 4
Class: 17
"""

# %% [markdown]
# **Your answer to `n1-why`**
# <script>fetch('https://example.org/FORGED')</script><svg onload=alert(1)>
# <style>*{color:red}</style>
# <img src=https://example.org/a.png onerror=alert(1)> ![a](https://example.org/a.png)
# ![a](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+) ![](file:///etc/passwd)
# [a](javascript:alert(1)) [b](data:text/html,<script>alert(1)</script>) <a href="vbscript:a">c</a>
# <iframe src=//example.org></iframe><form action=//example.org><input autofocus onfocus=alert(1)>
# <meta http-equiv=refresh content="0;url=//example.org"><base href=//example.org><link href=//a>
# </div></section></body></html><div style="position:fixed;top:0">100 of 100</div>
# $\text{<script>alert(1)</script>}$ $$\href{javascript:alert(1)}{x}$$ $\unicode{x3c}$
# <math><mtext></mtext><annotation-xml encoding="text/html"><script>alert(1)</script></math>
# <!-- --><!--><script>alert(1)</script>--> <![CDATA[<script>alert(1)</script>]]>
# <p title="</p><script>alert(1)</script>"> <<script>script>alert(1)<</script>/script>
# ```html onload=alert(1)
# <script>alert(1)</script>
# ```
# <details open ontoggle=alert(1)><a href=" javascript:alert(1)">d</a><a href="//example.org">e</a>
# <img src="data:image/png;base64,AAAA&quot; onerror=&quot;alert(1)"> <a ping=//example.org>f</a>

# %% [markdown]
# | a | b |
# |:-:|:--|
# | <script>alert(1)</script> | $a | <img src=x onerror=alert(1)>$ |
