"""The training loops that every course has are no leaks; what a solution adds to them is one."""

import pytest

from autograder.release.fragments import fragments_of
from autograder.release.ordinary import is_ordinary_line
from autograder.release.renamed import sightings_in
from autograder.release.secret_lines import collect_secrets

SOLUTION = """\
def train(model, loader, optimizer, criterion, device):
    # BEGIN SOLUTION t1-square
    model.train()
    total = 0.0
    for inputs, labels in loader:
        inputs, labels = inputs.to(device), labels.to(device)
        optimizer.zero_grad()
        loss = criterion(model(inputs), labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
    return total
    # END SOLUTION


def train_with_penalty(model, loader, optimizer, criterion, weight):
    # BEGIN SOLUTION t1-row-sums
    for inputs, labels in loader:
        optimizer.zero_grad()
        penalty = sum(torch.square(p).sum() for p in model.parameters())
        loss = criterion(model(inputs), labels) + weight * penalty
        loss.backward()
        optimizer.step()
    # END SOLUTION


def backpropagate(graph):
    # BEGIN SOLUTION t1-row-sums
    for node in reversed(graph):
        node.backward()
    # END SOLUTION
"""

# As the tutorials of PyTorch, d2l.ai and several courses write it; `tests/` may ship such code.
ORDINARY = [
    """\
for batch, (X, y) in enumerate(dataloader):
    X, y = X.to(device), y.to(device)
    pred = model(X)
    loss = loss_fn(pred, y)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
""",
    """\
for epoch in range(num_epochs):
    net.train()
    for X, y in train_iter:
        trainer.zero_grad()
        l = loss(net(X), y)
        l.backward()
        trainer.step()
""",
    """\
def fit(net, data, opt, criterion):
    for x, y in data:
        opt.zero_grad(set_to_none=True)
        out = net(x)
        cost = criterion(out, y)
        cost.backward()
        opt.step()
        running += cost.item()
""",
    """\
model.eval()
with torch.no_grad():
    for images, labels in test_loader:
        outputs = model(images)
""",
]

TELLING = [
    """\
for a, b in data:
    o.zero_grad()
    q = sum(torch.square(v).sum() for v in n.parameters())
    e = c(n(a), b) + w * q
    e.backward()
    o.step()
""",
    "for part in reversed(parts):\n    part.backward()\n",
]


@pytest.fixture
def fragments(parse):
    return fragments_of([parse(SOLUTION)])


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_training_loop_is_no_leak(text, fragments):
    assert sightings_in("tests/test_x.py", text, fragments) == []


@pytest.mark.parametrize("text", TELLING)
def test_what_a_solution_adds_to_the_loop_is_found(text, fragments):
    assert sightings_in("tests/test_x.py", text, fragments)


@pytest.mark.parametrize(
    "line",
    [
        "for inputs, labels in train_loader:",
        "for index, (inputs, labels) in enumerate(self.loader):",
        "optimizer.zero_grad()",
        "self.optimizer.zero_grad(set_to_none=True)",
        "with torch.no_grad():",
        "inputs, labels = inputs.to(device), labels.to(device)",
        "loss = criterion(model(inputs), labels)",
    ],
)
def test_an_ordinary_line_is_no_secret(line):
    assert is_ordinary_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "for module in reversed(self.modules):",
        "for start in range(0, len(x), batch_size):",
        "for row in table[order[first:last]]:",
        "optimizer.step(closure)",
        "gradient = loss.backward()",
        "loss = criterion(model(inputs), labels) + weight * penalty",
        "with torch.autograd.set_detect_anomaly(True):",
        "return sums_of_rows.reshape(N)",
        "this is no Python at all:",
    ],
)
def test_any_other_line_stays_a_secret(line):
    assert not is_ordinary_line(line)


def test_the_lines_of_a_loop_are_no_secrets_and_others_of_the_same_region_are(parse):
    texts = {secret.text for secret in collect_secrets([parse(SOLUTION)], {}, [], []).lines}
    assert "for inputs, labels in loader:" not in texts
    assert "total += loss.item() * len(labels)" in texts
    assert "loss = criterion(model(inputs), labels) + weight * penalty" in texts
