"""Three bodies in the plane, leapfrog integration for 20 steps.
Outputs: the final x, y of body 0 and the total energy at the end."""

from gradgraph import Value

G, DT, STEPS, SOFT = 1.0, 0.02, 20, 0.01


def accelerations(m, pos):
    n = len(m)
    acc = [[0.0, 0.0] for _ in range(n)]
    for i in range(n):
        for j in range(n):
            if i == j:
                continue
            dx = pos[j][0] - pos[i][0]
            dy = pos[j][1] - pos[i][1]
            inv3 = (dx * dx + dy * dy + SOFT) ** -1.5
            acc[i][0] = acc[i][0] + G * m[j] * dx * inv3
            acc[i][1] = acc[i][1] + G * m[j] * dy * inv3
    return acc


def energy(m, pos, vel):
    e = 0.0
    for i in range(len(m)):
        e = e + 0.5 * m[i] * (vel[i][0] ** 2 + vel[i][1] ** 2)
        for j in range(i):
            r2 = (pos[i][0] - pos[j][0]) ** 2 + (pos[i][1] - pos[j][1]) ** 2 + SOFT
            e = e - G * m[i] * m[j] * r2**-0.5
    return e


def make():
    m = [Value(1.0, label="m0"), Value(0.8, label="m1"), Value(0.5, label="m2")]
    pos = [[Value(p), Value(q)] for p, q in [(1.0, 0.0), (-0.7, 0.4), (0.1, -0.9)]]
    vel = [[Value(p), Value(q)] for p, q in [(0.0, 0.6), (-0.3, -0.5), (0.5, 0.1)]]

    acc = accelerations(m, pos)
    for _ in range(STEPS):
        for i in range(3):
            for d in range(2):
                vel[i][d] = vel[i][d] + acc[i][d] * (DT / 2)  # half kick
                pos[i][d] = pos[i][d] + vel[i][d] * DT  # drift
        acc = accelerations(m, pos)
        for i in range(3):
            for d in range(2):
                vel[i][d] = vel[i][d] + acc[i][d] * (DT / 2)  # half kick

    e = energy(m, pos, vel)
    x, y = pos[0]
    x.label, y.label, e.label = "final x", "final y", "energy"
    for out in (x, y, e):
        out.backward()
    return x, y, e
