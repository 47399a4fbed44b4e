"""Layers of neural networks, forward, in single precision; images are (batch, height, width, channels)."""

import numpy as np
from texts.networks import softmax

from .kernel import Kernel, random_single


def relu(x):
    return np.maximum(x, 0)


def conv2d(input, weights):
    K = weights.shape[0]
    N = input.shape[0]
    H_out = input.shape[1] - K + 1
    W_out = input.shape[2] - K + 1
    output = np.empty((N, H_out, W_out, weights.shape[3]), dtype=np.float32)
    for i in range(H_out):
        for j in range(W_out):
            output[:, i, j, :] = np.sum(input[:, i:i + K, j:j + K, :, np.newaxis] * weights[np.newaxis, :, :, :],
                                        axis=(1, 2, 3))
    return output


def maxpool2d(x):
    output = np.empty([x.shape[0], x.shape[1] // 2, x.shape[2] // 2, x.shape[3]], dtype=x.dtype)
    for i in range(x.shape[1] // 2):
        for j in range(x.shape[2] // 2):
            output[:, i, j, :] = np.max(x[:, 2 * i:2 * i + 2, 2 * j:2 * j + 2, :], axis=(1, 2))
    return output


def batchnorm2d(x, eps=1e-5):
    mean = np.mean(x, axis=0, keepdims=True)
    std = np.std(x, axis=0, keepdims=True)
    return (x - mean) / np.sqrt(std + eps)


def softmax_last(x):
    shifted = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return shifted / np.sum(shifted, axis=-1, keepdims=True)


def conv2d_bias(input, weights, bias):
    return conv2d(input, weights) + bias


def lenet(input, conv1, conv1bias, conv2, conv2bias, fc1w, fc1b, fc2w, fc2b, fc3w, fc3b, N, C_before_fc1):
    x = relu(conv2d(input, conv1) + conv1bias)
    x = maxpool2d(x)
    x = relu(conv2d(x, conv2) + conv2bias)
    x = maxpool2d(x)
    x = np.reshape(x, (N, C_before_fc1))
    x = relu(x @ fc1w + fc1b)
    x = relu(x @ fc2w + fc2b)
    return x @ fc3w + fc3b


def resnet(input, conv1, conv2, conv3):
    padded = np.zeros((input.shape[0], input.shape[1] + 2, input.shape[2] + 2, conv1.shape[3]))
    padded[:, 1:-1, 1:-1, :] = conv2d(input, conv1)
    x = batchnorm2d(padded)
    x = relu(x)
    x = conv2d(x, conv2)
    x = batchnorm2d(x)
    x = relu(x)
    x = conv2d(x, conv3)
    x = batchnorm2d(x)
    return relu(x + input)


def mlp(input, w1, b1, w2, b2, w3, b3):
    x = relu(input @ w1 + b1)
    x = relu(x @ w2 + b2)
    x = softmax_last(x @ w3 + b3)
    return x


def _conv2d_bias(rng, N, C_in, C_out, K, H, W):
    return random_single(rng, N, H, W, C_in), random_single(rng, K, K, C_in, C_out), random_single(rng, C_out)


def _lenet(rng, N, H, W):
    before = 16 * (((H - 4) // 2 - 4) // 2) * (((W - 4) // 2 - 4) // 2)
    shapes = ((N, H, W, 1), (5, 5, 1, 6), (6, ), (5, 5, 6, 16), (16, ), (before, 120), (120, ), (120, 84), (84, ),
              (84, 10), (10, ))
    return *(random_single(rng, *shape) for shape in shapes), N, before


def _resnet(rng, N, W, H, C1, C2):
    return (random_single(rng, N, H, W, C1), random_single(rng, 1, 1, C1, C2), random_single(rng, 3, 3, C2, C2),
            random_single(rng, 1, 1, C2, C1))


def _mlp(rng, C_in, N, S0, S1, S2):
    shapes = ((N, C_in), (C_in, S0), (S0, ), (S0, S1), (S1, ), (S1, S2), (S2, ))
    return tuple(random_single(rng, *shape) for shape in shapes)


KERNELS = [
    Kernel(conv2d_bias, _conv2d_bias, lambda a: a[1].size),
    Kernel(lenet, _lenet, lambda a: a[1].size + a[3].size + a[5].shape[0]),
    Kernel(resnet, _resnet, lambda a: 64 * a[2].size),
    Kernel(mlp, _mlp, lambda a: 4 * a[1].shape[1]),
    Kernel(softmax, lambda rng, N, H, SM: (random_single(rng, N, H, SM, SM), ), lambda a: a[0].shape[-1]),
]
