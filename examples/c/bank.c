/*
 * A C program that shares a lock and two balances with bank.py and Bank.java, in the region "branch". Kill any of them: another one is
 * told, and repairs.
 *
 *     ./mortmain java examples/java/Bank.java
 *
 * and, in a second terminal, when that has said "at work":
 *
 *     gcc -O2 -pthread -I include examples/c/bank.c -o bank && ./bank
 */
#include "mortmain.h"
#include <stdlib.h>
#include <time.h>

enum { ALICE, BOB };

static void fail(const char *why) {
    fprintf(stderr, "bank: %s\n", why);
    exit(1);
}

static void pause_a_moment(void) {
    struct timespec millisecond = {0, 1000000};
    nanosleep(&millisecond, NULL);
}

/* Together the two accounts hold nothing: what Alice has not, Bob has. */
static void lock(pthread_mutex_t *book, volatile int64_t *accounts) {
    int result = pthread_mutex_lock(book);
    if (result == EOWNERDEAD) {
        accounts[BOB] = -accounts[ALICE];
        pthread_mutex_consistent(book);
        printf("C: told of a death; now alice %" PRId64 ", bob %" PRId64 "\n", accounts[ALICE], accounts[BOB]);
    } else if (result != 0) {
        fail(strerror(result));
    }
}

int main(int count, char **arguments) {
    mortmain_region branch;
    mortmain_error why;
    size_t size;
    if (mortmain_open(&branch, count > 1 ? arguments[1] : "branch", &why) != 0) {
        fail(why.text);
    }
    pthread_mutex_t *book = mortmain_mutex(&branch, "book", &why);
    volatile int64_t *accounts = book == NULL ? NULL : (volatile int64_t *)mortmain_memory(&branch, "accounts", &size, &why);
    if (accounts == NULL) {
        fail(why.text);
    }
    if (size != 2 * sizeof(int64_t)) {
        fail("the accounts are not two numbers of 8 bytes; remove the region and start again");
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("C: at work\n");
    for (;;) {
        lock(book, accounts);
        accounts[ALICE] = accounts[ALICE] - 1;
        pause_a_moment(); /* kill me here */
        accounts[BOB] = accounts[BOB] + 1;
        pthread_mutex_unlock(book);
        pause_a_moment();
    }
}
