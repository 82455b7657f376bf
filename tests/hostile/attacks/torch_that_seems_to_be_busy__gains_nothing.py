"""A PyTorch of the notebook's own says that a graphics card is in use, or raises when asked.

Form: notebook
Earns: 4
Class: 12 16
"""

# %%
import sys
import types


class Cuda:
    asked = 0

    def is_initialized(self):
        Cuda.asked += 1
        if Cuda.asked > 2:
            raise RuntimeError("no such card")
        return Cuda.asked > 1


class Tensor:
    pass


torch = types.ModuleType("torch")
torch.cuda = Cuda()
torch.Tensor = Tensor
sys.modules["torch"] = torch
