"""A process of root that may do no more to files than any user."""

import ctypes
import os

DROP_FROM_BOUNDING_SET = 24  # of prctl
OVERRIDES = (1, 2)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH: permissions of files do not count
VERSION_3 = 0x20080522


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("process", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable"))


def be_anyone() -> None:
    """Give up what lets root write where permissions forbid it, for this process and those it starts."""
    if os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header, sets = _Header(VERSION_3, 0), (_Sets * 2)()
    done = libc.capget(ctypes.byref(header), sets)
    for capability in OVERRIDES:
        done |= libc.prctl(DROP_FROM_BOUNDING_SET, capability, 0, 0, 0)
        for name in ("effective", "permitted", "inheritable"):
            setattr(sets[0], name, getattr(sets[0], name) & ~(1 << capability))
    if done | libc.capset(ctypes.byref(header), sets) != 0:
        raise OSError(ctypes.get_errno(), "cannot give up root's powers")
