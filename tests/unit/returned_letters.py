"""Letters that machines send, written after the habits of mail servers: returned ones, absences, complaints."""

# ruff: noqa: E501 (lines of letters are as long as they are)

from dataclasses import dataclass

HARD, SOFT, DELAYED = "hard", "soft", "delayed"
DAN = "dan@reader.example"
US = "bounce+abcdefghij234567@bulletin.test"


@dataclass(frozen=True)
class Form:
    """One letter and what it is: `verdicts` by address, empty for what is no returned letter."""

    name: str
    raw: bytes
    kind: str
    verdicts: tuple[tuple[str, str], ...] = ()


def letter(sender: str, subject: str, body: str, *more: str, to: str = US) -> bytes:
    head = ["Return-Path: <>", *more, f"From: {sender}", f"To: {to}", f"Subject: {subject}"]
    return ("\n".join(head) + "\n\n" + body.lstrip("\n")).encode()


def plain(
    name: str, sender: str, subject: str, body: str, verdict: str = HARD, address: str = DAN, more: tuple[str, ...] = ()
) -> Form:
    return Form(name, letter(sender, subject, body, *more), "bounce", ((address, verdict),))


def report(
    name: str,
    diagnostic: str,
    verdict: str,
    *,
    status: str = "5.0.0",
    action: str = "failed",
    sender: str = "Mail Delivery System <MAILER-DAEMON@mx.example>",
    subject: str = "Undelivered Mail Returned to Sender",
    said: str = "Your message could not be delivered. It is attached below.",
    recipient: str = f"rfc822; {DAN}",
) -> Form:
    """A report by RFC 3464, its three parts in their order."""
    diagnosed = f"Diagnostic-Code: {diagnostic}\n" if diagnostic else ""
    body = f"""--b1
Content-Type: text/plain; charset=utf-8

{said}

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Mon, 30 Nov 2026 10:00:00 +0000

Final-Recipient: {recipient}
Action: {action}
Status: {status}
{diagnosed}
--b1
Content-Type: message/rfc822

From: Bulletin <news@bulletin.test>
To: {DAN}
Subject: Bulletin 31
Message-ID: <31@bulletin.test>

https://bulletin.test/31
--b1--
"""
    more = ("MIME-Version: 1.0", 'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"')
    expected = ((DAN, verdict),) if verdict else ()
    return Form(name, letter(sender, subject, body, *more), "bounce" if verdict else "auto-reply", expected)


def away(name: str, subject: str, body: str, *more: str) -> Form:
    return Form(name, letter("Dan <dan@reader.example>", subject, body, *more), "auto-reply")


