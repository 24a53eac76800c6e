/*
 * A writer of a guarded record of two numbers whose sum stays, which waits to be killed between the two stores: they are made in place,
 * each noted in the journal first. Commands come by its input: open PATH, tear.
 */
#define _GNU_SOURCE
#include "mortmain.h"
#include <stdlib.h>

struct pair {
    int64_t first, second;
};

static mortmain_region region;
static mortmain_guarded guarded;
static mortmain_error why;

static void require(int result) {
    if (result != 0) {
        printf("error %s\n", why.text);
        fflush(stdout);
        exit(1);
    }
}

static void open_pair(const char *path) {
    require(mortmain_open(&region, path, &why));
    require(mortmain_guarded_find(&region, "pair", &guarded, &why));
    puts("opened");
}

static void tear(void) {
    require(mortmain_guarded_lock(&guarded, &why));
    const struct pair *pair = (const struct pair *)mortmain_guarded_data(&guarded);
    int64_t first = pair->first - 1;
    require(mortmain_guarded_write(&guarded, &pair->first, &first, sizeof first, &why));
    puts(pair->first == first ? "between" : "error it was not stored in place");
    fflush(stdout);
    while (getchar() != EOF) { /* the input ends when the harness does */
    }
    _exit(1);
}

int main(void) {
    printf("ready %d\n", gettid());
    fflush(stdout);
    char line[4096];
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "open ", 5) == 0) {
            open_pair(line + 5);
        } else if (strcmp(line, "tear") == 0) {
            tear();
        } else {
            puts("error unknown command");
        }
        fflush(stdout);
    }
    return 0;
}
