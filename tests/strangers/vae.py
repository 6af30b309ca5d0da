"""Variational autoencoder, negative ELBO on a batch of 4 binary 4x4 images
(two horizontal, two vertical bars). Latent size 2, hidden 8."""

import random

from gradgraph import Value, named_scope

PIX, HID, LAT = 16, 8, 2
rng = None


class Linear:
    def __init__(self, name, n_in, n_out):
        s = n_in**-0.5
        self.w = [[Value(rng.uniform(-s, s), label=f"{name}.w[{o}][{i}]") for i in range(n_in)] for o in range(n_out)]
        self.b = [Value(0.0, label=f"{name}.b[{o}]") for o in range(n_out)]

    def __call__(self, x):
        out = []
        for row, b in zip(self.w, self.b):
            acc = b
            for wi, xi in zip(row, x):
                acc = acc + wi * xi
            out.append(acc)
        return out


def make():
    global rng
    rng = random.Random(1312)
    enc, mu_head, lv_head = (Linear("enc", PIX, HID), Linear("mu", HID, LAT), Linear("logvar", HID, LAT))
    dec1, dec2 = Linear("dec1", LAT, HID), Linear("dec2", HID, PIX)
    images = [
        [1.0 if r == 1 else 0.0 for r in range(4) for c in range(4)],
        [1.0 if r == 3 else 0.0 for r in range(4) for c in range(4)],
        [1.0 if c == 0 else 0.0 for r in range(4) for c in range(4)],
        [1.0 if c == 2 else 0.0 for r in range(4) for c in range(4)],
    ]

    total_rec, total_kl = Value(0.0), Value(0.0)
    for n, img in enumerate(images):
        x = [Value(p, label=f"x{n}[{i}]") for i, p in enumerate(img)]
        with named_scope("encoder"):
            h = [v.tanh() for v in enc(x)]
            mu, logvar = mu_head(h), lv_head(h)
        with named_scope("reparameterise"):
            z = [m + (lv * 0.5).exp() * Value(rng.gauss(0, 1), label="eps") for m, lv in zip(mu, logvar)]
        with named_scope("decoder"):
            p = [v.sigmoid() for v in dec2([v.tanh() for v in dec1(z)])]
        with named_scope("reconstruction"):
            for pi, t in zip(p, img):
                total_rec = total_rec - (pi.log() if t else (1 - pi).log())
        with named_scope("KL"):
            for m, lv in zip(mu, logvar):
                total_kl = total_kl - 0.5 * (1 + lv - m**2 - lv.exp())
    total_rec.label, total_kl.label = "reconstruction", "KL"
    loss = (total_rec + total_kl) / len(images)
    loss.label = "-ELBO"
    loss.backward()
    return loss
