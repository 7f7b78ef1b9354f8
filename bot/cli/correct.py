"""`bulletin issue correct`: a correction of a published issue."""

from typing import Annotated

from cyclopts import Parameter

from bot.cli.reach import Config, Slug, reading, writing
from bot.correcting import published
from bot.correcting.change import items_of
from bot.errors import OperatorError


async def correct(
    number: int,
    *,
    item: Annotated[
        int | None, Parameter(help="Which item, by its place in the issue; without it they are listed.")
    ] = None,
    title: str | None = None,
    source: str | None = None,
    date: Annotated[str | None, Parameter(help="As in “5 February 2023”; a dash for none.")] = None,
    url: str | None = None,
    citation: Annotated[int, Parameter(help="Which of several sources is meant.")] = 1,
    withdraw: Annotated[bool, Parameter(negative=(), help="Take the item out.")] = False,
    mail: Annotated[bool, Parameter(negative=(), help="Write to those who got the issue by mail.")] = False,
    bulletin: Slug = None,
    config: Config = None,
) -> None:
    """Correct an item of a published issue; the posts in the channels and all files follow."""
    if item is None:
        if withdraw or mail or any(value is not None for value in (title, source, date, url)):
            raise OperatorError(f"Say which item with --item; `bulletin issue correct {number}` lists them.")
        async with reading(config, bulletin) as shelf, shelf.store.reading() as tx:
            found = await published.numbered(tx, shelf.bulletin, str(number))
        for place, printed in enumerate(items_of(found.document), start=1):
            print(f"{place:>4}  {published.printed(printed, found.document)}")
        return
    given = {"title": title, "source": source, "date": date, "link": url}
    async with writing(config) as hand:
        done = await hand.perform(
            "correct",
            bulletin=bulletin,
            number=number,
            item=item,
            given=given,
            citation=citation,
            withdraw=withdraw,
            mail=mail,
        )
    print(f"{done['sentence']} {done['edits']} posts are edited, {done['letters']} letters go out.")