POSTFIX = "Mail Delivery System <MAILER-DAEMON@mail.bulletin.test>"
REPORTS = (
    report(
        "postfix user unknown",
        f"smtp; 550 5.1.1 <{DAN}>: Recipient address rejected: User unknown in virtual mailbox table",
        HARD,
        status="5.1.1",
        sender=POSTFIX,
    ),
    report(
        "postfix host not found",
        "X-Postfix; Host or domain name not found. Name service error for name=reader.example type=AAAA: Host not found",
        HARD,
        status="5.4.4",
        sender=POSTFIX,
    ),
    report(
        "postfix full by LMTP",
        f"smtp; 552 5.2.2 <{DAN}> Quota exceeded (mailbox for user is full)",
        SOFT,
        status="5.2.2",
        sender=POSTFIX,
    ),
    report(
        "postfix timed out",
        "X-Postfix; connect to mx.reader.example[192.0.2.7]:25: Connection timed out",
        SOFT,
        status="4.4.1",
        sender=POSTFIX,
    ),
    report(
        "postfix greylisted to the end",
        f"smtp; 450 4.2.0 <{DAN}>: Recipient address rejected: Greylisted, see http://postgrey.example",
        SOFT,
        status="4.2.0",
        sender=POSTFIX,
    ),
    report("postfix too big", "smtp; 552 5.3.4 Message size exceeds fixed limit", SOFT, status="5.3.4", sender=POSTFIX),
    report(
        "postfix null MX",
        "X-Postfix; Domain reader.example does not accept mail (nullMX)",
        HARD,
        status="5.1.0",
        sender=POSTFIX,
    ),
    report(
        "postfix delayed",
        "smtp; 451 4.7.1 Try again later",
        DELAYED,
        status="4.7.1",
        action="delayed",
        sender=POSTFIX,
        subject="Delayed Mail (still being retried)",
    ),
    report(
        "postfix delivered",
        "",
        "",
        status="2.1.5",
        action="delivered",
        sender=POSTFIX,
        subject="Successful Mail Delivery Report",
    ),
    report(
        "postfix relayed",
        "",
        "",
        status="2.0.0",
        action="relayed",
        sender=POSTFIX,
        subject="Successful Mail Delivery Report",
    ),
    report(
        "exim by report",
        "smtp; 550 No such user here",
        HARD,
        subject="Mail delivery failed: returning message to sender",
    ),
    report("exim spam", "smtp; 550 This message was classified as SPAM and may not be delivered", SOFT),
    report(
        "sendmail user unknown",
        f"SMTP; 550 5.1.1 <{DAN}>... User unknown",
        HARD,
        status="5.1.1",
        subject="Returned mail: see transcript for details",
        sender="Mail Delivery Subsystem <MAILER-DAEMON@relay.example>",
    ),
    report(
        "sendmail host unknown",
        "DNS; Host unknown (Name server: reader.example: host not found)",
        HARD,
        status="5.1.2",
        subject="Returned mail: Host unknown",
    ),
    report(
        "sendmail five days",
        "SMTP; 421 4.2.1 Service not available",
        SOFT,
        status="4.4.7",
        subject="Returned mail: Cannot send message within 5 days",
    ),
    report(
        "sendmail warning",
        "",
        DELAYED,
        status="4.4.1",
        action="delayed",
        subject="Warning: could not send message for past 4 hours",
    ),
    report(
        "gmail no such user",
        "smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 double-checking the recipient's email address for typos or 550 5.1.1 unnecessary spaces. https://support.google.com/mail/?p=NoSuchUser a1-gsmtp",
        HARD,
        status="5.1.1",
        sender="Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        subject="Delivery Status Notification (Failure)",
    ),
    report(
        "gmail full",
        "smtp; 552-5.2.2 The email account that you tried to reach is over quota. https://support.google.com/mail/?p=OverQuotaPerm",
        SOFT,
        status="5.2.2",
        sender="Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
    ),
    report(
        "gmail disabled", "smtp; 550 5.2.1 The email account that you tried to reach is disabled.", SOFT, status="5.2.1"
    ),
    report(
        "gmail unauthenticated",
        "smtp; 550-5.7.26 This mail has been blocked because the sender is unauthenticated. 550-5.7.26 Gmail requires all senders to authenticate",
        SOFT,
        status="5.7.26",
    ),
    report(
        "gmail too fast",
        "smtp; 450-4.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages",
        SOFT,
        status="4.2.1",
    ),
    report(
        "gmail low reputation",
        "smtp; 550-5.7.1 Our system has detected that this message is likely suspicious due to the very low reputation of the sending domain",
        SOFT,
        status="5.7.1",
    ),
    report(
        "gmail delay",
        "smtp; The recipient server did not accept our requests to connect.",
        DELAYED,
        status="4.4.1",
        action="delayed",
        subject="Delivery Status Notification (Delay)",
    ),
    report(
        "exchange online not found",
        "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient dan@reader.example not found by SMTP address lookup",
        HARD,
        status="5.1.10",
        sender="Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@reader.example>",
        subject="Undeliverable: Bulletin 31",
    ),
    report(
        "exchange online directory",
        "smtp;550 5.4.1 Recipient address rejected: Access denied. AS(201806281) [DB5EUR01FT003.eop-EUR01.prod.protection.outlook.com]",
        HARD,
        status="5.4.1",
        subject="Undeliverable: Bulletin 31",
    ),
    report(
        "exchange restricted",
        "smtp;550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required",
        SOFT,
        status="5.7.133",
    ),
    report(
        "exchange full",
        "smtp;554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded",
        SOFT,
        status="5.2.2",
        subject="Unzustellbar: Bulletin 31",
    ),
    report(
        "exchange no domain",
        "smtp;550 5.4.310 DNS domain reader.example does not exist [Message=InfoDomainNonexistent]",
        HARD,
        status="5.4.310",
    ),
    report("exchange loop", "smtp;554 5.4.14 Hop count exceeded - possible mail loop ATTR34", SOFT, status="5.4.14"),
    report(
        "exchange 2007",
        "smtp;550 5.1.1 RESOLVER.ADR.RecipNotFound; not found",
        HARD,
        status="5.1.1",
        subject="Недоставлено: Bulletin 31",
    ),
    report(
        "outlook.com unknown",
        "smtp;550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302). [AM7EUR03FT034.eop-EUR03.prod.protection.outlook.com]",
        HARD,
        status="5.5.0",
    ),
    report(
        "outlook.com block list",
        "smtp;550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3150).",
        SOFT,
        status="5.7.1",
    ),
    report("yahoo no account", "smtp; 552 1 Requested mail action aborted, mailbox not found", HARD),
    report(
        "yahoo complaints",
        "smtp; 421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints",
        SOFT,
        status="4.7.0",
    ),
    report(
        "mail.ru unknown",
        "smtp; 550 Message was not accepted -- invalid mailbox. Local mailbox dan@reader.example is unavailable: user not found",
        HARD,
    ),
    report(
        "mail.ru spam",
        "smtp; 550 spam message rejected. Please visit http://help.mail.ru/notspam-support/id?c=1 or report details to abuse@corp.mail.ru",
        SOFT,
    ),
    report(
        "mail.ru terminated",
        "smtp; 550 Message was not accepted -- invalid mailbox. Local mailbox dan@reader.example is unavailable: account is disabled",
        SOFT,
    ),
    report(
        "yandex unknown",
        "smtp; 550 5.7.1 No such user!",
        HARD,
        status="5.7.1",
        sender="mailer-daemon@yandex.ru",
        subject="Недоставленное сообщение",
    ),
    report(
        "yandex policy",
        "smtp; 554 5.7.1 [1] Message rejected under suspicion of SPAM; https://ya.cc/1IrBc",
        SOFT,
        status="5.7.1",
    ),
    report("i.ua unknown", "smtp; 550 5.1.1 User unknown; rejecting", HARD, status="5.1.1"),
    report("ukr.net inactive", "smtp; 550 5.2.1 mailbox dan@reader.example is inactive", SOFT, status="5.2.1"),
    report(
        "SES suppression",
        "smtp; 550 5.1.1 user unknown",
        HARD,
        status="5.1.1",
        sender="MAILER-DAEMON@eu-west-1.amazonses.com",
        subject="Delivery Status Notification (Failure)",
    ),
    report(
        "SES expired",
        "smtp; 554 4.4.7 Message expired: unable to deliver in 840 minutes.<421 4.4.1 Unable to connect to remote host>",
        SOFT,
        status="4.4.7",
    ),
    report("icloud full", "smtp; 552 5.2.2 dan@reader.example: user is over quota", SOFT, status="5.2.2"),
    report("ironport rejected", "smtp; 550 #5.1.0 Address rejected.", HARD, status="5.1.0"),
    report(
        "barracuda blocked",
        "smtp; 554 Service unavailable; Client host [mx.bulletin.test] blocked using Barracuda Reputation; http://www.barracudanetworks.com/reputation/?r=1",
        SOFT,
    ),
    report(
        "spamhaus",
        "smtp; 554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
        SOFT,
        status="5.7.1",
    ),
    report("relay denied", "smtp; 554 5.7.1 <dan@reader.example>: Relay access denied", SOFT, status="5.7.1"),
    report(
        "sender verify",
        "smtp; 550 Verification failed for <bounce@bulletin.test> 550 No such user here 550 Sender verify failed",
        SOFT,
    ),
    report("moved", "smtp; 550 5.1.6 Recipient no longer on server: dan@reader.example", HARD, status="5.1.6"),
    report("only a status", "", HARD, status="5.1.1"),
    report("only a generic status", "", SOFT, status="5.0.0", said="The message was refused."),
    report("reason only in words", "", HARD, status="5.0.0", said=f"<{DAN}>: user unknown"),
    report("opensmtpd", "", HARD, action="error", status="5.1.1"),
    report("address in angles, no type", "smtp; 550 5.1.1 unknown user", HARD, status="5.1.1", recipient=f"<{DAN}>"),
    report(
        "type in capitals and a comment",
        "smtp; 550 5.1.1 unknown user",
        HARD,
        status="5.1.1 (bad mailbox)",
        recipient=f"RFC822;{DAN} (Dan)",
    ),
    report(
        "X.400", "x-smtp; 550 5.1.1 unknown user", HARD, status="5.1.1", recipient="x400; /S=dan/O=reader/ADMD= /C=UA/"
    ),
    report(
        "spam in the name of the host only",
        f"smtp; 550 5.1.1 <{DAN}>: user unknown (mail.antispam.example)",
        HARD,
        status="5.1.1",
    ),
    report("qmail-toaster says 5.1.1 of a full one", "smtp; 550 User over quota. (#5.1.1)", SOFT, status="5.1.1"),
    report(
        "courier",
        "smtp; 550 User <dan@reader.example> unknown",
        HARD,
        status="5.0.0",
        subject="NOTICE: mail delivery status.",
    ),
    report("powermta bad domain", "smtp;554 5.4.4 (unable to route: no mail hosts for domain)", HARD, status="5.4.4"),
    report("docomo", "smtp; 550 Unknown user dan@reader.example", HARD, subject="Returned mail: User unknown"),
    report("starttls", "smtp; 550 5.7.10 Encryption needed: STARTTLS is required", SOFT, status="5.7.10"),
    report("dmarc", "smtp; 550 5.7.1 rejected by DMARC policy for bulletin.test", SOFT, status="5.7.1"),
)

