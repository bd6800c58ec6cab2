"""The scene's measures: a box around the vertical axis, whose longer side goes from -1 to 1."""

HEIGHT = 0.72
"""Where the highest band ends; the lowest begins at 0."""
CEILING = 1.12 * HEIGHT
"""Where a surface is cut off."""
FLOOR = -0.1
"""The floor lies a little under the lowest band."""
MIDDLE = (0.0, 0.0, (HEIGHT + FLOOR) / 2)
"""What a camera looks at."""
MOST_OBLONG = 1.8
"""A plane is stretched until no side of the box is longer than so many times the other."""
