"""A mailbox elsewhere: what its address says, and how long it is left in peace after a failure."""

from random import Random

from bot.mailbox.account import Account, account_of, pause


def test_an_address_alone_is_enough():
    account = account_of("imaps://bulletin%40host.example:w%2Frd@mail.host.example")
    assert account == Account("mail.host.example", 993, "bulletin@host.example", "w/rd", "direct")
    assert (account.folder, account.done, account.not_read) == ("INBOX", "Bulletin/Done", "Bulletin/Not read")


def test_an_address_may_name_port_folders_and_starttls():
    account = account_of("imap://user:word@host.example:1143?starttls=required&folder=Letters&done=Old")
    assert (account.port, account.tls) == (1143, "starttls")
    assert (account.folder, account.done, account.not_read) == ("Letters", "Old", "Not read")
    assert account_of("imap://user:word@127.0.0.1").tls == "none"
    assert account_of("imap://user:word@127.0.0.1").port == 143


def test_no_word_of_an_account_shows_its_user_or_password():
    assert "user" not in repr(account_of("imaps://user:word@host.example")).replace("<", "")
    assert "word" not in repr(account_of("imaps://user:word@host.example"))


def test_a_server_that_is_away_is_asked_less_and_less_but_every_five_minutes():
    longest = [max(pause(failures, Random(seed)) for seed in range(200)) for failures in range(1, 12)]
    assert longest == sorted(longest)
    assert longest[0] <= 2.0
    assert 290 < longest[-1] <= 300
    assert pause(10_000, Random(1)) <= 300


def test_bots_that_lost_a_server_together_do_not_come_back_together():
    pauses = {round(pause(5, Random(seed)), 1) for seed in range(100)}
    assert len(pauses) > 50
    assert min(pauses) >= 16.0
    assert max(pauses) <= 32.0
