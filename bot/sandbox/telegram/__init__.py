"""Telegram in a box: the Bot API on a real socket, and the people and chats behind it."""

from bot.sandbox.telegram.chats import Chat
from bot.sandbox.telegram.faults import Fault, FaultName
from bot.sandbox.telegram.messages import Button, Message
from bot.sandbox.telegram.people import Person
from bot.sandbox.telegram.presses import Press
from bot.sandbox.telegram.server import ApiCall
from bot.sandbox.telegram.world import TelegramWorld

__all__ = ["ApiCall", "Button", "Chat", "Fault", "FaultName", "Message", "Person", "Press", "TelegramWorld"]
