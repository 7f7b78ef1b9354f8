"""The editors' doors: shaping, notices, releasing."""
