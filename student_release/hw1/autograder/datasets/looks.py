"""Describe the appearance and number of the cells of each class; cells.py draws them."""

from dataclasses import dataclass

CLASSES = (
    "basophil",
    "eosinophil",
    "erythroblast",
    "immature granulocyte",
    "lymphocyte",
    "monocyte",
    "neutrophil",
    "platelet",
)
# Images of each class in BloodMNIST's splits.
COUNTS = {
    "train": (852, 2181, 1085, 2026, 849, 993, 2330, 1643),
    "validation": (122, 312, 155, 290, 122, 143, 333, 235),
    "test": (244, 624, 311, 579, 243, 284, 666, 470),
}


@dataclass(frozen=True)
class Look:
    """The appearance of a class's cells; lengths in half image sides, colours from 0 to 1.

    Numbers given as `(mean, spread)` vary from cell to cell.
    """

    cell_radius: tuple[float, float]
    cytoplasm: tuple[float, float, float]
    nucleus: tuple[float, float, float]
    lobes: tuple[int, int]  # fewest and most
    lobe_radius: tuple[float, float]
    lobe_distance: tuple[float, float]  # from the cell's centre
    lobe_turn: tuple[float, float]  # tangent of half the angle between neighbours
    granules: tuple[float, float, float]  # their colour
    granule_strength: tuple[float, float]
    granules_cover_nucleus: float


LOOKS = {
    "basophil": Look(
        cell_radius=(0.66, 0.05), cytoplasm=(0.62, 0.40, 0.64), nucleus=(0.40, 0.20, 0.53),
        lobes=(2, 3), lobe_radius=(0.30, 0.04), lobe_distance=(0.19, 0.05), lobe_turn=(0.75, 0.20),
        granules=(0.28, 0.12, 0.42), granule_strength=(0.75, 0.20), granules_cover_nucleus=0.8,
    ),
    "eosinophil": Look(
        cell_radius=(0.71, 0.05), cytoplasm=(0.91, 0.58, 0.57), nucleus=(0.45, 0.22, 0.56),
        lobes=(2, 3), lobe_radius=(0.26, 0.03), lobe_distance=(0.29, 0.05), lobe_turn=(0.85, 0.20),
        granules=(0.86, 0.38, 0.38), granule_strength=(0.70, 0.20), granules_cover_nucleus=0.1,
    ),
    "erythroblast": Look(
        cell_radius=(0.48, 0.06), cytoplasm=(0.74, 0.56, 0.70), nucleus=(0.28, 0.10, 0.40),
        lobes=(1, 1), lobe_radius=(0.31, 0.05), lobe_distance=(0.05, 0.03), lobe_turn=(0.50, 0.10),
        granules=(0.60, 0.40, 0.60), granule_strength=(0.10, 0.08), granules_cover_nucleus=0.0,
    ),
    "immature granulocyte": Look(
        cell_radius=(0.79, 0.06), cytoplasm=(0.74, 0.52, 0.72), nucleus=(0.50, 0.24, 0.60),
        lobes=(1, 2), lobe_radius=(0.42, 0.06), lobe_distance=(0.17, 0.06), lobe_turn=(0.38, 0.15),
        granules=(0.60, 0.28, 0.60), granule_strength=(0.35, 0.20), granules_cover_nucleus=0.3,
    ),
    "lymphocyte": Look(
        cell_radius=(0.55, 0.06), cytoplasm=(0.66, 0.60, 0.80), nucleus=(0.40, 0.18, 0.55),
        lobes=(1, 1), lobe_radius=(0.44, 0.05), lobe_distance=(0.06, 0.03), lobe_turn=(0.40, 0.10),
        granules=(0.55, 0.38, 0.66), granule_strength=(0.12, 0.10), granules_cover_nucleus=0.0,
    ),
    "monocyte": Look(
        cell_radius=(0.82, 0.06), cytoplasm=(0.66, 0.55, 0.72), nucleus=(0.48, 0.28, 0.60),
        lobes=(2, 4), lobe_radius=(0.33, 0.05), lobe_distance=(0.27, 0.06), lobe_turn=(0.42, 0.12),
        granules=(0.60, 0.48, 0.68), granule_strength=(0.20, 0.12), granules_cover_nucleus=0.0,
    ),
    "neutrophil": Look(
        cell_radius=(0.69, 0.05), cytoplasm=(0.92, 0.71, 0.74), nucleus=(0.42, 0.18, 0.55),
        lobes=(3, 5), lobe_radius=(0.20, 0.03), lobe_distance=(0.31, 0.05), lobe_turn=(0.60, 0.15),
        granules=(0.78, 0.45, 0.62), granule_strength=(0.30, 0.15), granules_cover_nucleus=0.1,
    ),
    "platelet": Look(
        cell_radius=(0.25, 0.06), cytoplasm=(0.76, 0.52, 0.74), nucleus=(0.58, 0.32, 0.66),
        lobes=(1, 1), lobe_radius=(0.08, 0.03), lobe_distance=(0.04, 0.03), lobe_turn=(0.40, 0.10),
        granules=(0.52, 0.24, 0.60), granule_strength=(0.45, 0.20), granules_cover_nucleus=0.5,
    ),
}  # fmt: skip
# Cells lie between classes: each resembles another class more or less. For each class, the other
# classes and the maximum step towards them.
BETWEEN = {
    "basophil": (("immature granulocyte", "lymphocyte"), 0.3),
    "eosinophil": (("neutrophil", "immature granulocyte"), 0.7),
    "erythroblast": (("lymphocyte", "neutrophil"), 0.6),
    "immature granulocyte": (("neutrophil",) * 3 + ("monocyte",) * 2 + ("basophil",), 1.3),
    "lymphocyte": (("erythroblast", "monocyte", "immature granulocyte"), 0.5),
    "monocyte": (("immature granulocyte", "immature granulocyte", "lymphocyte"), 0.6),
    "neutrophil": (("immature granulocyte", "eosinophil"), 0.4),
    "platelet": (("erythroblast",), 0.5),
}
