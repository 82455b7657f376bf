# %% [markdown]
# # Problem 5. Initialisation and training dynamics
#
# A network of six layers is trained four times, on the same images, with the same optimizer and
# the same learning rate. Only the first values of its weights differ. Two of the four learn to read
# digits and two do not learn anything, and that can be seen before the first step of training.
#
# | part | what you write | item |
# |---|---|---|
# | A | `initialize_weights`, `initialize_network` | `p5-init` |
# | B | `build_network`, `activation_statistics`, a figure | `p5-tanh-statistics` |
# | B | what the figure says | `p5-tanh-analysis` |
# | C | `train`, `measure_accuracy`, `plot_losses`, four trainings | `p5-dynamics` |
# | D | B and C again with ReLU | `p5-relu` |
# | D | what has changed, and a table | `p5-relu-analysis` |
#
# Write between `# BEGIN YOUR SOLUTION` and `# END YOUR SOLUTION` and remove the `raise`
# statement. The names, arguments and results of the given functions and variables stay as they
# are: the checks use them.

# %%
import math

import matplotlib.pyplot as plt
import torch
from torch import nn

from autograder import datasets
from autograder.claims import save_claims

# %% [markdown]
# The numbers that decide how the networks are trained are set here and nowhere else. The grader
# runs this notebook with two epochs on 1,000 images, to see that it runs from a clean start; your
# own results come from **10 epochs on all images**, which takes five to ten minutes on a CPU. Set
# `EPOCHS = 1` while you try things out, and back to 10 for the run that you hand in.

# %%
EPOCHS = 10
BATCH_SIZE = 128
LEARNING_RATE = 0.1
SEED = 0
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
METHODS = ["zero", "small_random", "xavier", "he"]
HIDDEN_LAYERS, WIDTH = 5, 256

# %% [markdown]
# ## The data
#
# MNIST: 60,000 images of handwritten digits to train with and 10,000 to test with, 28 × 28 pixels
# each. An image becomes a row of 784 numbers between 0 and 1. `batch` holds 256 training images;
# on these the activations of parts B and D are measured.


# %%
def to_tensors(images, labels):
    """Turn uint8 images (N, 28, 28) into rows (N, 784) between 0 and 1, labels into int64 (N,)."""
    rows = torch.tensor(images, dtype=torch.float32).reshape(len(images), -1) / 255
    return rows.to(DEVICE), torch.tensor(labels, dtype=torch.int64).to(DEVICE)


dataset = datasets.mnist()
train_images, train_labels = to_tensors(*dataset.all_train())
test_images, test_labels = to_tensors(dataset.test_images, dataset.test_labels)
batch = train_images[:256]
print(f"{len(train_images):,} training images, {len(test_images):,} test images, on {DEVICE}")

# %% [markdown]
# ## A. Four ways to begin
#
# One unit of a layer computes $z = \sum_{i=1}^{n} x_i w_i + b$ of its $n$ = `fan_in` inputs. Let
# the weights be independent with mean 0 and variance $\sigma^2$, and $b = 0$. Then $z$ has mean 0
# and variance
#
# $$\operatorname{Var}(z) = n \, \sigma^2 \, \operatorname{E}[x^2].$$
#
# From layer to layer the variance is multiplied by $n\sigma^2$ (and by what the activation function
# makes of it). Much below 1 the signal dies out with depth, much above 1 it explodes. Gradients go
# the other way, and there the factor is `fan_out` $\cdot\,\sigma^2$.
#
# | method | distribution of the weights | from |
# |---|---|---|
# | `zero` | all 0 | |
# | `small_random` | $N(0,\ 0.01^2)$ | |
# | `xavier` | $N(0,\ 2/(\text{fan\_in} + \text{fan\_out}))$ | Glorot and Bengio 2010 |
# | `he` | $N(0,\ 2/\text{fan\_in})$ | He, Zhang, Ren and Sun 2015 |
#
# $N(\mu, \sigma^2)$ names the variance; a generator of random numbers usually asks for the standard
# deviation.


