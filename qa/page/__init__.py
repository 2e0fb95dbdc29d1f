"""The chat page: what it shows (``markup``, ``cards``, ``conversation``), and what drives it.

Everything an article, an outlet, a file name or a question says is data.  It reaches the page only
through ``markup.escape``, never as markup and never as part of a template.
"""
