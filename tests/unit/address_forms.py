"""Sixty and more ways to write an address that the fetch may not touch, and names that lead to such addresses."""

from collections.abc import Sequence

PUBLIC = "93.184.215.14"

# fmt: off
# Forms that all mean this machine, as resolvers take them.
LOOPBACK_FORMS = (
    "127.0.0.1", "127.1", "127.0.1", "0x7f000001", "0x7F000001", "0x7f.0.0.1", "0x7f.1", "0x7f.0.0x1", "2130706433",
    "017700000001", "0177.0.0.1", "0177.1", "0177.0x0.0.01", "127.9.9.9", "127.255.255.254", "0.0.0.0", "0", "0x0",
    "00.0.0.0",
    "[::1]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]",
)
OTHER_FORMS = (
    "10.0.0.1", "10.255.255.255", "0x0a000001", "012.0.0.1", "0xa.1",
    "100.64.0.1", "100.127.255.254", "169.254.169.254",
    "0xa9fea9fe", "2852039166", "0251.0376.0251.0376", "169.254.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1",
    "192.168.1", "3232235521", "192.0.0.192", "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255",
    "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "168.63.129.16",
    "[::]", "[::ffff:10.0.0.1]", "[::ffff:a9fe:a9fe]", "[::127.0.0.1]", "[::7f00:1]", "[64:ff9b::7f00:1]",
    "[64:ff9b::10.0.0.1]",
    "[64:ff9b:1::1]", "[100::1]", "[2001::1]", "[2001:0:7f00:1::1]", "[2001:2::1]", "[2001:10::1]", "[2001:db8::1]",
    "[2002:7f00:1::]", "[2002:a00:1::1]", "[2002:c0a8:1::1]", "[fc00::1]", "[fd00:ec2::254]", "[fe80::1]", "[fec0::1]",
    "[ff02::1]", "[3fff::1]", "[5f00::1]", "[2606:4700::5efe:7f00:1]", "[2606:4700::200:5efe:a00:1]",
)
# Names, and what a resolver answers for them: names kept for local networks also where the answer is a public address.
NAMES: dict[str, Sequence[str]] = {
    "localhost": ["127.0.0.1"],
    "localhost.": ["127.0.0.1"],
    "LOCALHOST": ["127.0.0.1"],
    "db.localhost": ["127.0.0.1"],
    "localhost.localdomain": ["127.0.0.1"],
    "ip6-localhost": ["::1"],
    "printer": [PUBLIC],
    "nas.local": [PUBLIC],
    "nas.local.": ["192.168.0.9"],
    "metadata.google.internal": ["169.254.169.254"],
    "wiki.internal": [PUBLIC],
    "wiki.corp": ["10.1.2.3"],
    "router.lan": ["192.168.0.1"],
    "tv.home.arpa": [PUBLIC],
    "127.0.0.1.names.example": ["127.0.0.1"],
    "private.example": ["10.1.2.3"],
    "trailing.example.": ["172.20.1.1"],
    "mixed.example": [PUBLIC, "10.1.2.3"],
    "mixed-late.example": [PUBLIC, "8.8.8.8", "1.1.1.1", "9.9.9.9", "8.8.4.4", "127.0.0.1"],
    "six.example": ["fd00::1", PUBLIC],
    "zone.example": ["fe80::1%eth0"],
    "zone-of-a-public-one.example": ["2606:4700::1111%lo"],
    "mapped.example": ["::ffff:169.254.169.254"],
    "translated.example": ["64:ff9b::7f00:1"],
}
# fmt: on
# These are tried at every hop, the rest at the first two: each costs some milliseconds.
TABLE = (*LOOPBACK_FORMS[::2], *OTHER_FORMS[::2], *NAMES)
THE_REST = (*LOOPBACK_FORMS[1::2], *OTHER_FORMS[1::2])

# fmt: off
# Letters and digits that look otherwise and are read as these.
WIDE_FORMS = (
    "１２７.０.０.１", "①②⑦.⓪.⓪.①", "①②⑦。⓪。⓪。①", "127。0。0。1",
    "127．0．0．1", "127｡0｡0｡1", "１６９.２５４.１６９.２５４",
    "⑩.⓪.⓪.①",
    "𝟙𝟚𝟟.𝟘.𝟘.𝟙", "²¹³⁰⁷⁰⁶⁴³³", "0ｘ7f000001", "ｌｏｃａｌｈｏｓｔ", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
)
# fmt: on
# What is refused as it is written, before anything is looked up; a program that reads addresses loosely would go there.
CROOKED = (
    "http://news.example@127.0.0.1/",
    "http://news.example:80@127.0.0.1/",
    "http://news.example%40127.0.0.1@127.0.0.1/",
    "http://127.0.0.1\\@news.example/",
    "http://[fe80::1%25eth0]/",
    "http://[::1%25lo]/",
    "http://127.0.0.1 .example/",
    "http://127.0.0.1\n.example/",
    "http:///127.0.0.1/",
    "http:127.0.0.1/",
    "http://256.0.0.1/",
    "http://127.0.0.0x100/",
    "http://0x7f.0.0.0.1/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:70/1",
    "dict://127.0.0.1:2628/",
)


async def resolver_of_the_table(host: str, port: int) -> Sequence[str]:
    """Answer as a name server does that Eve has filled; an address is its own answer."""
    if host in NAMES:
        return NAMES[host]
    for name, answer in NAMES.items():
        if name.lower().rstrip(".") == host:
            return answer
    return [PUBLIC] if host.endswith(".example") else [host.strip("[]")]
