"""Which tests one worker runs one after the other, where several run the suite: those that share something heavy."""

from xdist.scheduler import LoadGroupScheduling

# One browser at a time plays the sandbox, and each maker's server runs once; the house's tests share what they parsed.
GROUPS = {
    "tests/system/test_page.py": "the sandbox",
    "tests/system/test_desk_walk.py": "the sandbox",
    "tests/system/test_reader_pages.py": "pages",
    "tests/system/test_postfix.py": "postfix",
    "tests/system/test_dovecot.py": "dovecot",
    "tests/test_house.py": "house",
}


class Together(LoadGroupScheduling):
    """Gives each group to one worker; xdist 3.8 marks tests by a name that pytest 9.2 no longer reads."""

    def _split_scope(self, nodeid: str) -> str:
        return GROUPS.get(nodeid.partition("::")[0], nodeid)
