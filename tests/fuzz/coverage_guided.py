"""Try the judge's decoder with frames that atheris finds by the code they reach.

    python tests/fuzz/coverage_guided.py [FOLDER] [libFuzzer options, such as -max_total_time=600]

FOLDER keeps what was found between runs (default `build/fuzz/corpus`); real replies are put into
it first. Needs `pip install '.[fuzz]'`. It ends with an error at the first frame that gets out what
it must not, and leaves the frame in a file `crash-...` that `--frame FILE` tries again.
"""

import sys
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(include=["autograder"]):
    from judging import MAX_BYTES, find_fault, take

from frames import mutated, real_replies

_DRAFTS = real_replies()
_OWN_SHARE = 0.3


class WrongOutcome(Exception):
    """The decoder has let something out."""


def try_frame(data: bytes) -> None:
    """One frame; raises where something wrong comes out."""
    fault = find_fault(take(data))
    if fault:
        raise WrongOutcome(fault)


def change(data: bytes, max_size: int, seed: int) -> bytes:
    """Mutate a frame: mostly its bytes, guided by coverage, sometimes a real one's parts."""
    rng = Random(seed)
    if rng.random() < _OWN_SHARE:
        return mutated(rng.choice(_DRAFTS), rng, _DRAFTS)[:max_size]
    return bytes(atheris.Mutate(data, max_size))


def main(words: list[str]) -> None:
    """Fill the corpus and run, or try one frame."""
    if words[:1] == ["--frame"]:
        try_frame(Path(words[1]).read_bytes())
        return
    options = [word for word in words if word.startswith("-")]
    folders = [word for word in words if not word.startswith("-")] or ["build/fuzz/corpus"]
    corpus = Path(folders[0])
    corpus.mkdir(parents=True, exist_ok=True)
    for number, draft in enumerate(_DRAFTS):
        (corpus / f"real-{number:02}").write_bytes(draft.encoded())
    limits = ["-max_len=65536", "-timeout=10", "-rss_limit_mb=2048"]
    found = f"-artifact_prefix={corpus.parent}/"
    arguments = [sys.argv[0], *limits, found, *options, *folders]
    atheris.Setup(arguments, try_frame, custom_mutator=change)
    atheris.Fuzz()


if __name__ == "__main__":
    assert MAX_BYTES > 65536
    main(sys.argv[1:])
