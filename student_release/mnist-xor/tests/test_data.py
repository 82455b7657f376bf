"""Public checks of 1.1: the split, the loaders and the sanity line."""

import numpy as np
import pytest

from autograder.rubric import CheckFailed, check
from autograder.rubric.rerun import left_by_run


def numbered(student, rng, count):
    """A dataset whose samples are their own numbers, and the labels."""
    labels = rng.integers(0, 10, size=count)
    images = np.arange(count)[:, None, None, None] * np.ones((1, 1, 2, 2))
    return student.loader(images, labels, batch_size=count).dataset, labels


def members_of(student, dataset, labels, what):
    """The numbers of the images in a dataset; each must have its own label."""
    loader = student.torch.utils.data.DataLoader(dataset, batch_size=len(labels))
    [(numbers, found)] = contents_of(loader)
    check(found, f"the labels of {what}").equals([int(labels[number]) for number in numbers])
    return numbers


def contents_of(loader):
    """The numbers of the images and the labels of each batch."""
    return [
        ([round(float(image[0, 0, 0])) for image in np.array(images)], np.array(labels).tolist())
        for images, labels in loader
    ]


def split(student, dataset, labels, share, seed):
    """The numbers of the images in both parts of a split."""
    parts = check(student.mnist_xor.split_train_val(dataset, share, seed), "split_train_val")
    return [
        members_of(student, part, labels, f"the {name} set")
        for part, name in zip(parts.sequence(2), ("training", "validation"), strict=True)
    ]


@pytest.mark.item("q1-split")
def test_sizes(student, rng):
    """The validation set has the share of the samples that was asked for."""
    dataset, labels = numbered(student, rng, 60)
    train, val = split(student, dataset, labels, 0.2, 3)
    check([len(train), len(val)], "the sizes of the two sets of 60 samples, share 0.2,").equals(
        [48, 12],
        hints={
            "the sets are the wrong way round: first the training set": [12, 48],
            "a sample is missing": [47, 12],
        },
    )
    train, val = split(student, dataset, labels, 0.35, 3)
    check([len(train), len(val)], "the sizes of the two sets of 60 samples, share 0.35,").equals(
        [39, 21],
        hints={"share was not used: 0.2 is fixed in the code": [48, 12]},
        carried={"the sets are the wrong way round": [21, 39]},
    )


@pytest.mark.item("q1-split")
def test_every_sample_once(student, rng):
    """Together both sets contain every sample once, and none twice."""
    dataset, labels = numbered(student, rng, 50)
    train, val = split(student, dataset, labels, 0.2, 3)
    both = sorted(set(train) & set(val))
    check(both, "the list of samples in both sets").equals(
        [], hint="what is validated must not be trained on"
    )
    check(sorted(train + val) == list(range(50)), "that each sample is in one of the sets").is_true(
        hint="samples are left out or come twice"
    )


@pytest.mark.item("q1-split", counts_with="test_every_sample_once")
def test_split_is_random(student, rng):
    """The split is drawn at random, by its seed alone."""
    dataset, labels = numbered(student, rng, 60)
    first, again, other = (split(student, dataset, labels, 0.2, seed)[1] for seed in (3, 3, 4))
    ordered = sorted(first)
    if ordered[-1] - ordered[0] == len(ordered) - 1:
        hint = "draw the split at random: the samples may be sorted"
        raise CheckFailed("the validation set", "is one piece of the dataset", hint)
    check(sorted(again) == ordered, "that the same seed gives the same split").is_true(
        hint="torch.Generator().manual_seed(seed), and hand it over"
    )
    check(sorted(other) != ordered, "that another seed gives another split").is_true(
        hint="seed was not used"
    )


def batches_of(student, rng, batch_size, times=2):
    """What the three loaders of numbered images hand out in each pass, and the labels."""
    sets = [numbered(student, rng, count) for count in (20, 14, 16)]
    loaders = student.mnist_xor.make_loaders(*(dataset for dataset, _ in sets), batch_size)
    loaders = check(loaders, "what make_loaders returns").sequence(3)
    passes = [[contents_of(loader) for _ in range(times)] for loader in loaders]
    return passes, [labels for _, labels in sets]


def check_contents(handed, labels, sizes):
    """Require that each loader hands out its own set, with labels, in batches of these sizes."""
    for name, passes, right, wanted in zip(
        ("training", "validation", "test"), handed, labels, sizes, strict=True
    ):
        for batches in passes:
            got = [len(numbers) for numbers, _ in batches]
            rest = sum(wanted) % wanted[0]
            hints = {"all samples are one batch: batch_size was not used": [sum(wanted)]}
            if rest:
                hints["the last, smaller batch is dropped"] = wanted[:-1]
            check(got, f"the list of batch sizes of the {name} loader").equals(wanted, hints=hints)
            numbers = [number for numbers, _ in batches for number in numbers]
            complete = sorted(numbers) == list(range(sum(wanted)))
            check(complete, f"that the {name} loader hands out each sample once").is_true()
            got = [label for _, some in batches for label in some]
            check(got, f"the labels of the {name} loader").equals(
                [int(right[number]) for number in numbers]
            )


