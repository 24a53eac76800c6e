"""Somebody at a terminal: types into a shell with job control, reads what it prints, and says what came of it, a line each.

Arguments: the beginning of a command line that runs the rest of it, under the lock.
"""
import os
import pty
import select
import shlex
import sys
import time

GUARD_SECONDS = 100
PROMPT = "ready> "
CTRL_C, CTRL_D, CTRL_Z = "\x03", "\x04", "\x1a"

shell, terminal = pty.fork()
if shell == 0:
    os.environ.update(PS1=PROMPT, TERM="dumb", LC_ALL="C")
    os.execvp("bash", ["bash", "--norc", "--noprofile", "--noediting", "-i"])

lock = shlex.join(sys.argv[1:])
unread = b""


def read_to(text):
    """What came before the text."""
    global unread
    end = time.monotonic() + GUARD_SECONDS
    while text.encode() not in unread:
        if not select.select([terminal], [], [], max(0, end - time.monotonic()))[0]:
            sys.exit(f"no {text!r} came after {unread!r}")
        unread += os.read(terminal, 65536)  # fails when the shell has ended
    before, _, unread = unread.partition(text.encode())
    return before.decode()


def enter(text):
    os.write(terminal, text.encode())


def say(what, text):
    print(what + ":", " ".join(text.split()), flush=True)


def run(line):
    enter(line + "\n")
    return read_to(PROMPT)


def under_lock(script):
    return f"{lock} sh -c {shlex.quote(script)}"


def await_jobs(are_so):
    """By the shell's own command: after any other the shell takes the terminal, should somebody have taken it from it."""
    while not are_so(run("jobs")):
        time.sleep(0.1)


read_to(PROMPT)
run("stty -echo")

enter(under_lock('echo begun; read -r line; echo got $line') + "\n")
read_to("begun")
enter("first\n")
say("reads", read_to(PROMPT))

enter(under_lock("echo begun; exec sleep 600") + "\n")
read_to("begun")
enter(CTRL_C)
read_to(PROMPT)
say("ctrl-c", run("echo $?"))

enter(under_lock("echo begun; read -r line; echo got $line; exit 3") + "\n")
read_to("begun")
enter(CTRL_Z)
say("ctrl-z", read_to("Stopped"))
read_to(PROMPT)
say("the shell", run("echo has the terminal"))
enter("fg\n")
enter("second\n")
read_to("\ngot ")
say("fg", read_to(PROMPT))
say("its code", run("echo $?"))

run(under_lock("read -r line; echo got $line") + " &")
await_jobs(lambda jobs: "Stopped" in jobs)
say("in the background", run("echo the shell has the terminal"))
enter("fg\n")
enter("third\n")
read_to("\ngot ")
say("fg", read_to(PROMPT))

run(under_lock("kill -9 $$") + " &")
await_jobs(lambda jobs: "lock" not in jobs)
enter("cat\n")
enter("fourth\n" + CTRL_D)
say("after an end in the background", read_to(PROMPT))
