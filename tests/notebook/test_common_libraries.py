"""Libraries that students often use work where notebooks are graded."""

from importlib.util import find_spec

import pytest

CELLS = {
    "pandas": [
        "import pandas as pd\ntable = pd.DataFrame({'a': [1, 2, 3], 'b': ['x', 'y', 'x']})",
        "table.to_csv('table.csv', index=False)\nagain = pd.read_csv('table.csv')\nagain.head()",
        "value = float(again.groupby('b')['a'].sum()['x'])",
    ],
    "seaborn": [
        "import seaborn as sns\nimport matplotlib.pyplot as plt\nimport numpy as np",
        "sns.set_theme()\nax = sns.heatmap(np.eye(3), annot=True, fmt='.0f')\nax.set_title('map')",
        "plt.show()\nsns.histplot(np.arange(9.0))\nplt.show()\nvalue = 4.0",
    ],
    "scipy": [
        "from scipy import stats, optimize, special\nimport scipy.signal",
        "value = float(optimize.brentq(lambda x: x - 4, 0, 9))\nstats.norm.ppf(0.5)",
    ],
    "tqdm": [
        "from tqdm import tqdm\nfrom tqdm.auto import trange",
        "value = float(sum(tqdm([1, 2]))) + sum(1 for i in trange(1))",
    ],
    "plotly": [
        "import plotly.express as px\nimport plotly.graph_objects as go",
        "figure = go.Figure(go.Scatter(x=[1, 2], y=[3, 4]))\nfigure.show()\nfigure",
        "px.line(x=[1, 2], y=[3, 4])\nvalue = float(figure.data[0].y[1])",
    ],
    "sklearn": [
        "from sklearn.linear_model import LogisticRegression\nimport numpy as np",
        "model = LogisticRegression().fit(np.array([[0.0], [4.0]]), [0, 4])",
        "value = float(model.predict([[9.0]])[0])",
    ],
    "PIL": [
        "from PIL import Image\nimage = Image.new('RGB', (4, 4))\nimage.save('a.png')",
        "value = float(Image.open('a.png').size[0])",
    ],
}


@pytest.mark.parametrize("library", CELLS)
def test_it_works(hand_in, library):
    if find_spec(library) is None:
        pytest.skip(f"{library} is not installed")
    student = hand_in(*CELLS[library], cell_timeout_s=300.0, timeout_s=600.0)
    assert [failure.error.message for failure in student.failures("analysis")] == []
    assert student.analysis.value == 4


def test_a_heat_map_of_seaborn_is_read_as_one(hand_in):
    if find_spec("seaborn") is None:
        pytest.skip("seaborn is not installed")
    student = hand_in(*CELLS["seaborn"], cell_timeout_s=300.0, timeout_s=600.0)
    assert student.figures("analysis").heat_map((3, 3), "the map").data["title"] == "map"
