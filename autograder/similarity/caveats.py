"""State what a list of similar pairs does not prove, in the words that come with every list."""

CAVEATS = """\
A pair on this list is a reason to read both submissions, and nothing more. Copying is one
explanation. A shared source that was allowed, a tutorial, an answer of the same assistant, work in
one room, or a task with one natural solution are others.

It does not say who wrote something first, nor whether the author knew that it was taken.

The numbers compare; they do not measure guilt. No share is a limit above which work is copied:
short answers reach high shares by themselves.

A student who is not on the list has not been cleared: rewritten code, code from elsewhere and
paid work do not show here. Passages that very many submissions share are left out as well.

Before you speak to a student, compare both texts with the handout, and let a second person
judge without the names. Then hear each student alone, with the code, before any step of your
institution's procedure; a wrong suspicion does harm that no correction undoes.

This page names students. Keep it where grades are kept, and delete it with them.
""".strip().split("\n\n")
"""The paragraphs that are shown to readers of such a list."""
