"""The picture of the main job: water over hillshade, valley lines, speed-up bars."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LightSource, LogNorm


def draw(ground, cell, fields, rows, path):
    """ground: m, float64[rows, columns]; fields: water depth, runoff total, ...; rows: (name, first call, seconds)."""
    water, total = fields[0], fields[1]
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 6.5), width_ratios=(2.7, 1), layout="constrained")
    kilometres = cell / 1000
    extent = (0, ground.shape[1] * kilometres, ground.shape[0] * kilometres, 0)
    shade = LightSource(azdeg=315, altdeg=40).hillshade(ground, vert_exag=3, dx=cell, dy=cell)
    left.imshow(shade, cmap="gray", extent=extent, vmin=-0.2, vmax=1.1)
    depth = np.ma.masked_less(water, 0.02)
    image = left.imshow(depth, cmap="Blues", norm=LogNorm(0.02, max(0.1, float(water.max()))), extent=extent, alpha=0.85)
    # The more water has run through a cell, the stronger its red: trunks stand out, their branches fade.
    strongest = np.quantile(total, 0.99)
    weakest = np.quantile(total, 0.90)
    strength = np.clip(np.log(np.maximum(total, weakest) / weakest) / np.log(strongest / weakest), 0, 1)
    left.imshow(np.full_like(total, 0.85), cmap="Reds", vmin=0, vmax=1, alpha=strength, extent=extent)
    figure.colorbar(image, ax=left, label="water depth (m)", shrink=0.7)
    left.set_title("Rain on the Jacksboro fault: water (blue), valley lines (red, top 10 % of runoff)")
    left.set_xlabel("km")
    left.set_ylabel("km")
    left.set_anchor("W")

    names = [name for name, _, _ in rows]
    factors = [rows[0][2] / seconds for _, _, seconds in rows]
    colours = ["tab:gray" if not name.startswith("Thalweg") else "tab:blue" for name in names]
    bars = right.bar(names, factors, color=colours)
    right.bar_label(bars, [f"{factor:.1f} x" for factor in factors])
    right.set_title("times NumPy's speed")
    right.set_xticks(range(len(names)), names, rotation=30, ha="right")
    right.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=110)
    plt.close(figure)
