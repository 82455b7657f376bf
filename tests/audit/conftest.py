"""Audits of the small assignments."""

import pytest

from autograder.assignment import load_assignment
from autograder.audit.audit import audit
from autograder.audit.outcomes import Store
from autograder.audit.run import Setting


@pytest.fixture(scope="session")
def outcomes(tmp_path_factory):
    """A file of outcomes that the audits of this session share: each grades what it changes."""
    return tmp_path_factory.mktemp("audit") / "outcomes.jsonl"


@pytest.fixture
def audited(outcomes):
    """Audit an assignment of a course."""

    def audited(root, name="tiny", file=None, **changes):
        setting = Setting(0, 1, Store(file or outcomes))
        return audit(load_assignment(root, name), setting, **changes)

    return audited


@pytest.fixture
def rewrite(course):
    """Change a file of a copy of the course; returns the course's folder."""

    def rewrite(file, old, new):
        text = (course / file).read_text()
        assert old in text, old
        (course / file).write_text(text.replace(old, new))
        return course

    return rewrite