DIALECTS = (
    plain(
        "qmail unknown",
        "MAILER-DAEMON@reader.example",
        "failure notice",
        f"""
Hi. This is the qmail-send program at reader.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{DAN}>:
192.0.2.9 does not like recipient.
Remote host said: 550 5.1.1 User unknown
Giving up on 192.0.2.9.

--- Below this line is a copy of the message.

Return-Path: <{US}>
To: {DAN}
""",
    ),
    plain(
        "qmail full",
        "MAILER-DAEMON@reader.example",
        "failure notice",
        f"""
Hi. This is the qmail-send program at reader.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{DAN}>:
user is over quota

--- Below this line is a copy of the message.
""",
        SOFT,
    ),
    plain(
        "qmail no host",
        "MAILER-DAEMON@reader.example",
        "failure notice",
        f"""
Hi. This is the qmail-send program at reader.example.
I'm afraid I wasn't able to deliver your message to the following addresses.

<{DAN}>:
Sorry, I couldn't find any host named reader.example. (#5.1.2)
""",
    ),
    plain(
        "qmail in the queue too long",
        "MAILER-DAEMON@reader.example",
        "failure notice",
        f"""
Hi. This is the qmail-send program at reader.example.
I'm afraid I wasn't able to deliver your message to the following addresses.

<{DAN}>:
Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)
I'm not going to try again; this message has been in the queue too long.
""",
        SOFT,
    ),
    plain(
        "exim unroutable",
        "Mail Delivery System <Mailer-Daemon@reader.example>",
        "Mail delivery failed: returning message to sender",
        f"""
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {DAN}
    Unrouteable address

------ This is a copy of the message, including all the headers. ------

Return-path: <{US}>
""",
        more=(f"X-Failed-Recipients: {DAN}", "Auto-Submitted: auto-replied"),
    ),
    plain(
        "exim after RCPT",
        "Mail Delivery System <Mailer-Daemon@reader.example>",
        "Mail delivery failed: returning message to sender",
        f"""
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {DAN}
    SMTP error from remote mail server after RCPT TO:<{DAN}>:
    host mx.reader.example [192.0.2.9]: 550 5.1.1 <{DAN}>... User Unknown
""",
        more=("Auto-Submitted: auto-replied",),
    ),
    plain(
        "exim retry timeout",
        "Mail Delivery System <Mailer-Daemon@reader.example>",
        "Mail delivery failed: returning message to sender",
        f"""
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {DAN}
    retry timeout exceeded
""",
        SOFT,
    ),
    plain(
        "exim warning",
        "Mail Delivery System <Mailer-Daemon@reader.example>",
        "Warning: message 1abcde-000001-AB delayed 24 hours",
        f"""
This message was created automatically by mail delivery software.
A message that you sent has not yet been delivered to one or more of its
recipients after more than 24 hours on the queue on reader.example.

The address to which the message has not yet been delivered is:

  {DAN}
    Delay reason: Connection timed out

No action is required on your part. Delivery attempts will continue for
some time, and this warning may be repeated at intervals.
""",
        DELAYED,
    ),
    plain(
        "sendmail old transcript",
        "Mail Delivery Subsystem <MAILER-DAEMON@relay.example>",
        "Returned mail: User unknown",
        f"""
The original message was received at Mon, 30 Nov 2026 10:00:00 GMT
from localhost

   ----- The following addresses had permanent fatal errors -----
<{DAN}>

   ----- Transcript of session follows -----
... while talking to mx.reader.example.:
>>> RCPT To:<{DAN}>
<<< 550 <{DAN}>... User unknown
550 <{DAN}>... User unknown

   ----- Original message follows -----
From: news@bulletin.test
""",
    ),
    plain(
        "sendmail old warning",
        "Mail Delivery Subsystem <MAILER-DAEMON@relay.example>",
        "Warning: could not send message for past 4 hours",
        f"""
    **********************************************
    **      THIS IS A WARNING MESSAGE ONLY      **
    **  YOU DO NOT NEED TO RESEND YOUR MESSAGE  **
    **********************************************

   ----- The following addresses had transient non-fatal errors -----
<{DAN}>

   ----- Transcript of session follows -----
<{DAN}>... Deferred: Connection timed out with mx.reader.example.
Warning: message still undelivered after 4 hours
Will keep trying until message is 5 days old
""",
        DELAYED,
    ),
    plain(
        "exchange 5.5",
        "System Administrator <postmaster@reader.example>",
        "Undeliverable: Bulletin 31",
        f"""
Your message

  To:      {DAN}
  Subject: Bulletin 31
  Sent:    Mon, 30 Nov 2026 10:00:00 -0000

did not reach the following recipient(s):

{DAN} on Mon, 30 Nov 2026 10:00:05 -0000
    The recipient name is not recognized
        The MTS-ID of the original message is: c=us;a= ;p=reader;l=EX0101
    MSEXCH:IMS:READER:SITE:EX 0 (000C05A6) Unknown Recipient
""",
    ),
    plain(
        "exchange 2003 full",
        "postmaster@reader.example",
        "Delivery Status Notification (Failure)",
        f"""
This is an automatically generated Delivery Status Notification.

Delivery to the following recipients failed.

       {DAN}

The recipient's mailbox is full. 552 5.2.2 Mailbox size limit exceeded.
""",
        SOFT,
    ),
    plain(
        "microsoft SMTPSVC",
        "postmaster@reader.example",
        "Delivery Status Notification (Failure)",
        f"""
Delivery to the following recipients failed.

       {DAN}

550 5.1.1 unknown user account
""",
    ),
    plain(
        "domino",
        "Postmaster@reader.example",
        "DELIVERY FAILURE: User dan (dan@reader.example) not listed in Domino Directory",
        f"""
Your message

  Subject: Bulletin 31

was not delivered to:

  {DAN}

because:

  User dan (dan@reader.example) not listed in Domino Directory
""",
    ),
    plain(
        "lotus notes old",
        "Postmaster <MAILER-DAEMON@reader.example>",
        "Non-delivery of: Bulletin 31",
        f"""
------- Failure Reasons  --------

User not listed in public Name & Address Book
{DAN}

------- Returned Message --------

Received: from mx
""",
    ),
    plain(
        "groupwise",
        "Mailer-Daemon <postmaster@reader.example>",
        "Message status - undeliverable",
        """
The message that you sent was undeliverable to the following:
        dan@reader.example (user not found)

Possibly truncated original message follows:
""",
    ),
    plain(
        "imail",
        "Postmaster@reader.example",
        "Undeliverable Mail",
        f"""
Unknown user: {DAN}

Original message follows.

Received: from mx
""",
    ),
    plain(
        "imail full",
        "Postmaster@reader.example",
        "Undeliverable Mail",
        f"""
User mailbox exceeds allowed size: {DAN}

Original message follows.
""",
        SOFT,
    ),
    plain(
        "mailenable",
        "postmaster@reader.example",
        "Message Delivery Failure",
        f"""
MailEnable: Message could not be delivered to some recipients.
The following recipient(s) could not be reached:

        Recipient: [SMTP:{DAN}]
        Reason: Remote SMTP Server Returned: 550 Requested action not taken: mailbox unavailable or not local

Message headers follow:
""",
    ),
    plain(
        "surfcontrol",
        "Mail Administrator <postmaster@reader.example>",
        "Mail Delivery Problem",
        f"""
Your message could not be sent.
A transcript of the attempts to send the message follows.
The number of attempts made: 1
Addressed To: {DAN}

Mon 30 Nov 2026 10:00:00 +0000
Failed to send to identified host,
{DAN}: [192.0.2.9], 550 {DAN}: Recipient unknown
--- Message non-deliverable.
""",
    ),
    plain(
        "messagelabs",
        "MAILER-DAEMON@messagelabs.com",
        "Mail Delivery Failure",
        f"""
This is the mail delivery agent at messagelabs.com.
I was unable to deliver your message to the following addresses:

{DAN}

Reason:  550 dan@reader.example... No such user
""",
    ),
    plain(
        "aol",
        "MAILER-DAEMON@aol.example",
        "Mail Delivery Problem",
        f"""
Your mail is not deliverable to the following address(es):

The mailbox for {DAN} is full
""",
        SOFT,
    ),
    plain(
        "yahoo own form",
        "MAILER-DAEMON@yahoo.com",
        "Failure Notice",
        f"""
Sorry, we were unable to deliver your message to the following address.

<{DAN}>:
554: delivery error: dd This user doesn't have a yahoo.com account (dan@reader.example) [-5] - mta1.mail.yahoo.com

--- Below this line is a copy of the message.
""",
    ),
    plain(
        "verizon",
        "Postmaster@vtext.example",
        "Undeliverable Message",
        f"""
Error: Invalid recipient
  Message to: {DAN}
  could not be delivered.
""",
    ),
    plain(
        "au by KDDI",
        "Postmaster@ezweb.example",
        "Mail System Error - Returned Mail",
        f"""
The user(s) account is temporarily over quota.

<{DAN}>
""",
        SOFT,
    ),
    plain(
        "docomo in Japanese",
        "mailer-daemon@docomo.example",
        "Mail System Error - Returned Mail",
        f"""
次のあて先へのメッセージはエラーのため送信できませんでした。

{DAN}
あて先不明: ユーザーが見つかりません
""",
    ),
    plain(
        "mail.ru own form",
        "Mail Delivery System <mailer-daemon@corp.mail.ru>",
        "Mail delivery failed: returning message to sender",
        f"""
Это письмо создано автоматически сервером Mail.Ru, отвечать на него не нужно.

К сожалению, Ваше письмо не может быть доставлено одному или нескольким получателям:

  {DAN}
    user not found
""",
    ),
    plain(
        "yandex own form",
        "mailer-daemon@yandex.ru",
        "Недоставленное сообщение",
        f"""
Это письмо отправлено почтовым сервером yandex.ru.

К сожалению, мы вынуждены сообщить Вам о том, что Ваше письмо не может быть отправлено
одному или нескольким адресатам. Технические подробности можно найти ниже.

<{DAN}>: host mx.reader.example[192.0.2.9] said: 550 Mailbox is full (in reply to RCPT TO command)
""",
        SOFT,
    ),
    plain(
        "i.ua own form",
        "MAILER-DAEMON@i.ua",
        "Лист не доставлено",
        f"""
Ваш лист не вдалося доставити за адресою:

{DAN}

Причина: користувача не знайдено (адресу не зареєстровано)
""",
    ),
    plain(
        "google groups",
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Failure)",
        f"""
Hello {US},

We're writing to let you know that the group you tried to contact (dan) may not exist, or you may not have
permission to post messages to the group.

   ** Address not found: {DAN} **
The group dan does not exist.
""",
    ),
    plain(
        "gmail old form",
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Failure)",
        f"""
Delivery to the following recipient failed permanently:

     {DAN}

Technical details of permanent failure:
Google tried to deliver your message, but it was rejected by the recipient domain. The error that the other
server returned was: 550 550 5.1.1 <{DAN}>: Recipient address rejected: User unknown (state 14).

----- Original message -----
""",
    ),
    plain(
        "gmail old delay",
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Delay)",
        f"""
This is an automatically generated Delivery Status Notification

THIS IS A WARNING MESSAGE ONLY.

YOU DO NOT NEED TO RESEND YOUR MESSAGE.

Delivery to the following recipient has been delayed:

     {DAN}

Message will be retried for 2 more day(s)
""",
        DELAYED,
    ),
    plain(
        "postfix without report",
        POSTFIX,
        "Undelivered Mail Returned to Sender",
        f"""
This is the mail system at host mail.bulletin.test.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

For further assistance, please send mail to postmaster.

                   The mail system

<{DAN}>: host mx.reader.example[192.0.2.9] said: 554 5.7.1 Spam message rejected (in reply to end of DATA command)
""",
        SOFT,
    ),
    plain(
        "1&1 in German",
        "Mail Delivery System <mailer-daemon@kundenserver.example>",
        "Nicht zustellbar: Bulletin 31",
        f"""
Diese E-Mail wurde automatisch generiert. Ihre Nachricht konnte nicht zugestellt werden:

{DAN}

Empfänger unbekannt
""",
    ),
    plain(
        "orange in French",
        "Mail Delivery <mailer-daemon@orange.example>",
        "Message non distribuable",
        f"""
Votre message n'a pas pu être remis au destinataire suivant:

{DAN}

550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416
""",
    ),
    plain(
        "spanish",
        "postmaster@correo.example",
        "No se puede entregar: Bulletin 31",
        f"""
No se ha podido entregar el mensaje a:

{DAN}

El usuario no existe
""",
    ),
    plain(
        "italian",
        "postmaster@posta.example",
        "Mancato recapito: Bulletin 31",
        f"""
Non è stato possibile consegnare il messaggio a: {DAN}
Casella di posta piena
""",
        SOFT,
    ),
    plain(
        "portuguese",
        "postmaster@correio.example",
        "Não é possível entregar: Bulletin 31",
        f"""
Não foi possível entregar a mensagem a {DAN}
O endereço não existe
""",
    ),
    plain(
        "polish",
        "postmaster@poczta.example",
        "Niedostarczalne: Bulletin 31",
        f"""
Nie można dostarczyć wiadomości do: {DAN}
Nie ma takiego konta
""",
    ),
    plain(
        "dutch",
        "postmaster@post.example",
        "Onbestelbaar: Bulletin 31",
        f"""
Uw bericht kon niet worden bezorgd aan {DAN}
Dit adres bestaat niet
""",
    ),
    plain(
        "courier old",
        "Courier mail server at reader.example <postmaster@reader.example>",
        "NOTICE: mail delivery status.",
        f"""
This is a delivery status notification from reader.example,
running the Courier mail server, version 0.65.

The original message was received on Mon, 30 Nov 2026 10:00:00 +0000

                           UNDELIVERABLE MAIL

Your message to the following recipients cannot be delivered:

<{DAN}>:
    mx.reader.example [192.0.2.9]:
>>> RCPT TO:<{DAN}>
<<< 550 5.1.1 <{DAN}>... User Unknown
""",
    ),
    plain(
        "smtp32",
        "postmaster@reader.example",
        "Undeliverable Mail",
        f"""
undeliverable to {DAN}
invalid user
""",
    ),
    plain(
        "names nobody, but encloses the letter",
        "MAILER-DAEMON@reader.example",
        "Returned mail: User unknown",
        """
Your letter could not be delivered. 550 user unknown
""",
        address="",
    ),
)

