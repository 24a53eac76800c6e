#!/usr/bin/env python3
"""A Python program that shares a lock and two balances with bank.c and Bank.java, in the region "branch". Kill any of them: another one
is told, and repairs.

    ./mortmain java examples/java/Bank.java

and, in a second terminal, when that has said "at work":

    python3 examples/python/bank.py

It needs nothing but the standard library: the lock is glibc's pthread_mutex_lock on the mutex in shared memory.
"""

import ctypes
import errno
import mmap
import os
import platform
import signal
import stat
import struct
import sys
import time
import uuid

ALICE, BOB = 0, 1


class Region:
    """A region that a Java program created, mapped into this process. The numbers are those of include/mortmain/format.h."""

    MAGIC = b"MORTMAIN"
    VERSION = 1
    ABI = {"x86_64": 1, "aarch64": 2}
    LAYOUT_HASH = 0x2D121DA4B12559DD
    HEADER = struct.Struct("<8sIIQQ16sQ")
    CHECKSUM = 4088
    MAX_OBJECTS = 64
    DIRECTORY = 8192
    ENTRY = struct.Struct("<IIQQII80sQQ")
    MUTEX, MEMORY = 1, 2

    def __init__(self, name):
        self.path = name if "/" in name else "/dev/shm/" + name
        descriptor = os.open(self.path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            status = os.fstat(descriptor)
            self.require(stat.S_ISREG(status.st_mode), "it is not a regular file")
            self.require(status.st_uid == os.geteuid(), "it belongs to another user")
            self.require(status.st_size > self.DIRECTORY, "it is too small")
            self.bytes = mmap.mmap(descriptor, status.st_size)  # MAP_SHARED
        finally:
            os.close(descriptor)
        self.check(status.st_size)

    def check(self, actual_size):
        """Refuses what is of another format, machine or boot: a lock in it would lock nobody out."""
        magic, version, abi, layout, size, boot, namespace = self.HEADER.unpack_from(self.bytes)
        here = uuid.UUID(open("/proc/sys/kernel/random/boot_id").read().strip()).bytes
        self.require(magic == self.MAGIC, "it does not begin with MORTMAIN")
        self.require((version, layout) == (self.VERSION, self.LAYOUT_HASH), "it has another format than this program")
        self.require(abi == self.ABI.get(platform.machine()), "its mutexes are those of another machine")
        self.require(self.checksum(0, self.CHECKSUM) == self.number(self.CHECKSUM), "its header is damaged")
        self.require(size == actual_size, "it was truncated or extended")
        self.require(boot == here[7::-1] + here[:7:-1], "it was made before the last reboot")
        self.require(namespace == os.stat("/proc/self/ns/pid").st_ino, "it belongs to another PID namespace")

    def find(self, name, wanted):
        """Offset and size of the object of that name and type."""
        (objects,) = struct.unpack_from("<I", self.bytes, self.MAX_OBJECTS)
        for at in range(self.DIRECTORY, self.DIRECTORY + objects * self.ENTRY.size, self.ENTRY.size):
            state, kind, offset, size, _, length, text, _, checksum = self.ENTRY.unpack_from(self.bytes, at)
            if state == 0:
                break
            damaged = self.checksum(at + 4, at + 120) != checksum or offset + size > len(self.bytes)
            self.require(not damaged, f"entry {at} of its directory is damaged")
            if text[:length].decode() == name:
                self.require(kind == wanted, f"{name} is of another type")
                return offset, size
        raise SystemExit(f"bank: region {self.path} has no object {name}; start Bank.java first")

    def mutex(self, name):
        offset, _ = self.find(name, self.MUTEX)
        return ctypes.addressof(ctypes.c_char.from_buffer(self.bytes, offset))

    def longs(self, name):
        offset, size = self.find(name, self.MEMORY)
        return (ctypes.c_int64 * (size // 8)).from_buffer(self.bytes, offset)

    def number(self, at):
        return struct.unpack_from("<Q", self.bytes, at)[0]

    def checksum(self, start, end):
        value = 0xCBF29CE484222325
        for byte in self.bytes[start:end]:
            value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
        return value

    def require(self, holds, why):
        if not holds:
            raise SystemExit(f"bank: region {self.path} is refused: {why}; remove it and start again")


LIBC = ctypes.CDLL(None)


def call(function, mutex):
    """Calls a pthread function; its result is an error number."""
    return function(ctypes.c_void_p(mutex))


def lock(book, accounts):
    """Together the two accounts hold nothing: what Alice has not, Bob has."""
    result = call(LIBC.pthread_mutex_lock, book)
    if result == errno.EOWNERDEAD:
        accounts[BOB] = -accounts[ALICE]
        call(LIBC.pthread_mutex_consistent, book)
        print(f"Python: told of a death; now alice {accounts[ALICE]}, bob {accounts[BOB]}", flush=True)
    elif result != 0:
        raise SystemExit(f"bank: {os.strerror(result)}")


def main():
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # while it waits for the lock, Python would not see Ctrl-C
    name = sys.argv[1] if len(sys.argv) > 1 else "branch"
    try:
        region = Region(name)
    except FileNotFoundError:
        raise SystemExit(f"bank: there is no region {name}; start Bank.java first")
    book = region.mutex("book")
    accounts = region.longs("accounts")
    print("Python: at work", flush=True)
    while True:
        lock(book, accounts)
        accounts[ALICE] -= 1
        time.sleep(0.001)  # kill me here
        accounts[BOB] += 1
        call(LIBC.pthread_mutex_unlock, book)
        time.sleep(0.001)


if __name__ == "__main__":
    main()
