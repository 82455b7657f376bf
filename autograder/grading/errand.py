"""What a judge process is given: once, when it is forked, and anew with each submission.

What comes with a submission goes through a pipe, as a few words of JSON; the rest it has from the
process that it was forked from.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.grading.config import GradingConfig
from autograder.grading.rubric_suite import RubricSuite
from autograder.grading.run_data import RunData
from autograder.grading.submission_dir import Options
from autograder.sandbox.launch import Launched
from autograder.submission import Submission

Zygotes = dict[Options, Launched]


@dataclass(frozen=True)
class Outfit:
    """What a judge keeps for all of its submissions.

    Attributes:
        config: what is to be graded, but for what each errand says.
        zygotes: what its workers come from.
        data: the data sets.
        rubric: the tests, collected.
    """

    config: GradingConfig
    zygotes: Zygotes
    data: RunData
    rubric: RubricSuite

    def serves(self, config: GradingConfig) -> bool:
        """Whether a judge that has this can grade by an order."""
        return (
            _without_wishes(config) == _without_wishes(self.config)
            and self.rubric.items.issuperset(item.id for item in config.judged)
            and self.zygotes.keys() >= set(config.options)
        )


@dataclass(frozen=True)
class Errand:
    """One submission to be graded.

    Attributes:
        submission: what was handed in.
        wanted: ids of the items, auto and written.
        results: where written answers are kept; None to keep none.
        folder: a private folder, which is the submission's alone.
        seed: the number that every random draw comes from.
        observed: where what checks have asked is written; None to write nothing.
    """

    submission: Submission
    wanted: tuple[str, ...]
    results: Path | None
    folder: Path
    seed: int
    observed: Path | None = None

    def config(self, config: GradingConfig) -> GradingConfig:
        """A judge's order, as it is for this submission."""
        return replace(
            config,
            wanted=self.wanted,
            results=self.results,
            seed=self.seed,
            observed=self.observed,
        )

    def packed(self) -> bytes:
        """As bytes; JSON in ASCII carries every path, also one that is no UTF-8."""
        place = self.submission.place
        about = [self.submission.name, str(self.submission.path), place and str(place)]
        places = [_text(self.results), str(self.folder), _text(self.observed)]
        return json.dumps([*about, self.wanted, *places, self.seed]).encode()

    @classmethod
    def unpacked(cls, data: bytes) -> "Errand":
        """The errand that `packed` was called on."""
        name, path, place, wanted, results, folder, observed, seed = json.loads(data)
        submission = Submission(name, Path(path), _path(place))
        wishes = tuple(wanted), _path(results), Path(folder), seed, _path(observed)
        return cls(submission, *wishes)


def _without_wishes(config: GradingConfig) -> GradingConfig:
    return replace(config, wanted=(), results=None, seed=0, observed=None)


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)
