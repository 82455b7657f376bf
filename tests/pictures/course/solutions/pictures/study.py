# %% [markdown]
# # Pictures
# %%
from medmnist import BloodMNIST
from sklearn.datasets import load_digits
from torch.utils.data import random_split
from torchvision import datasets, transforms

# %%
# BEGIN SOLUTION d1-study
to_tensor = transforms.ToTensor()
digits = datasets.MNIST("/content/data", train=True, download=True, transform=to_tensor)
train, validation = random_split(digits, [48_000, 12_000])
objects = datasets.CIFAR10(root="data", train=False, transform=to_tensor)
cells = BloodMNIST(split="val", download=True)
shapes = [tuple(train[0][0].shape), tuple(objects[0][0].shape), cells[0][0].size]
names = objects.classes
small_digits = load_digits().images.shape
# END SOLUTION