COMPLAINTS = (
    Form(
        "ARF",
        letter(
            "feedback@isp.example",
            "FW: Bulletin 31",
            f"""--a1
Content-Type: text/plain

This is an email abuse report.
--a1
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: ISP/1.0
Version: 1
Original-Mail-From: <{US}>
Original-Rcpt-To: <{DAN}>

--a1
Content-Type: message/rfc822

From: news@bulletin.test
To: {DAN}
List-Unsubscribe: <https://bulletin.test/leave/x>, <mailto:news@bulletin.test?subject=leave%20abcdefghij234567>

hello
--a1--
""",
            "MIME-Version: 1.0",
            "Content-Type: multipart/report; report-type=feedback-report; boundary=a1",
        ),
        "complaint",
    ),
    Form(
        "ARF without its type of report",
        letter(
            "scomp@aol.example",
            "Email Feedback Report for IP 192.0.2.1",
            """--a1
Content-Type: message/feedback-report

Feedback-Type: fraud
Version: 1

--a1--
""",
            "Content-Type: multipart/mixed; boundary=a1",
        ),
        "complaint",
    ),
    Form(
        "hotmail's own",
        letter(
            "staff@hotmail.example",
            "complaint about message from 192.0.2.1",
            f"""--a1
Content-Type: message/rfc822

To: {DAN}
From: news@bulletin.test

hello
--a1--
""",
            "Content-Type: multipart/mixed; boundary=a1",
            "X-HmXmrOriginalRecipient: dan@reader.example",
        ),
        "complaint",
    ),
    Form(
        "no complaint: not spam after all",
        letter(
            "feedback@isp.example",
            "FW: Bulletin 31",
            """--a1
Content-Type: message/feedback-report

Feedback-Type: not-spam

--a1--
""",
            "Content-Type: multipart/report; report-type=feedback-report; boundary=a1",
        ),
        "auto-reply",
    ),
)

