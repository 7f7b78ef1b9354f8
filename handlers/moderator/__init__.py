"""The moderators' doors: cards, the queue, posts that were perhaps sent, invitations."""
