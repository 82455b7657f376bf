"""Workers enter namespaces that are not the grader's, and the zygote stays where it is."""

import os
import select

import pytest

from autograder.sandbox import namespaces

from .child import in_child

pytestmark = pytest.mark.repeated_without_root

NAMES = ("net", "ipc")


def present():
    return [os.readlink(f"/proc/self/ns/{name}") for name in NAMES]


def opened():
    links = (f"/proc/self/fd/{number}" for number in os.listdir("/proc/self/fd"))
    return [os.readlink(link) for link in links if os.path.lexists(link)]


def after(action):
    """What a child finds out: the reason of its failure, its namespaces, what it has open."""
    return in_child(lambda: [action(), present(), opened()])


@pytest.fixture
def prepared():
    descriptors = namespaces.Making().finish()
    if not descriptors:
        pytest.skip("namespaces cannot be made once for all workers here: not root")
    yield descriptors
    for descriptor in descriptors:
        os.close(descriptor)


def test_workers_of_a_zygote_share_namespaces_of_their_own(prepared):
    before = present()
    found = [after(lambda: namespaces.enter(prepared)) for _ in range(2)]
    assert [reason for reason, _, _ in found] == ["", ""]
    assert found[0][1] == found[1][1]
    assert not set(found[0][1]) & set(before)
    assert present() == before


def test_a_worker_keeps_no_way_back_open(prepared):
    _, where, kept = after(lambda: namespaces.enter(prepared))
    assert set(where) <= set(opened())  # as the zygote has them
    assert not [one for one in kept if one.startswith(("net:", "ipc:"))]


def test_what_cannot_be_entered_is_told(prepared):
    with open(os.devnull) as nothing:
        reason, where, _ = after(lambda: namespaces.enter([os.dup(nothing.fileno())]))
    assert reason == "Invalid argument"
    assert where == present()


def test_without_prepared_ones_a_worker_makes_its_own():
    reason, where, _ = after(namespaces.enter)
    assert reason or not set(where) & set(present())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes them beforehand")
def test_nobody_waits_on_where_the_maker_ends_early():
    reading, writing = os.pipe()
    maker = os.fork()
    if maker == 0:
        making = namespaces.Making()
        select.select([making.reading], [], [], 10)  # its child waits for it from now on
        os._exit(1)
    os.close(writing)
    os.waitpid(maker, 0)
    ready, _, _ = select.select([reading], [], [], 10)
    assert ready and os.read(reading, 1) == b""  # nobody holds the other end
    os.close(reading)
