"""Implied volatility by unrolled Newton steps on the Black-Scholes call price.
Differentiating the whole solver gives d(sigma)/d(market price) = 1/vega."""

import math

from gradgraph import Value


def norm_pdf(x):
    return (-(x * x) / 2).exp() / math.sqrt(2 * math.pi)


def norm_cdf(x):
    # logistic approximation, good to about 1e-4
    return (1.5976 * x + 0.07056 * x**3).sigmoid()


def call_and_vega(S, K, r, T, sigma):
    sqrt_T = T**0.5
    d1 = ((S / K).log() + (r + sigma**2 / 2) * T) / (sigma * sqrt_T)
    d2 = d1 - sigma * sqrt_T
    price = S * norm_cdf(d1) - K * (-r * T).exp() * norm_cdf(d2)
    vega = S * norm_pdf(d1) * sqrt_T
    return price, vega


def make():
    S = Value(100.0, label="S")
    K = Value(105.0, label="K")
    r = Value(0.03, label="r")
    T = Value(0.5, label="T")
    market = Value(6.20, label="market price")

    sigma = Value(0.40, label="sigma0")
    for i in range(6):
        price, vega = call_and_vega(S, K, r, T, sigma)
        sigma = sigma - (price - market) / vega
        sigma.label = f"sigma{i + 1}"
    sigma.backward()
    return sigma
