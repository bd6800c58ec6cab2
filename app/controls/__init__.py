"""The window's controls: lessons left, contestants and problem right, transport below."""
