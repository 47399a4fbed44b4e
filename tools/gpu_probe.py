"""Runs the kernels of probe 8 (the terrain step as PTX, made by the in-process clang) on an NVIDIA GPU against NumPy.

    THALWEG_KEEP_KERNELS=DIR build/tests/cpp/test_probes --gtest_filter='Cuda.*'     where Thalweg is built
    python tools/gpu_probe.py DIR                                                     where the GPU is

Needs NumPy and the driver's libcuda.so.1; no CUDA toolkit. Prints whether every field has NumPy's bits, and the time of a
step beside the bytes that it must move.
"""

import ctypes
import re
import sys
from pathlib import Path

import numpy as np

CUDA = ctypes.CDLL("libcuda.so.1")


def check(status, what):
    if status != 0:
        text = ctypes.c_char_p()
        CUDA.cuGetErrorString(status, ctypes.byref(text))
        raise SystemExit(f"{what}: {text.value}")


def call(name, *arguments):
    check(getattr(CUDA, name)(*arguments), name)


class Device:
    """A context, a module of PTX and buffers by name."""

    def __init__(self, ptx):
        device, context = ctypes.c_int(), ctypes.c_void_p()
        call("cuInit", 0)
        call("cuDeviceGet", ctypes.byref(device), 0)
        call("cuDevicePrimaryCtxRetain", ctypes.byref(context), device)
        call("cuCtxSetCurrent", context)
        name = ctypes.create_string_buffer(128)
        call("cuDeviceGetName", name, 128, device)
        self.name = name.value.decode()
        self.module, self.buffers = ctypes.c_void_p(), {}
        call("cuModuleLoadData", ctypes.byref(self.module), ptx + b"\0")

    def put(self, name, array):
        pointer = ctypes.c_uint64()
        call("cuMemAlloc_v2", ctypes.byref(pointer), ctypes.c_size_t(array.nbytes))
        call("cuMemcpyHtoD_v2", pointer, ctypes.c_void_p(array.ctypes.data), ctypes.c_size_t(array.nbytes))
        self.buffers[name] = pointer

    def get(self, name, like):
        out = np.empty_like(like)
        call("cuMemcpyDtoH_v2", ctypes.c_void_p(out.ctypes.data), self.buffers[name], ctypes.c_size_t(out.nbytes))
        return out

    def launch(self, kernel, parameters, symbols, height, width):
        function = ctypes.c_void_p()
        call("cuModuleGetFunction", ctypes.byref(function), self.module, kernel.encode())
        values = [self.buffers.get(name) or ctypes.c_int64(symbols[name]) for name in parameters]
        pointers = (ctypes.c_void_p * len(values))(*[ctypes.addressof(value) for value in values])
        call("cuLaunchKernel", function, -(-width // 32), -(-height // 8), 1, 32, 8, 1, 0, None, pointers, None)

    def milliseconds(self, work, repeats):
        start, end, spent = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_float()
        call("cuEventCreate", ctypes.byref(start), 0)
        call("cuEventCreate", ctypes.byref(end), 0)
        call("cuEventRecord", start, None)
        for _ in range(repeats):
            work()
        call("cuEventRecord", end, None)
        call("cuEventSynchronize", end)
        call("cuEventElapsedTime", ctypes.byref(spent), start, end)
        return spent.value / repeats


def numpy_step(z, h, flow, following):
    head = (z[:, :-1] + h[:, :-1]) - (z[:, 1:] + h[:, 1:])
    flow[:, 1:] = np.copysign(np.minimum(0.25 * np.maximum(h[:, :-1], h[:, 1:]), np.sqrt(np.abs(head))), head)
    inside = h[:, 1:-1]
    moved = np.maximum(inside + 0.5 * (flow[:, 1:-1] - flow[:, 2:]), 0.0)
    following[:, 1:-1] = np.where(inside > 0.001, moved, 0.0)


def main(folder):
    text = (folder / "terrain_step.c").read_text()
    kernels = [(match[1], [part.split()[-1].lstrip("*") for part in match[2].split(",")])
               for match in re.finditer(r"void (nest_\d+)\(([^)]*)\)", text)]
    device = Device((folder / "terrain_step.ptx").read_bytes())
    print(f"{device.name}: {len(kernels)} kernels")
    failed = False
    for height, width in ((3, 3), (344, 403), (4096, 4096)):
        rng = np.random.default_rng(height)
        fields = {"z": rng.random((height, width)) * 100, "h": rng.random((height, width)) ** 8,
                  "flow": np.zeros((height, width)), "next": np.zeros((height, width))}
        wanted = {name: field.copy() for name, field in fields.items()}
        numpy_step(wanted["z"], wanted["h"], wanted["flow"], wanted["next"])
        for name, field in fields.items():
            device.put(name, field)

        def step():
            for kernel, parameters in kernels:
                device.launch(kernel, parameters, {"H": height, "W": width}, height, width)

        step()
        same = all(np.array_equal(device.get(name, field), wanted[name]) for name, field in fields.items())
        failed |= not same
        spent = device.milliseconds(step, 50)
        moved = 6 * 8 * height * width  # z, h and flow read, flow written; h read, next written
        print(f"{height} x {width}: {'NumPy to the last bit' if same else 'DIFFERS'}; {spent:.4f} ms a step, "
              f"{moved / spent / 1e6:.0f} GB/s of what must move")
    return failed


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
