"""Pages written to exhaust whoever reads them, a megabyte each or what remains of one."""

from collections.abc import Callable

DATA = b"<script type='application/ld+json'>"
END = b"</script>"
ENTITIES = b"".join(b"<!ENTITY a%d '%b'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 30))

# These are read whole wherever they are read; of the others a piece does where time is short.
ALWAYS_WHOLE = frozenset(
    (
        "deep",
        "300,000 tags",
        "long title",
        "entity bomb",
        "no encoding at all",
        "NUL in tags",
        "data nested 10,000 deep",
    )
)
PIECE_BYTES = 40_000
# Made when asked for: together they are sixty megabytes.
HOSTILE: dict[str, Callable[[], bytes]] = {
    # Depth
    "deep": lambda: b"<div>" * 100_000,
    "deep and closed elsewhere": lambda: b"<div>" * 50_000 + b"</div></p>" * 60_000,
    "deep links": lambda: b"<a>" * 100_000 + b"x",
    "deep lists": lambda: b"<ul><li>" * 100_000,
    "deep and crossed": lambda: b"<b><i><font>" * 60_000 + b"x",
    "open tables": lambda: b"<table><tr><td>" * 60_000,
    "open choices": lambda: b"<select><option>" * 60_000,
    "open templates": lambda: b"<template>" * 100_000,
    "open frames": lambda: b"<iframe>" * 100_000,
    "open pages": lambda: b"<html><body>" * 80_000,
    # Number
    "300,000 tags": lambda: b"<p>" * 300_000,
    "many tags": lambda: b"<b></b>" * 140_000,
    "many kinds of tags": lambda: b"".join(b"<x%d>" % n for n in range(115_000)),
    "only ends": lambda: b"</p>" * 250_000,
    "many titles": lambda: b"<title>a</title>" * 60_000,
    "many metas": lambda: b"<meta property=og:title content=x>" * 28_000,
    "many names of metas": lambda: b"".join(b"<meta name=n%d content=x>" % n for n in range(36_000)),
    "many headings": lambda: b"<article><h1>T</h1>" * 50_000,
    "many dates": lambda: b"<p class=date>5 May 2025</p>" * 35_000,
    "many times": lambda: b"<time datetime=2025-05-05>5 May</time>" * 25_000,
    "many links": lambda: b"<a href=/x>Read also: another story of today</a>" * 20_000,
    "many paragraphs": lambda: b"<p>A sentence of some words. " * 34_000,
    "many bylines": lambda: b"<p class='date time published author'>x</p>" * 22_000,
    "many pictures": lambda: b"<svg><title>x</title></svg>" * 35_000,
    "many fields": lambda: b"<form><input>" * 75_000,
    "many addresses": lambda: b"<link rel=canonical href=/x>" * 35_000,
    # Length
    "long title": lambda: b"<title>" + b"x" * 1_000_000,
    "long title of blanks": lambda: b"<title>" + b" " * 990_000 + b"</title>",
    "long title of separators": lambda: b"<title>" + b"a - " * 240_000 + b"</title><h1>x</h1>",
    "long title of lines": lambda: b"<title>" + b" | " * 300_000 + b"</title>",
    "long title of accents": lambda: b"<title>a" + "\u0301".encode() * 490_000 + b"</title>",
    "long name of a site": lambda: b"<title>x</title><meta property=og:site_name content='" + b"a|" * 490_000 + b"'>",
    "long attribute": lambda: b"<meta property=og:title content='" + b"x" * 990_000 + b"'>",
    "long address": lambda: b"<link rel=canonical href='https://news.example/" + b"a/../" * 190_000 + b"'>",
    "long class": lambda: b"<p class='" + b"date " * 190_000 + b"'>5 May</p>",
    "long word": lambda: b"<p>" + b"x" * 990_000,
    "many attributes": lambda: b"<p " + b"a=1 " * 250_000 + b">",
    "many kinds of attributes": lambda: b"<p " + b" ".join(b"a%d=1" % n for n in range(120_000)) + b">",
    "nothing but blanks": lambda: b" " * 1_000_000,
    "all the blanks that are let in": lambda: b" " * 1_999_000 + b"<title>x</title>",
    # Comments and the like
    "open comment": lambda: b"<!--" * 250_000,
    "many comments": lambda: b"<!---->" * 140_000,
    "open sections": lambda: b"<![CDATA[" * 100_000,
    "open instructions": lambda: b"<?x " * 240_000,
    "long doctype": lambda: b"<!DOCTYPE " + b"x " * 490_000,
    # Entities and encodings
    "entities": lambda: b"&amp;" * 100_000 + b"&a" * 200_000,
    "entity bomb": lambda: b"<!DOCTYPE h [<!ENTITY a0 'lol'>" + ENTITIES + b"]><title>&a29;</title>",
    "entities in the title": lambda: b"<title>" + b"&amp;amp;" * 100_000 + b"</title>",
    "nothing but NUL": lambda: b"\0" * 1_000_000,
    "NUL in tags": lambda: b"<ti\0tle>x</title>" + b"<\0p>" * 240_000,
    "two bytes a letter": lambda: ("<title>Bread</title>" * 25_000).encode("utf-16"),
    "seven bits": lambda: b"<meta charset=utf-7>" + b"+ADw-script+AD4-" * 60_000,
    "no encoding at all": lambda: b"<title>" + b"\xff\xfe\x80" * 330_000,
    "halves of letters": lambda: b"<title>\xed\xa0\x80</title>" * 60_000,
    "four bytes a letter": lambda: b"<meta charset=gb18030><title>" + b"\x81\x30\x81\x30" * 240_000,
    "open metas": lambda: b"<meta " * 160_000,
    "open charset": lambda: (b"<meta charset=" + b" " * 4000) * 200,
    # What patterns stumble over
    "almost dates": lambda: b"<p class=date>" + b"5 5 5. 5/5 - " * 70_000 + b"</p>",
    "digits for a date": lambda: b"<p class=date>" + b"1" * 990_000 + b"</p>",
    "a date far apart": lambda: b"<p class=date>5" + b" " * 900_000 + b"May</p>",
    "a byline of initials": lambda: b"<p class=byline>By " + b"A " * 480_000 + b"</p>",
    "a byline of everybody": lambda: b"<p class=author>" + b"Ana and " * 120_000 + b"</p>",
    "a list of authors": lambda: b"<meta name=author content='" + b"Ana, " * 190_000 + b"'>",
    "a source line": lambda: b"<p>Source: " + b"Sirena: " * 120_000,
    # Data
    "data nested 10,000 deep": lambda: DATA + b"[" * 10_000 + b"]" * 10_000 + END,
    "data nested without end": lambda: DATA + b"[" * 500_000,
    "data of graphs in graphs": lambda: DATA + b'{"@graph":' * 90_000 + b"1" + b"}" * 90_000 + END,
    "data of many stories": lambda: DATA + b"[" + b'{"@type":"NewsArticle","headline":"x"},' * 25_000 + b"1]" + END,
    "data with a long number": lambda: DATA + b'{"datePublished":' + b"9" * 900_000 + b"}" + END,
    "data with a long date": lambda: DATA + b'{"datePublished":"' + b"2" * 900_000 + b'"}' + END,
    "many scripts of data": lambda: (DATA + b'{"@type":"NewsArticle"}' + END) * 14_000,
}