@pytest.mark.item("q1-loaders")
def test_batches(student, rng):
    """Each loader hands out all of its set in batches."""
    handed, labels = batches_of(student, rng, 8)
    check_contents(handed, labels, [[8, 8, 4], [8, 6], [8, 8]])


@pytest.mark.item("q1-loaders", counts_with="test_batches")
def test_only_training_is_shuffled(student, rng):
    """The training loader has a new order in every pass, the others the order of their set."""
    handed, _ = batches_of(student, rng, 8)
    orders = [
        [[number for numbers, _ in batches for number in numbers] for batches in passes]
        for passes in handed
    ]
    train, val, test = orders
    is_shuffled = train[0] != sorted(train[0])
    check(is_shuffled, "that the training loader shuffles").is_true(hint="shuffle=True")
    check(train[0] != train[1], "that every pass has a new order").is_true(
        hint="the loader shuffles anew in every pass; do not draw one order beforehand"
    )
    for name, passes in (("validation", val), ("test", test)):
        check(passes[0] == sorted(passes[0]), f"that the {name} loader does not shuffle").is_true(
            hint="only training images are shuffled"
        )


def images_of(pixels):
    """Images (N, 1, 28, 28) with these first pixels, and zeros behind them."""
    images = np.zeros((len(pixels), 784))
    images[:, : pixels.shape[1]] = pixels
    return images.reshape(-1, 1, 28, 28)


def sanity_of(got):
    """The three entries of a sanity line, as arrays."""
    if not isinstance(got, dict):
        raise CheckFailed("describe_batch", f"returns a {type(got).__name__}, expected a dict")
    missing = [key for key in ("shape", "labels", "pixels") if key not in got]
    check(missing, "the list of keys that describe_batch lacks").equals([])
    numbers = {}
    for key, length in (("shape", 4), ("labels", 2), ("pixels", 2)):
        values = check(got[key], f'"{key}" of a batch').numbers(length)
        numbers[key] = np.array(values.got, dtype=float)
    return numbers


@pytest.mark.item("q1-sanity")
def test_description(student, rng):
    """The sanity line has the shape of the first batch and the ranges of labels and pixels."""
    pixels, labels = rng.uniform(0.2, 1, size=(12, 3)), rng.integers(2, 7, size=12)
    labels[:5] = [2, 3, 6, 4, 5]
    labels[5:] = [9, 0, 1, 8, 7, 9, 0]
    loader = student.loader(images_of(pixels), labels, batch_size=5)
    got = sanity_of(student.mnist_xor.describe_batch(loader))
    check(got["shape"], '"shape" of a batch').close(
        np.array([5.0, 1, 28, 28]),
        hints={
            "this is the last batch": np.array([2.0, 1, 28, 28]),
            "this is the whole dataset": np.array([12.0, 1, 28, 28]),
        },
    )
    check(got["labels"], '"labels" of a batch').close(
        np.array([2.0, 6.0]),
        hints={
            "these are the labels of the whole dataset": np.array([0.0, 9.0]),
            "the smallest comes first": np.array([6.0, 2.0]),
            "these are the first and the last label": np.array([2.0, 5.0]),
        },
    )
    top = pixels[:5].max()
    check(got["pixels"], '"pixels" of a batch').close(
        np.array([0.0, top]),
        hints={
            "the smallest comes first": np.array([top, 0.0]),
            "these are pixels from 0 to 255": np.array([0.0, 255 * top]),
            "the range is asked for, not 0 and 1 in every case": np.array([0.0, 1.0]),
        },
    )


@pytest.mark.item("q1-sanity", weight=0.5, counts_with="test_description")
def test_sanity_of_the_run(student, rng):
    """The notebook's own line is of a batch of the training loader."""
    pixels = rng.uniform(0.2, 1, size=(4, 3))
    loader = student.loader(images_of(pixels), np.arange(4), batch_size=4)
    student.mnist_xor.describe_batch(loader)
    run = left_by_run(student.mnist_xor, "sanity")
    if run is not None:
        got = sanity_of(run)
        size = float(student.mnist_xor.BATCH_SIZE)
        check(got["shape"], '"shape" in the notebook\'s sanity line').close(
            np.array([size, 1, 28, 28])
        )
        low, high = got["pixels"]
        check(low, "the smallest pixel").at_least(0.0)
        check(high, "the largest pixel").at_most(1.0, hint="pixels from 0 to 1: use to_set")