# %%
def initialize_weights(shape, method):
    """Draw the initial weights of one layer, independently of each other.

        zero           W = 0
        small_random   W ~ N(0, 0.01²)
        xavier         W ~ N(0, 2 / (fan_in + fan_out))
        he             W ~ N(0, 2 / fan_in)

    Args:
        shape: (fan_in, fan_out), the number of inputs and of outputs of the layer.
        method: one of METHODS.

    Returns:
        A float32 tensor of this shape, new random numbers in every call.

    Raises:
        ValueError: the method is unknown.
    """
    # BEGIN SOLUTION p5-init
    fan_in, fan_out = shape
    if method == "zero":
        return torch.zeros(fan_in, fan_out)
    if method == "small_random":
        standard_deviation = 0.01
    elif method == "xavier":
        standard_deviation = math.sqrt(2 / (fan_in + fan_out))
    elif method == "he":
        standard_deviation = math.sqrt(2 / fan_in)
    else:
        raise ValueError(f"unknown method {method!r}, expected one of {METHODS}")
    return standard_deviation * torch.randn(fan_in, fan_out)
    # END SOLUTION


# %% [markdown]
# `torch.nn.Linear` brings random numbers of its own, for weights and biases, and it keeps its
# weights the other way round: `layer.weight` has the shape `(fan_out, fan_in)`.


# %%
def initialize_network(network, method):
    """Overwrite all parameters of a network in place, before training.

    The weights of each nn.Linear in it come from initialize_weights, its biases become zero.

    Args:
        network: an nn.Module that holds nn.Linear layers of any size.
        method: one of METHODS.
    """
    # BEGIN SOLUTION p5-init
    with torch.no_grad():
        for layer in network.modules():
            if isinstance(layer, nn.Linear):
                W = initialize_weights((layer.in_features, layer.out_features), method)
                layer.weight.copy_(W.T)
                layer.bias.zero_()
    # END SOLUTION


# %% [markdown]
# ## B. What comes through, before any training
#
# The network is 784 → 256 → 256 → 256 → 256 → 256 → 10: five hidden layers, each a linear layer
# and an activation function, and a linear layer that gives the 10 logits. Build it, let `batch`
# through, and measure for each of the five hidden layers the mean and the standard deviation of
# the activations, that is of what leaves the activation function, over all images and units.


# %%
def build_network(method, activation):
    """Build the network 784 → 256 → 256 → 256 → 256 → 256 → 10 and initialize it.

    Args:
        method: one of METHODS.
        activation: "tanh" or "relu", the function after each of the five hidden layers.

    Returns:
        An nn.Sequential on DEVICE that takes images (N, 784) and returns logits (N, 10); nothing
        follows its last nn.Linear.
    """
    # BEGIN SOLUTION p5-tanh-statistics
    activation_class = {"tanh": nn.Tanh, "relu": nn.ReLU}[activation]
    modules = []
    fan_in = 28 * 28
    for _ in range(HIDDEN_LAYERS):
        modules += [nn.Linear(fan_in, WIDTH), activation_class()]
        fan_in = WIDTH
    network = nn.Sequential(*modules, nn.Linear(fan_in, 10))
    initialize_network(network, method)
    return network.to(DEVICE)
    # END SOLUTION


# %%
def hidden_activations(network, images):
    """Compute the activations of all hidden layers, without gradients.

    Args:
        network: an nn.Sequential that alternates nn.Linear and an activation function, and ends
            with an nn.Linear, as build_network makes it, of any depth and width.
        images: (N, D), D the inputs of its first layer.

    Returns:
        A list of tensors (N, units), one for each hidden layer, the first layer first.
    """
    # BEGIN SOLUTION p5-tanh-statistics
    activations = []
    x = images
    with torch.no_grad():
        for module in network[:-1]:
            x = module(x)
            if not isinstance(module, nn.Linear):
                activations.append(x)
    return activations
    # END SOLUTION


