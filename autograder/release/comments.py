"""Tell markers from other comments, and near-misses of markers from both.

A marker that is almost right must never pass as an ordinary comment, because the solution below
it would ship. Therefore every comment is compared with the marker words by its letters alone, and
a comment that resembles them without being exact is an error.
"""

import re
import unicodedata
from functools import lru_cache

BEGIN_SOLUTION, END_SOLUTION = "# BEGIN SOLUTION", "# END SOLUTION"
BEGIN_PROMPT, END_PROMPT = "# BEGIN PROMPT", "# END PROMPT"

EXACT = re.compile(
    rf"(?P<words>{BEGIN_SOLUTION}) (?P<item>[A-Za-z0-9_-]+)"
    rf"|{END_SOLUTION}|{BEGIN_PROMPT}|{END_PROMPT}"
)
RIGHT = {
    "BEGINSOLUTION": f"{BEGIN_SOLUTION} <item-id>",
    "BEGINYOURSOLUTION": f"{BEGIN_SOLUTION} <item-id>",
    "ENDSOLUTION": END_SOLUTION,
    "ENDYOURSOLUTION": END_SOLUTION,
    "BEGINPROMPT": BEGIN_PROMPT,
    "ENDPROMPT": END_PROMPT,
}
# Prose that says where students write.
QUOTED_STUB = re.compile(r"`# (BEGIN|END) YOUR SOLUTION`")
ABBREVIATED = re.compile(
    r"\W*(begin|start|end|stop|finish)[\W_]*(your[\W_]*)?sol(n|u|\b)", re.IGNORECASE
)
# Characters like a letter of the marker words: Greek, Cyrillic, Armenian, digits, strokes.
ALIKE = {
    "B": "\u0392\u0412",
    "E": "\u0395\u0415",
    "G": "\u050c",
    "I": "1|\u0399\u0406\u04c0",
    "M": "\u039c\u041c",
    "N": "\u039d",
    "O": "0\u039f\u041e\u0555",
    "P": "\u03a1\u0420",
    "S": "\u0405\u054f",
    "T": "\u03a4\u0422",
    "U": "\u054d",
    "Y": "\u03a5\u04ae",
    "d": "\u0501",
    "e": "\u0435",
    "i": "\u0131\u03b9\u0456",
    "n": "\u0578",
    "o": "\u03bf\u043e\u0585",
    "p": "\u03c1\u0440",
    "s": "\u0455",
    "t": "\u0442",
    "u": "\u03c5\u057d",
    "y": "\u0443",
}
LOOK_ALIKES = str.maketrans({strange: plain for plain, alike in ALIKE.items() for strange in alike})


def marker_words(comment: str) -> tuple[str, str]:
    """Return the words of an exact marker and its item id, or ("", "")."""
    found = EXACT.fullmatch(comment)
    if not found:
        return "", ""
    return found["words"] or comment, found["item"] or ""


@lru_cache(maxsize=4096)  # each comment is read for the stub, for the solution and in the scan
def resembled_marker(comment: str) -> str:
    """Return the marker that an inexact comment may have been meant to be, or "".

    Args:
        comment: the comment with its `#`.
    """
    decomposed = unicodedata.normalize("NFKD", QUOTED_STUB.sub("", comment))
    folded = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    folded = folded.translate(LOOK_ALIKES)
    letters = "".join(re.findall(r"[A-Za-z]", folded))
    for meant, right in RIGHT.items():
        # Two slips are a lot for a short word: "no solution" is two letters from "end solution".
        slips = 2 if meant.startswith("BEGIN") or letters[:5].isupper() else 1
        if _distance_to_beginning(meant, letters.upper()) <= slips:
            return right
    words = [word for word in re.findall(r"[A-Za-z]+", folded) if word.isupper()]
    if ABBREVIATED.match(folded) or any(_is_nearly("SOLUTION", word) for word in words):
        return f"{BEGIN_SOLUTION} <item-id>' and '{END_SOLUTION}"
    if _is_nearly("SOLUTION", letters.upper()):
        return f"{BEGIN_SOLUTION} <item-id>' and '{END_SOLUTION}"
    return f"{BEGIN_PROMPT}' and '{END_PROMPT}" if letters.upper() == "PROMPT" else ""


def _is_nearly(word: str, letters: str) -> bool:
    """Tell whether all the letters form the word, with at most one slip."""
    return abs(len(word) - len(letters)) <= 1 and _distances(word, letters)[-1] <= 1


def _distance_to_beginning(word: str, letters: str) -> int:
    """Return the least number of slips between the word and any beginning of the letters."""
    return min(_distances(word, letters[: len(word) + 2]))


def _distances(word: str, letters: str) -> list[int]:
    """Return the edit distance of `word` to each beginning of `letters`, the empty one first."""
    row = list(range(len(letters) + 1))
    for number, wanted in enumerate(word, 1):
        above, row = row, [number]
        for column, letter in enumerate(letters, 1):
            row.append(
                min(above[column] + 1, row[column - 1] + 1, above[column - 1] + (letter != wanted))
            )
    return row
