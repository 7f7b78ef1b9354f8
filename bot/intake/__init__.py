"""How a message becomes items.

`message/` reads what a person sent, `address/` tells which links lead to one page, `fetching/` gets a page under the
guard, `page/` reads what it says of its story. The steps that store and hand over stand here, with what is known.
"""