# %%
def activation_statistics(network, images):
    """Measure the activations of each hidden layer, over all images and all units of the layer.

    Args:
        network: as in hidden_activations.
        images: as in hidden_activations.

    Returns:
        {"mean": [...], "std": [...]}: two lists of floats, one for each hidden layer.
    """
    # BEGIN SOLUTION p5-tanh-statistics
    activations = hidden_activations(network, images)
    return {
        "mean": [layer.mean().item() for layer in activations],
        "std": [layer.std().item() for layer in activations],
    }
    # END SOLUTION


# %%
def print_statistics(statistics):
    """Print the statistics of all methods as a table, one row for each method and number."""
    print(f"{'layer':<20}", *(f"{layer:>8}" for layer in range(1, HIDDEN_LAYERS + 1)))
    for method, numbers in statistics.items():
        for name in ("mean", "std"):
            label = f"{method}, {name}"
            print(f"{label:<20}", *(f"{number:8.4f}" for number in numbers[name]))


# %% [markdown]
# The figure has two subplots, the mean on the left and the standard deviation on the right, both
# against the depth of the layer, 1 to 5. Each has four lines, one for each method; axes have
# labels, and a legend names the methods.


# %%
def plot_statistics(statistics, title):
    """Draw one figure with two subplots: mean and std of the activations against depth.

    Args:
        statistics: {method: what activation_statistics returned} for each of METHODS.
        title: the text above the figure.
    """
    # BEGIN SOLUTION p5-tanh-statistics
    figure, (mean_axes, std_axes) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    depth = range(1, len(statistics["zero"]["mean"]) + 1)
    for number, method in enumerate(METHODS):
        # Thinner and thinner: of lines that lie on each other all can be seen.
        style = {"label": method, "marker": "o", "linewidth": 5 - number}
        mean_axes.plot(depth, statistics[method]["mean"], **style)
        std_axes.plot(depth, statistics[method]["std"], **style)
    for axes, name in ((mean_axes, "mean"), (std_axes, "standard deviation")):
        axes.set(xlabel="hidden layer", ylabel=f"{name} of the activations", xticks=depth)
    handles, labels = mean_axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside right upper")
    figure.suptitle(title)
    plt.show()
    # END SOLUTION


# %% [markdown]
# Now measure and draw: `tanh_statistics` is a dictionary, `{method: activation_statistics(...)}`,
# of fresh tanh networks on `batch`.

# %%
torch.manual_seed(SEED)
# Assign tanh_statistics, and draw it by plot_statistics.
# BEGIN SOLUTION p5-tanh-statistics
tanh_statistics = {
    method: activation_statistics(build_network(method, "tanh"), batch) for method in METHODS
}
plot_statistics(tanh_statistics, "tanh: activations before training")
# END SOLUTION
print_statistics(tanh_statistics)

# %% [markdown]
# **Question.** With which methods do the activations vanish with depth, and how fast? With which do
# they stay stable? Why does Xavier's variance suit tanh and sigmoid? Argue with the formula of part
# A and with your numbers.

# %% [markdown] answer="p5-tanh-analysis"
# *Vanish.* With `zero` every activation is exactly 0 in every layer. With `small_random` the
# standard deviation falls from 0.089 in the first layer to 0.0004 in the fourth and 0.0001 in the
# fifth. tanh is nearly the identity there, so by the formula each layer multiplies it by
# $\sqrt{n}\,\sigma = \sqrt{256} \cdot 0.01 = 0.16$; measured: 0.0142 / 0.0886 = 0.16.
#
# *Stay stable.* With `xavier` the standard deviation goes from 0.36 to 0.27 over five layers. The
# factor is $n\sigma^2 = 256 \cdot 2/512 = 1$, and what little is lost is lost by tanh, which is
# flatter than the identity. With `he` the factor is 2, so the standard deviation rises, from 0.40
# to 0.53, and slowly, because tanh bends more the larger its input is. Further layers would not
# let it grow beyond 1, but units come closer to saturation, where the slope of tanh is small, and
# with it the gradient. The means are near 0 for all methods: tanh is odd and the weights are
# symmetric.
#
# *Why Xavier suits tanh and sigmoid.* Around 0 both are nearly linear: tanh(z) ≈ z and
# sigmoid(z) ≈ 1/2 + z/4. While units stay there, a layer keeps the variance of what goes forward
# if fan_in · σ² = 1, and the variance of the gradients that come back if fan_out · σ² = 1.
# σ² = 2/(fan_in + fan_out) is the compromise between the two. It keeps away from both ends: signals
# do not vanish, and units are not driven into saturation, where tanh and sigmoid have no gradient.
# (The sigmoid has the slope 1/4 at 0, so weights four times as large are used for it.)

