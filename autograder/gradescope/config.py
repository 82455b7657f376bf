"""Define the settings in the zip: `bundle.json`, written by `bundle.py`, read on Gradescope."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from autograder.errors import AutograderError

CONFIG_FILE = "bundle.json"
COURSE_FOLDER = "course"
DATA_FOLDER = "data"
SCRIPTS = Path(__file__).parent / "files"


@dataclass(frozen=True)
class Config:
    """The settings for grading an assignment on Gradescope.

    Attributes:
        assignment: its id.
        datasets: the datasets that its items need.
        time_limit_s: seconds that Gradescope gives to a submission.
        leaderboard: whether to offer measured figures for Gradescope's leaderboard.
    """

    assignment: str
    datasets: tuple[str, ...] = ()
    time_limit_s: int = 600
    leaderboard: bool = False

    def text(self) -> str:
        """Return the text of `bundle.json`."""
        return json.dumps(asdict(self), indent=2) + "\n"


def read_config(source: Path) -> Config:
    """Read the settings in the folder that the zip was unpacked to.

    Raises:
        AutograderError: the file is missing, or has another form.
    """
    try:
        data = json.loads((source / CONFIG_FILE).read_text(encoding="utf-8"))
        return Config(
            assignment=str(data["assignment"]),
            datasets=tuple(map(str, data["datasets"])),
            time_limit_s=int(data["time_limit_s"]),
            leaderboard=bool(data["leaderboard"]),
        )
    except (OSError, ValueError, LookupError, TypeError):
        raise AutograderError(
            "the bundle does not say what it grades",
            str(source / CONFIG_FILE),
            "make it anew with `autograder bundle`",
        ) from None
