/*
 * The experiments of "mortmain claims" and "mortmain torture" with plain POSIX and Linux calls. "experiments NAME" makes what one of them is
 * about happen, and prints what was seen, a line "NAME=VALUE" each. It ends with 3, and says the reason, where the C library is not glibc.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <spawn.h>
#include "stage.h"
#include "robust.h"
#include "fork_locks.h"
#include "fork_handlers.h"
#include "signals.h"
#include "programs.h"
#include "identities.h"
#include "inherited.h"

enum { USAGE = 2, NOT_TRIED = 3 };

static const struct {
    const char *name;
    void (*run)(void);
} EXPERIMENTS[] = {
    {"robust", robust}, {"fork-locks", fork_locks}, {"threads", threads}, {"handlers", handlers}, {"signals", signals}, {"programs", programs},
    {"identities", identities}};

int main(int count, char **arguments) {
    if (count == 3 && strcmp(arguments[1], "quit") == 0) {
        return atoi(arguments[2]);
    }
    if (count == 3 && strcmp(arguments[1], "inherited") == 0) {
        return inherited(arguments[2]);
    }
#ifndef __GLIBC__
    if (count > 1) {
        say("the C library is not glibc, and the experiments are with glibc", "reason");
        return NOT_TRIED;
    }
#endif
    guard();
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}); /* crashes are wanted, their dumps are not */
    if (count == 5 && strcmp(arguments[1], "hold") == 0) {
        return hold_and_fail(arguments[2], atol(arguments[3]), arguments[4]);
    }
    for (size_t i = 0; count == 2 && i < sizeof EXPERIMENTS / sizeof EXPERIMENTS[0]; i++) {
        if (strcmp(arguments[1], EXPERIMENTS[i].name) == 0) {
            EXPERIMENTS[i].run();
            return 0;
        }
    }
    fprintf(stderr, "this is a program of \"mortmain claims\" and \"mortmain torture\"\n");
    return USAGE;
}
