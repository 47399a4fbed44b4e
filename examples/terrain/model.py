"""Rain on a terrain: water runs downhill into the valley lines. Plain NumPy; Thalweg compiles the same text.

A diffusive-wave model on a regular grid. Between two neighbouring cells water flows toward the lower surface with
Chezy's law, q = C d sqrt(d S): d is the depth on the upstream side, S the slope of the water surface. A cell never
gives away more than a quarter of its water through one face in a step. Only + - * /, sqrt, minimum, maximum and where
are used, all of them exactly defined, so every implementation has to give the same bits.
"""

import numpy as np

import thalweg


@thalweg.program
def runoff(ground, water, runoff_total, rain, soak, chezy, cell, dt, steps):
    """Advances `water` (depth, m) by `steps` steps in place and adds up what flows through each cell.

    ground, water, runoff_total: float64[rows, columns]; rain, soak: m/s; chezy: m^0.5/s; cell: m; dt: s.
    Returns the flow through the east and south faces of the last step, m^2/s.
    """
    rows, columns = ground.shape
    east = np.zeros((rows, columns + 1))
    south = np.zeros((rows + 1, columns))
    for step in range(steps):
        surface = ground + water

        fall = surface[:, :-1] - surface[:, 1:]
        depth = np.where(fall > 0, water[:, :-1], water[:, 1:])
        speed = chezy * np.sqrt(depth * np.maximum(fall, -fall) / cell)
        flow = np.minimum(depth * speed, depth * cell / (4 * dt))
        east[:, 1:-1] = np.where(fall > 0, flow, -flow)

        fall = surface[:-1, :] - surface[1:, :]
        depth = np.where(fall > 0, water[:-1, :], water[1:, :])
        speed = chezy * np.sqrt(depth * np.maximum(fall, -fall) / cell)
        flow = np.minimum(depth * speed, depth * cell / (4 * dt))
        south[1:-1, :] = np.where(fall > 0, flow, -flow)

        gain = (east[:, :-1] - east[:, 1:] + south[:-1, :] - south[1:, :]) / cell
        wet = np.maximum(water + dt * (gain + rain), 0.0)
        water[:] = wet - np.minimum(wet, soak * dt)

        through_x = 0.5 * (east[:, :-1] + east[:, 1:])
        through_y = 0.5 * (south[:-1, :] + south[1:, :])
        runoff_total += dt * np.sqrt(through_x * through_x + through_y * through_y)
    return east, south