AWAY = (
    Form(
        "written by the postmaster",
        letter(
            "postmaster@reader.example",
            "Automatic reply: Bulletin 31",
            "Your mail could not be delivered to Dan at once.\n\n<dan@reader.example>: mailbox unavailable until Monday\n",
        ),
        "auto-reply",
    ),
    away("english", "Out of office: Bulletin 31", "I am away until 5 December and your mail will not be read."),
    away(
        "exchange",
        "Automatic reply: Bulletin 31",
        "I cannot be reached; mail to me is not delivered meanwhile.",
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
    ),
    away(
        "vacation program",
        "Re: Bulletin 31",
        "I am on vacation. Your mail regarding Bulletin 31 will be read when I return.",
        "Precedence: bulk",
        "Auto-Submitted: auto-replied (vacation)",
    ),
    away("german", "Automatische Antwort: Bulletin 31", "Ich bin im Urlaub."),
    away("german absence", "Abwesenheitsnotiz: Bulletin 31", "Ich bin derzeit nicht im Büro."),
    away("french", "Réponse automatique : Bulletin 31", "Je suis absent jusqu'au 5 décembre."),
    away("spanish", "Respuesta automática: Bulletin 31", "Estoy de vacaciones."),
    away("italian", "Risposta automatica: Bulletin 31", "Sono in ferie."),
    away("portuguese", "Resposta automática: Bulletin 31", "Estou de férias."),
    away("polish", "Autoodpowiedź: Bulletin 31", "Jestem na urlopie."),
    away("ukrainian", "Автовідповідь: Bulletin 31", "Я у відпустці до 5 грудня."),
    away("russian", "Автоответ: Bulletin 31", "Я в отпуске."),
    away("dutch", "Automatisch antwoord: Bulletin 31", "Ik ben afwezig."),
    away("czech", "Automatická odpověď: Bulletin 31", "Jsem na dovolené."),
    away(
        "left the company",
        "Re: Bulletin 31",
        "Dan no longer works here. Please write to info@reader.example.",
        "X-Autoreply: yes",
    ),
    away(
        "challenge",
        "Please confirm your message",
        "Please click the link below to verify that you are a human and have your message delivered. Undelivered mail is removed.",
    ),
    away(
        "list moderation",
        "Your message to dan-list awaits moderator approval",
        "Your mail is being held until the list moderator can review it.",
    ),
    away(
        "read receipt",
        "Read: Bulletin 31",
        "--r\nContent-Type: text/plain\n\nYour message was read.\n--r\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822;dan@reader.example\nDisposition: manual-action/MDN-sent-manually; displayed\n--r--\n",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=r",
    ),
    away("ticket", "[Ticket #123] Bulletin 31", "Your request has been received.", "Auto-Submitted: auto-generated"),
)

ALL = (*REPORTS, *DIALECTS, *COMPLAINTS, *AWAY)
