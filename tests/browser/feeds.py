"""Reads every feed and calendar of a built site as readers' programs do, and holds them against the formats' rules.

Atom: RFC 4287. RSS: the RSS 2.0 specification and the RSS Advisory Board's profile. iCalendar: RFC 5545.
"""

import re
import sys
from email.utils import parsedate_to_datetime
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import icalendar

ATOM = "{http://www.w3.org/2005/Atom}"
RFC3339 = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")


def atom(path: Path) -> None:
    root = ElementTree.parse(path).getroot()
    assert root.tag == ATOM + "feed", path
    for where in [root, *root.findall(ATOM + "entry")]:
        for name in ("id", "title", "updated"):
            found = where.findall(ATOM + name)
            assert len(found) == 1 and (found[0].text or "").strip(), f"{path}: one {name} each, RFC 4287 4.1"
        for name in ("updated", "published"):
            for date in where.findall(ATOM + name):
                assert RFC3339.match(date.text), f"{path}: {date.text}"
        relations = [(link.get("rel", "alternate"), link.get("type"), link.get("hreflang")) for link in where.findall(ATOM + "link")]
        assert len(set(relations)) == len(relations), f"{path}: one link of a kind, RFC 4287 4.1.1"
        assert all(link.get("href", "").startswith(("http://", "https://")) for link in where.findall(ATOM + "link")), path
    assert any(link.get("rel") == "self" for link in root.findall(ATOM + "link")), f"{path}: rel=self"
    entries = root.findall(ATOM + "entry")
    ids = [entry.findtext(ATOM + "id") for entry in entries]
    assert len(set(ids)) == len(ids), f"{path}: ids are unique"
    assert all(re.match(r"^(tag:|https?:|urn:)", id) for id in [root.findtext(ATOM + "id"), *ids]), f"{path}: ids are IRIs"
    has_author = root.find(ATOM + "author") is not None
    assert has_author or all(entry.find(ATOM + "author") is not None for entry in entries), f"{path}: author"
    for entry in entries:
        assert entry.find(ATOM + "content") is not None or entry.find(ATOM + "summary") is not None, path


def rss(path: Path) -> None:
    root = ElementTree.parse(path).getroot()
    assert root.tag == "rss" and root.get("version") == "2.0", path
    channel = root.find("channel")
    for name in ("title", "link", "description"):
        assert len(channel.findall(name)) == 1 and channel.findtext(name).strip(), f"{path}: {name}"
    guids = []
    for item in channel.findall("item"):
        assert item.findtext("title") or item.findtext("description"), path
        guid = item.find("guid")
        guids.append(guid.text)
        if guid.get("isPermaLink", "true") == "true":
            assert guid.text.startswith(("http://", "https://")), f"{path}: {guid.text}"
        parsedate_to_datetime(item.findtext("pubDate"))
    assert len(set(guids)) == len(guids), f"{path}: guids are unique"


def feed(path: Path) -> None:
    parsed = feedparser.parse(path.read_bytes())
    assert not parsed.bozo, f"{path}: {parsed.bozo_exception}"
    assert parsed.version in ("atom10", "rss20"), f"{path}: {parsed.version}"
    for entry in parsed.entries:
        assert entry.id and entry.link and entry.title, path
        assert entry.get("published_parsed") or entry.get("updated_parsed"), path
        for text in [entry.get("summary", ""), *(content.value for content in entry.get("content", []))]:
            assert "<script" not in text.lower(), path


def calendar(path: Path) -> None:
    raw = path.read_bytes()
    lines = raw.split(b"\r\n")
    assert lines[-1] == b"" and b"\n" not in raw.replace(b"\r\n", b""), f"{path}: CRLF, RFC 5545 3.1"
    assert all(len(line) <= 75 for line in lines), f"{path}: lines of 75 octets, RFC 5545 3.1"
    [parsed] = icalendar.Calendar.from_ical(raw, multiple=True)
    assert not parsed.errors, f"{path}: {parsed.errors}"
    assert parsed["VERSION"] == "2.0" and parsed["PRODID"], path
    uids = []
    for event in parsed.walk("VEVENT"):
        assert not event.errors, f"{path}: {event.errors}"
        for name in ("UID", "DTSTAMP", "DTSTART", "SUMMARY"):
            assert name in event, f"{path}: {name}"
        if "DTEND" in event:
            assert event["DTEND"].dt > event["DTSTART"].dt, f"{path}: {event['UID']}"
        uids.append(event["UID"])
    assert len(set(uids)) == len(uids), f"{path}: uids are unique"


def main() -> None:
    folder = Path(sys.argv[1])
    atoms, rsses, calendars = (sorted(folder.rglob(pattern)) for pattern in ("*.atom", "*.rss", "*.ics"))
    assert atoms and rsses and calendars, "the site has no feeds"
    for path in atoms:
        atom(path)
        feed(path)
    for path in rsses:
        rss(path)
        feed(path)
    for path in calendars:
        calendar(path)
    print(f"{len(atoms) + len(rsses)} feeds and {len(calendars)} calendars are well")


main()
