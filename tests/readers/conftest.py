"""Small valid files of each format, made here, and a way to read bytes with one reader."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable

import docx
import pytest

from index.readers.draft import Draft, Reader, SeedFile, UnreadableError

PAGE = b"""<html><head><title>Rates rise | The Post</title></head><body><nav><a href='/'>Home</a></nav>
<article><h1>Rates rise again</h1><p>The central bank raised its rate to five percent on Tuesday, it
said in a statement.</p><p>Economists had expected the step, which is the third in a row this year, for
months.</p></article></body></html>"""


def seed_file(data: bytes, name: str = "a") -> SeedFile:
    return SeedFile(name, lambda: io.BytesIO(data))


@pytest.fixture(scope="session")
def read_bytes() -> Callable[..., tuple[list[Draft], list[str]]]:
    """Read bytes with a reader: drafts, and the reasons for what was left out."""

    def read(reader: Reader, data: bytes | str, name: str = "a") -> tuple[list[Draft], list[str]]:
        drafts: list[Draft] = []
        reasons: list[str] = []
        try:
            for found in reader(seed_file(data.encode() if isinstance(data, str) else data, name)):
                if isinstance(found, Draft):
                    drafts.append(found)
                else:
                    reasons.append(str(found))
        except UnreadableError as error:
            reasons.append(str(error))
        return drafts, reasons

    return read


@pytest.fixture(scope="session")
def make_pdf() -> Callable[..., bytes]:
    """A PDF of pages of lines, with a title, made by hand: pypdf writes no text."""

    def make(pages: list[list[str]], title: str = "Rates rise again") -> bytes:
        kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
        objects = [
            b"<</Type/Catalog/Pages 2 0 R/Lang(en)>>",
            f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        ]
        for number, lines in enumerate(pages):
            shown = "".join(f"({line}) Tj T* " for line in lines)
            stream = f"BT /F1 12 Tf 14 TL 50 750 Td {shown}ET".encode("latin-1")
            objects.append(
                f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {5 + 2 * number} 0 R"
                "/Resources<</Font<</F1 3 0 R>>>>>>".encode()
            )
            objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            f"<</Title({title})/Author(Ann Lee)/CreationDate(D:20200101)>>".encode("latin-1")
        )
        out = io.BytesIO()
        out.write(b"%PDF-1.4\n")
        places = []
        for number, content in enumerate(objects, start=1):
            places.append(out.tell())
            out.write(b"%d 0 obj%s endobj\n" % (number, content))
        table = out.tell()
        out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
        out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
        out.write(b"trailer<</Size %d/Root 1 0 R/Info %d 0 R>>" % (len(objects) + 1, len(objects)))
        out.write(b"\nstartxref\n%d\n%%%%EOF" % table)
        return out.getvalue()

    return make


@pytest.fixture(scope="session")
def make_docx() -> Callable[..., bytes]:
    """A Word document; ``fill`` puts content into it."""

    def make(fill: Callable[[docx.document.Document], object]) -> bytes:
        document = docx.Document()
        fill(document)
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()

    return make


@pytest.fixture(scope="session")
def make_zip() -> Callable[..., bytes]:
    def make(files: dict[str, bytes | str]) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return out.getvalue()

    return make


@pytest.fixture(scope="session")
def make_warc() -> Callable[..., bytes]:
    """A WARC of responses: (url, HTTP headers with the status line, body)."""

    def make(pages: list[tuple[str, str, bytes]]) -> bytes:
        out = b""
        for url, http, body in pages:
            block = http.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body
            out += (
                (
                    f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
                    "WARC-Date: 2021-05-06T00:00:00Z\r\n"
                    "Content-Type: application/http; msgtype=response\r\n"
                    f"Content-Length: {len(block)}\r\n\r\n"
                ).encode()
                + block
                + b"\r\n\r\n"
            )
        return out

    return make


@pytest.fixture(scope="session")
def samples(
    make_pdf: Callable[..., bytes],
    make_docx: Callable[..., bytes],
    make_zip: Callable[..., bytes],
    make_warc: Callable[..., bytes],
) -> dict[str, bytes]:
    """A valid file of each ending."""

    def fill(document: docx.document.Document) -> None:
        document.core_properties.title = "Rates rise again"
        document.add_paragraph("The bank raised its rate.")
        document.add_table(1, 2).cell(0, 0).text = "five percent"

    html = "HTTP/1.1 200 OK\nContent-Type: text/html; charset=utf-8"
    mail = (
        b"From: =?utf-8?q?The_P=C3=B6st?= <news@example.org>\r\nSubject: Rates rise again\r\n"
        b"Date: Tue, 01 Sep 2020 10:00:00 +0200\r\nMessage-ID: <abc@example.org>\r\n"
        b"List-Id: <news.example.org>\r\nContent-Type: multipart/alternative; boundary=B\r\n\r\n"
        b"--B\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThe bank raised its rate.\r\n"
        b"--B\r\nContent-Type: text/html\r\n\r\n<p>The bank raised its rate.</p>\r\n--B--\r\n"
    )
    lines = b'{"text": "One."}\n{"text": "Two.", "authors": [{"name": "A"}], "date": "2020-01-02"}\n'
    zipped = make_zip({"in/a.txt": "One.", "b.jsonl.gz": gzip.compress(lines), "c.xml": NITF})
    return {
        ".txt": b"Rates rise again\n\nThe bank raised its rate.\n",
        ".md": b"---\ntitle: T\ndate: 2020-01-02\nauthors: [A, B]\n---\n# Head\n\nSome *words*.\n",
        ".json": b'{"articles": [{"title": "T", "body": "One.", "date": "2020-01-02"}]}',
        ".jsonl": lines,
        ".xhtml": PAGE,
        ".mht": (
            b"From: <Saved>\r\nSnapshot-Content-Location: https://example.org/a\r\nSubject: Rates\r\n"
            b"Date: Tue, 01 Sep 2020 10:00:00 +0200\r\nMIME-Version: 1.0\r\n"
            b'Content-Type: multipart/related; type="text/html"; boundary="B"\r\n\r\n--B\r\n'
            b"Content-Type: text/html; charset=utf-8\r\nContent-Location: https://example.org/a\r\n\r\n"
            + PAGE
            + b"\r\n--B\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA"
            + b"\r\n--B--\r\n"
        ),
        ".tsv": b'title,text,date\nT,"One, two\nthree",2020-01-02\nU,Four,\n',
        ".pdf": make_pdf([["The bank raised its rate, it said in a state-", "ment."], ["And more."]]),
        ".docx": make_docx(fill),
        ".rss": RSS,
        ".atom": ATOM,
        ".xml": NEWSML,
        "nitf.xml": NITF,
        "feed.xml": RSS,
        ".eml": mail,
        ".warc": make_warc([("https://example.org/a", html, PAGE)]),
        ".zip": zipped,
        ".gz": gzip.compress(lines),
    }


RSS = b"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Post</title><language>en-gb</language>
<item><title>Bread &amp;amp; &lt;b&gt;rates&lt;/b&gt;</title><link>https://example.org/1</link>
<guid isPermaLink="false">g1</guid><pubDate>Tue, 01 Sep 2020 10:00:00 GMT</pubDate>
<dc:creator>Ann Lee</dc:creator><description>Short.</description><content:encoded><![CDATA[
<p>One <b>two</b> &amp; three.</p><script>bad()</script><p>Four.</p>]]></content:encoded></item>
<item><title>No text</title></item>
<item><title>Teaser</title><description>Only &lt;i&gt;this&lt;/i&gt;.</description>
<author>bob@example.org (Bob)</author></item></channel></rss>"""

ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Der Bote</title><id>x</id>
<entry><id>urn:1</id><title type="html">A &amp;amp; B</title><link href="https://example.org/2"/>
<updated>2020-01-02T00:00:00Z</updated><published>2020-01-01T00:00:00Z</published>
<author><name>Cy</name></author><author><name>Di</name></author><summary>Short.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One.</p><p>Two.</p></div></content>
</entry></feed>"""

NITF = b"""<?xml version="1.0"?><!DOCTYPE nitf SYSTEM "nitf-3-2.dtd"><nitf xml:lang="en"><head>
<title>T</title><docdata><doc-id id-string="n1"/><date.issue norm="20040105T120000Z"/>
<date.release norm="20040101"/>
<doc.copyright holder="Wire"/></docdata></head><body><body.head><hedline><hl1>Rates rise</hl1></hedline>
<byline>By <person>Ann Lee</person><byttl>Staff</byttl></byline><dateline>
<location>London</location>, Jan 5</dateline></body.head><body.content><block>
<p>One &lt;two&gt;.</p><media media-type="image">
<media-caption>A picture</media-caption></media><p>Three&nbsp;four.</p></block></body.content></body>
</nitf>"""

_ITEM = b"""<newsItem guid="tag:%d" version="2" xml:lang="en"><itemMeta><itemClass qcode="ninat:text"/>
<provider qcode="nprov:Wire"/><versionCreated>2020-01-03T00:00:00Z</versionCreated>
<firstCreated>2020-01-02T00:00:00Z</firstCreated><pubStatus qcode="stat:%s"/></itemMeta><contentMeta>
<contentCreated>2020-01-01</contentCreated><headline>H%d</headline><by>Ann Lee</by>
<dateline>PARIS</dateline><language tag="fr"/></contentMeta><contentSet>%s</contentSet></newsItem>"""
_XHTML = b"""<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><head>
<title>t</title></head><body><p>One.</p><p>Two.</p></body></html></inlineXML>"""
_IN_NITF = b"""<inlineXML contenttype="application/nitf+xml"><nitf xmlns="http://iptc.org/std/NITF/2006-10-18/">
<body><body.content><p>Three.</p></body.content></body></nitf></inlineXML>"""
_DATA = b'<inlineData contenttype="text/plain">Four.\n\nFive.</inlineData>'
NEWSML = b"""<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>%s
<packageItem guid="p"/></itemSet></newsMessage>""" % b"".join(
    [
        _ITEM % (1, b"usable", 1, _XHTML),
        _ITEM % (2, b"canceled", 2, _XHTML),
        _ITEM % (3, b"usable", 3, _IN_NITF),
        _ITEM % (4, b"usable", 4, _DATA),
        _ITEM % (5, b"usable", 5, b'<remoteContent href="x.jpg"/>'),
    ]
)


@pytest.fixture(scope="session")
def nitf() -> bytes:
    return NITF


@pytest.fixture(scope="session")
def page() -> bytes:
    return PAGE
