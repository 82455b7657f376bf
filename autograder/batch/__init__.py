"""Grade a class: take up what was done, grade the rest, keep it all, show what has changed."""
