"""Gravity between bodies, electrons scattered by a lattice, distances on a sphere."""

import numpy as np

from .kernel import Kernel, random_complex


def acceleration(pos, mass, G, softening):
    x = pos[:, 0:1]
    y = pos[:, 1:2]
    z = pos[:, 2:3]
    dx = x.T - x
    dy = y.T - y
    dz = z.T - z
    inv_r3 = dx**2 + dy**2 + dz**2 + softening**2
    inv_r3[inv_r3 > 0] = inv_r3[inv_r3 > 0]**(-1.5)
    ax = G * (dx * inv_r3) @ mass
    ay = G * (dy * inv_r3) @ mass
    az = G * (dz * inv_r3) @ mass
    return np.hstack((ax, ay, az))


def energy(pos, vel, mass, G):
    KE = 0.5 * np.sum(np.sum(mass * vel**2))
    x = pos[:, 0:1]
    y = pos[:, 1:2]
    z = pos[:, 2:3]
    dx = x.T - x
    dy = y.T - y
    dz = z.T - z
    inv_r = np.sqrt(dx**2 + dy**2 + dz**2)
    inv_r[inv_r > 0] = 1.0 / inv_r[inv_r > 0]
    PE = G * np.sum(np.sum(np.triu(-(mass * mass.T) * inv_r, 1)))
    return KE, PE


def nbody(mass, pos, vel, N, Nt, dt, G, softening):
    vel -= np.mean(mass * vel, axis=0) / np.mean(mass)
    acc = acceleration(pos, mass, G, softening)
    KE = np.ndarray(Nt + 1, dtype=np.float64)
    PE = np.ndarray(Nt + 1, dtype=np.float64)
    KE[0], PE[0] = energy(pos, vel, mass, G)
    t = 0.0
    for i in range(Nt):
        vel += acc * dt / 2.0
        pos += vel * dt
        acc = acceleration(pos, mass, G, softening)
        vel += acc * dt / 2.0
        t += dt
        KE[i + 1], PE[i + 1] = energy(pos, vel, mass, G)
    return KE, PE


def scattering_self_energies(neigh_idx, dH, G, D, Sigma):
    for k in range(G.shape[0]):
        for E in range(G.shape[1]):
            for q in range(D.shape[0]):
                for w in range(D.shape[1]):
                    for i in range(D.shape[-2]):
                        for j in range(D.shape[-1]):
                            for a in range(neigh_idx.shape[0]):
                                for b in range(neigh_idx.shape[1]):
                                    if E - w >= 0:
                                        dHG = G[k, E - w, neigh_idx[a, b]] @ dH[a, b, i]
                                        dHD = dH[a, b, j] * D[q, w, a, b, i, j]
                                        Sigma[k, E, a] += dHG @ dHD


def arc_distance(theta_1, phi_1, theta_2, phi_2):
    temp = np.sin((theta_2 - theta_1) / 2)**2 + np.cos(theta_1) * np.cos(theta_2) * np.sin((phi_2 - phi_1) / 2)**2
    return 2 * np.arctan2(np.sqrt(temp), np.sqrt(1 - temp))


def _nbody(rng, N, tEnd, dt, softening, G):
    return (20.0 * np.ones((N, 1)) / N, rng.random((N, 3)), rng.random((N, 3)), N, int(np.ceil(tEnd / dt)), dt, G,
            softening)


def _scattering_self_energies(rng, Nkz, NE, Nqz, Nw, N3D, NA, NB, Norb):
    neighbours = (np.arange(NA)[:, None] - NB // 2 + np.arange(NB)[None, :]) % NA
    return (neighbours.astype(np.int32), random_complex(rng, NA, NB, N3D, Norb, Norb),
            random_complex(rng, Nkz, NE, NA, Norb, Norb), random_complex(rng, Nqz, Nw, NA, NB, N3D, N3D),
            np.zeros((Nkz, NE, NA, Norb, Norb), dtype=np.complex128))


KERNELS = [
    Kernel(nbody, _nbody, lambda a: a[3], amplifies=True),
    Kernel(scattering_self_energies, _scattering_self_energies, lambda a: a[1].size * a[3].size),
    Kernel(arc_distance, lambda rng, N: tuple(rng.random(N) for _ in range(4)), lambda a: 16),
]