# %% [markdown]
# ## C. What it means for training
#
# Train a tanh network from each of the four beginnings: `EPOCHS` epochs of stochastic gradient
# descent, plain, without momentum, with cross-entropy. An epoch visits every training image once,
# in a new random order, in batches of `BATCH_SIZE`.


# %%
def train(network, images, labels, epochs, batch_size, learning_rate):
    """Train a network in place by SGD on the mean cross-entropy of each batch, in nats.

    Args:
        network: an nn.Module from images to logits (N, C).
        images: (N, D).
        labels: (N,) int64, the classes.
        epochs: how many times all images are visited.
        batch_size: images in a step; the last batch of an epoch may be smaller.
        learning_rate: of SGD.

    Returns:
        A list of floats, one for each epoch: the mean loss over its images, each taken when its
        batch is visited, before the step.
    """
    # BEGIN SOLUTION p5-dynamics
    optimizer = torch.optim.SGD(network.parameters(), lr=learning_rate)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for chosen in torch.randperm(len(images)).split(batch_size):
            loss = nn.functional.cross_entropy(network(images[chosen]), labels[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(chosen)
        losses.append(total / len(images))
    return losses
    # END SOLUTION


# %%
def measure_accuracy(network, images, labels):
    """Compute the accuracy of a network in per cent, a float between 0 and 100."""
    # BEGIN SOLUTION p5-dynamics
    with torch.no_grad():
        right = network(images).argmax(dim=1) == labels
    return 100 * right.float().mean().item()
    # END SOLUTION


# %%
def plot_losses(results, title):
    """Draw the loss curves of all methods, loss against epoch, in one figure with a legend.

    Args:
        results: {method: {"losses": [...], ...}} for each of METHODS.
        title: the text above the figure.
    """
    # BEGIN SOLUTION p5-dynamics
    plt.figure(figsize=(7, 4))
    for number, method in enumerate(METHODS):
        losses = results[method]["losses"]
        epochs = range(1, len(losses) + 1)
        plt.plot(epochs, losses, marker="o", linewidth=5 - number, label=method)
    plt.xlabel("epoch")
    plt.ylabel("training loss")
    plt.title(title)
    plt.legend()
    plt.show()
    # END SOLUTION


# %% [markdown]
# Now train. For each method, `tanh_networks[method]` is the trained network, and
# `tanh_results[method]` is `{"losses": ..., "accuracy": ...}`: what `train` returned, and the
# accuracy on the test images in per cent.


# %%
def train_all(activation):
    """Build, train and test a network for each of METHODS.

    Returns:
        ({method: network}, {method: {"losses": list of floats, "accuracy": in per cent}})
    """
    # BEGIN SOLUTION p5-dynamics
    networks, results = {}, {}
    for method in METHODS:
        network = build_network(method, activation)
        losses = train(network, train_images, train_labels, EPOCHS, BATCH_SIZE, LEARNING_RATE)
        accuracy = measure_accuracy(network, test_images, test_labels)
        networks[method] = network
        results[method] = {"losses": losses, "accuracy": accuracy}
        print(f"{activation}, {method:<12} loss {losses[-1]:.4f}, test accuracy {accuracy:.2f} %")
    return networks, results
    # END SOLUTION


# %%
torch.manual_seed(SEED)
# Assign tanh_networks and tanh_results, and draw the losses by plot_losses.
# BEGIN SOLUTION p5-dynamics
tanh_networks, tanh_results = train_all("tanh")
plot_losses(tanh_results, "tanh: training loss")
# END SOLUTION

# %% [markdown]
# Run the next cell as it is. It writes what you have found to `claims/`, which you hand in: the
# numbers of all four runs with their batch size and learning rate, and the weights of all four
# networks, in half precision. The grader computes the accuracies from these weights.


# %%
def state_numbers(name, results, networks):
    """Write the results and the weights of all methods to claims/."""
    weights = {
        f"{method}.{key}": value.half().cpu().numpy()
        for method in METHODS
        for key, value in networks[method].state_dict().items()
    }
    accuracy = {method: results[method]["accuracy"] for method in METHODS}
    losses = {method: results[method]["losses"] for method in METHODS}
    save_claims(
        name,
        weights,
        data=dataset,
        accuracy=accuracy,
        losses=losses,
        batch_size=BATCH_SIZE,
        learning_rate=LEARNING_RATE,
    )


state_numbers("p5_tanh", tanh_results, tanh_networks)

# %% check="p5-dynamics"

# %% [markdown]
# ## D. The same with ReLU
#
# ReLU(z) = max(0, z) lets half of a symmetric distribution through and makes 0 of the other half.
# Repeat B and C with it: `relu_statistics` and its figure, then `relu_networks`, `relu_results` and
# their loss curves.

# %%
torch.manual_seed(SEED)
# Assign relu_statistics, and draw it.
# BEGIN SOLUTION p5-relu
relu_statistics = {
    method: activation_statistics(build_network(method, "relu"), batch) for method in METHODS
}
plot_statistics(relu_statistics, "ReLU: activations before training")
# END SOLUTION
print_statistics(relu_statistics)

# %%
torch.manual_seed(SEED)
# Assign relu_networks and relu_results, and draw the losses.
# BEGIN SOLUTION p5-relu
relu_networks, relu_results = train_all("relu")
plot_losses(relu_results, "ReLU: training loss")
# END SOLUTION

# %% [markdown]
# Run this cell as it is; it writes the same for the ReLU networks.

# %%
state_numbers("p5_relu", relu_results, relu_networks)

# %% check="p5-relu"

# %% [markdown]
# **Question.** In 4-5 sentences: how do the statistics differ from those of tanh, and why does He's
# variance suit ReLU? Add a table that says which initialisation belongs to which activation
# function (tanh, sigmoid, ReLU), with a reason for each.

# %% [markdown] answer="p5-relu-analysis"
# ReLU lets only positive values through, so the means are positive and not near 0 as with tanh,
# and nothing bounds the activations. Half of a symmetric distribution becomes 0, which halves the
# mean square in every layer: with `xavier` (256 · 2/512 = 1) the standard deviation falls from 0.24
# to 0.05 over five layers, by about 1/√2 a layer, where with tanh it stayed near 0.3. He's variance
# 2/fan_in makes up for that half by its factor 2: the standard deviation stays between 0.27 and
# 0.28, and the mean between 0.17 and 0.19. `zero` and `small_random` vanish as before, the latter
# faster (by 0.16/√2 = 0.11 a layer), and their networks never leave 11.35 %. Five layers are few
# enough that `xavier` still trains with ReLU (97.62 %, He 97.97 %), but its first epoch is slower,
# and with more layers its signal would vanish.
#
# | activation | initialisation | reason |
# |---|---|---|
# | tanh | Xavier | linear around 0: keeps the variance both ways |
# | sigmoid | Xavier, with a gain of 4 | as tanh, but with a slope of 1/4 at 0 |
# | ReLU | He | makes up for the half of the values that ReLU sets to 0 |
