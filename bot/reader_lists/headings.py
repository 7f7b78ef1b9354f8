"""What columns of lists are called, in ten languages and by the programs that write them."""

import re

_NOISE = re.compile(r"[\W_]+")


def plain(heading: str) -> str:
    """Return a heading without case, spaces and signs: `E-Mail_Address` gives `emailaddress`."""
    return _NOISE.sub("", heading.casefold())


def _names(words: str) -> frozenset[str]:
    return frozenset(plain(word) for word in words.split(","))


# English, Ukrainian, Russian, Polish, German, French, Spanish, Italian, Portuguese, Czech
ADDRESS = _names(
    "email,e-mail,email address,e-mail address,mail,mail address,address,subscriber,subscriber email,member,recipient,"
    "електронна пошта,електронна адреса,ел. пошта,пошта,емейл,імейл,адреса,адреса електронної пошти,e-mail адреса,"
    "электронная почта,эл. почта,почта,адрес,адрес электронной почты,емейл,имейл,электронный адрес,"
    "adres e-mail,adres email,adres poczty elektronicznej,poczta,poczta elektroniczna,adres,"
    "e-mail-adresse,mailadresse,emailadresse,adresse,elektronische post,"
    "adresse e-mail,adresse email,adresse électronique,adresse mail,courriel,adresse courriel,"
    "correo,correo electrónico,dirección de correo,dirección de correo electrónico,dirección,"
    "posta elettronica,indirizzo e-mail,indirizzo email,indirizzo,indirizzo di posta elettronica,"
    "correio eletrónico,correio eletrônico,endereço de e-mail,endereço de email,endereço,"
    "e-mailová adresa,emailová adresa,adresa,elektronická pošta"
)
# Where a heading may also be a street, one that names mail goes first.
STREETS = _names("address,адреса,адрес,adres,adresse,dirección,indirizzo,endereço,adresa,member,recipient,subscriber")
AGREED = tuple(
    dict.fromkeys(
        plain(word)
        for word in (
            "CONFIRM_TIME,OPTIN_TIME,confirmed at,confirmed on,opt-in confirmed,opt-in time,opt-in date,opt-in,"
            "double opt-in,consent date,consent time,consent at,date of consent,consented at,subscribed at,"
            "subscribed on,subscription date,signup date,sign-up date,дата згоди,дата підписки,"
            "дата согласия,дата подписки,data zgody,data zapisu,"
            "datum der einwilligung,einwilligung am,anmeldedatum,date de consentement,date d'inscription,"
            "fecha de consentimiento,fecha de suscripción,data del consenso,data di iscrizione,data do consentimento,"
            "data de subscrição,data de inscrição,datum souhlasu,datum přihlášení"
        ).split(",")
    )
)
STATUS = _names(
    "status,state,subscription status,subscriber status,email status,статус,стан,состояние,stan,statut,statut abonné,"
    "estado,stato,estado da subscrição,stav"
)
LISTMONK = _names("email,name,attributes,status")
LISTMONK_STATUS = plain("subscription_status")
MAILCHIMP = _names("MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LAST_CHANGED,LEID,EUID")
UNSUBSCRIBED = _names("UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON")
CLEANED = _names("CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,CLEAN_CAMPAIGN_ID")

READS = _names(
    "active,enabled,confirmed,subscribed,activated,yes,ok,активний,активна,активный,активная,підписаний,підписана,"
    "подписан,подписана,aktywny,aktiv,actif,abonné,activo,activa,suscrito,attivo,iscritto,ativo,inscrito,aktivní,"
    "regular,digest,mime,plain,delivery enabled"
)
LEFT = _names(
    "left,unsubscribed,unsubscribe,opted out,opt-out,optout,inactive,disabled,blocklisted,blacklisted,blocked,"
    "suppressed,bounced,cleaned,complained,complaint,spam,invalid,deleted,erased,unconfirmed,pending,paused,nomail,nonsubscribed,"
    "non-subscribed,transactional,archived,no,"
    "неактивний,неактивна,відписаний,відписана,відписався,відписалася,непідтверджений,заблокований,"
    "неактивный,неактивная,отписан,отписана,отписался,отписалась,заблокирован,nieaktywny,wypisany,zablokowany,"
    "inaktiv,abgemeldet,gesperrt,unbestätigt,inactif,désabonné,désinscrit,bloqué,non confirmé,"
    "inactivo,inactiva,dado de baja,baja,bloqueado,sin confirmar,inattivo,disiscritto,cancellato,bloccato,"
    "inativo,cancelado,não confirmado,neaktivní,odhlášen,odhlášený,zablokovaný"
)
