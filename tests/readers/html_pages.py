"""A story and the pages that tests put it on."""

from __future__ import annotations

import json

from index.readers.draft import Draft
from index.readers.html import article_from_html

LEAD = (
    "The harbour council voted on Monday to rebuild the old fish market after a fire in spring, "
    "and set aside nine million crowns for it."
)
SECOND = (
    "Work begins in August, said Ida Holm, who leads the council, and the stalls will move to a tent "
    "on the eastern quay until the roof is finished."
)
THIRD = "Fishermen had asked for a larger cold store, which the plan now includes, for forty tonnes."
STORY = f"<p>{LEAD}</p><p>{SECOND}</p><p>{THIRD}</p>"
TEXT = f"{LEAD}\n\n{SECOND}\n\n{THIRD}"
TITLE = "Council rebuilds the fish market"


def page(body: str = STORY, head: str = "", heading: str = f"<h1>{TITLE}</h1>") -> str:
    return (
        f"<!DOCTYPE html><html><head>{head}</head><body><main><article>{heading}{body}</article>"
        "</main><footer>© 2023 Harbour Post. All rights reserved.</footer></body></html>"
    )


def draft(body: str = STORY, head: str = "", **how: str) -> Draft:
    return article_from_html(page(body, head, **how))


def json_ld(**fields: object) -> str:
    node = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": TITLE, **fields}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def meta(**tags: str) -> str:
    return "".join(
        f'<meta property="{name.replace("__", ":")}" content="{content}">'
        for name, content in tags.items()
    )
