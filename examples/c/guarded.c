/*
 * A C program that shares two balances with GuardedBank.java. Kill either of them at any moment: nobody is told, and nobody repairs,
 * because the next one to lock finds the balances as they were before.
 *
 *     ./mortmain java examples/java/GuardedBank.java
 *
 * and, in a second terminal, when that has said "at work":
 *
 *     gcc -O2 -pthread -I include examples/c/guarded.c -o guarded && ./guarded
 */
#include "mortmain.h"
#include <stdlib.h>

/* As Java's record Bank(long alice, long bob). */
struct bank {
    int64_t alice, bob;
};

static mortmain_error why;

static void require(int result) {
    if (result != 0) {
        fprintf(stderr, "guarded: %s\n", why.text);
        exit(1);
    }
}

static void pause_a_moment(void) {
    struct timespec millisecond = {0, 1000000};
    nanosleep(&millisecond, NULL);
}

int main(int count, char **arguments) {
    mortmain_region region;
    mortmain_guarded guarded;
    require(mortmain_open(&region, count > 1 ? arguments[1] : "guarded-bank", &why));
    require(mortmain_guarded_find(&region, "accounts", &guarded, &why));
    if (mortmain_guarded_element_size(&guarded) != sizeof(struct bank)) {
        fprintf(stderr, "guarded: the accounts are not two numbers of 8 bytes\n");
        return 1;
    }
    const struct bank *bank = (const struct bank *)mortmain_guarded_data(&guarded);
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("C: at work\n");
    for (;;) {
        require(mortmain_guarded_lock(&guarded, &why));
        if (bank->alice + bank->bob != 0) {
            printf("C: alice %" PRId64 ", bob %" PRId64 ": this never happens\n", bank->alice, bank->bob);
            return 1;
        }
        int64_t alice = bank->alice - 1, bob = bank->bob + 1;
        require(mortmain_guarded_write(&guarded, &bank->alice, &alice, sizeof alice, &why));
        pause_a_moment(); /* kill me here */
        require(mortmain_guarded_write(&guarded, &bank->bob, &bob, sizeof bob, &why));
        require(mortmain_guarded_commit(&guarded, &why));
        require(mortmain_guarded_unlock(&guarded, &why));
        pause_a_moment();
    }
}
