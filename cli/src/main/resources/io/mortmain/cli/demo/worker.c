/*
 * A C worker of "mortmain demo": plain POSIX, no library. It takes the same mutex as the Java workers with pthread_mutex_lock, moves
 * money in the same memory, and repairs the same journal when pthread_mutex_lock says EOWNERDEAD. It does what Worker.java, Desk.java
 * and Ledger.java do; the structures are those of BankLayout.java.
 *
 * Arguments: file of the region, offset of the mutex, offset of the bank, size of the bank, slot, seed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { ACCOUNTS = 64, SLOTS = 64, TOLD_ENTRIES = 4096 };
enum { TRANSFERS_A_TURN = 32, LONGEST_TRANSFER = 100, LONGEST_PAUSE = 100000, REPAIR_PAUSE = 100000 };
enum { EMPTY, INTENT, COMMITTED };                                /* Ledger.java */
enum { ELSEWHERE, ACQUIRING, HOLDING, REPAIRING, RELEASING };     /* Phase.java */
enum { THREAD_ENDED = 1, EXIT, HALT, EXEC, GO_HOME = 100 };       /* DeathKind.java, Slot.java */
enum { FAILED = 3, ORPHANED = 4 };

typedef _Atomic int64_t word;

struct slot {
    word life, phase, order, last_words_life, last_words_kind, last_words_time, turns;
    word unused[9];
};

struct told {
    word time, holder, by, turns;
};

struct bank {
    word holder, turns, told, intrusions, transfers;
    word unused[3];
    word state, from, to, amount, old_from, old_to, old_transfers;
    word unused_too;
    word accounts[ACCOUNTS];
    struct slot slots[SLOTS];
    struct told log[TOLD_ENTRIES];
};

static struct bank *bank;
static pthread_mutex_t *mutex;
static struct slot *me;
static int64_t my_index;
static uint64_t random_state;
static char **arguments;

static int64_t get(word *at) {
    return atomic_load_explicit(at, memory_order_acquire);
}

static void set(word *at, int64_t value) {
    atomic_store_explicit(at, value, memory_order_relaxed);
}

/* After every store before it, and before every store after it: a release store alone would let later ones pass. */
static void publish(word *at, int64_t value) {
    atomic_store_explicit(at, value, memory_order_release);
    atomic_thread_fence(memory_order_release);
}

static void fail(const char *what, int error) {
    fprintf(stderr, "%s: %s\n", what, strerror(error));
    _exit(FAILED);
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static int below(int limit) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (int)((random_state >> 33) % (uint64_t)limit);
}

static void sleep_nanos(long nanos) {
    struct timespec time = {0, nanos};
    nanosleep(&time, NULL);
}

static void begin_life(void) {
    publish(&me->phase, ELSEWHERE);
    int64_t last = get(&me->life);
    publish(&me->life, last == 0 ? SLOTS + my_index : last + SLOTS);
}

static int account_named_in(word *field) {
    int64_t account = get(field);
    if (account < 0 || account >= ACCOUNTS) {
        fprintf(stderr, "the journal names account %lld: somebody wrote without holding the mutex\n", (long long)account);
        _exit(FAILED);
    }
    return (int)account;
}

static void repair_journal(void) {
    int64_t state = get(&bank->state);
    if (state == EMPTY) {
        return;
    }
    int forward = state == COMMITTED;
    int64_t moved = forward ? get(&bank->amount) : 0;
    int from = account_named_in(&bank->from);
    int to = account_named_in(&bank->to);
    set(&bank->accounts[from], get(&bank->old_from) - moved);
    sleep_nanos(REPAIR_PAUSE);
    set(&bank->accounts[to], get(&bank->old_to) + moved);
    set(&bank->transfers, get(&bank->old_transfers) + (forward ? 1 : 0));
    publish(&bank->state, EMPTY);
}

/* Before anything else the telling is written down. */
static void owner_died(void) {
    int64_t time = now();
    int64_t count = get(&bank->told);
    struct told *entry = &bank->log[count % TOLD_ENTRIES];
    set(&entry->time, time);
    set(&entry->holder, get(&bank->holder));
    set(&entry->by, get(&me->life));
    set(&entry->turns, get(&bank->turns));
    publish(&bank->told, count + 1);
    publish(&bank->holder, get(&me->life) * 2);
    publish(&me->phase, REPAIRING);
    repair_journal();
    int error = pthread_mutex_consistent(mutex);
    if (error != 0) {
        fail("pthread_mutex_consistent", error);
    }
}

static void enter(void) {
    publish(&me->phase, ACQUIRING);
    int error = pthread_mutex_lock(mutex);
    if (error == EOWNERDEAD) {
        owner_died();
    } else if (error != 0) {
        fail("pthread_mutex_lock", error);
    }
    publish(&bank->holder, get(&me->life) * 2);
    publish(&bank->turns, get(&bank->turns) + 1);
    publish(&me->turns, get(&me->turns) + 1);
    publish(&me->phase, HOLDING);
}

static void leave(void) {
    publish(&me->phase, RELEASING);
    if (get(&bank->holder) != get(&me->life) * 2) {
        publish(&bank->intrusions, get(&bank->intrusions) + 1);
    }
    publish(&bank->holder, get(&me->life) * 2 + 1);
    int error = pthread_mutex_unlock(mutex);
    if (error != 0) {
        fail("pthread_mutex_unlock", error);
    }
    publish(&me->phase, ELSEWHERE);
}

static void say_last_words(int64_t kind) {
    set(&me->last_words_kind, kind);
    set(&me->last_words_time, now());
    publish(&me->last_words_life, get(&me->life));
}

/* Between the two stores of a transfer. 0: the transfer is to be left as it is, because the thread ends. */
static int midway(int pauses, int64_t order) {
    if (order != 0) {
        say_last_words(order);
    }
    switch (order) {
    case THREAD_ENDED:
        return 0;
    case EXIT:
        exit(0);
    case HALT:
        _exit(0);
    case EXEC:
        execv(arguments[0], arguments);
        fail("execv", errno);
        break;
    default:
        if (pauses) {
            sleep_nanos(below(LONGEST_PAUSE));
        }
    }
    return 1;
}

static void transfer(int pauses, int64_t order) {
    int from = below(ACCOUNTS);
    int to = (from + 1 + below(ACCOUNTS - 1)) % ACCOUNTS;
    int64_t amount = 1 + below(LONGEST_TRANSFER);
    int64_t old_from = get(&bank->accounts[from]);
    int64_t old_to = get(&bank->accounts[to]);
    int64_t transfers = get(&bank->transfers);
    if (amount > old_from) {
        amount = old_from;
    }
    set(&bank->from, from);
    set(&bank->to, to);
    set(&bank->amount, amount);
    set(&bank->old_from, old_from);
    set(&bank->old_to, old_to);
    set(&bank->old_transfers, transfers);
    publish(&bank->state, INTENT);
    set(&bank->accounts[from], old_from - amount);
    if (!midway(pauses, order)) {
        return;
    }
    set(&bank->accounts[to], old_to + amount);
    publish(&bank->state, COMMITTED);
    set(&bank->transfers, transfers + 1);
    publish(&bank->state, EMPTY);
}

static void turn(int64_t order) {
    enter();
    int paused_in = below(TRANSFERS_A_TURN);
    for (int i = 0; i < TRANSFERS_A_TURN; i++) {
        transfer(i == paused_in, i == paused_in ? order : 0);
    }
    leave();
}

static void *end_while_holding(void *unused) {
    begin_life();
    enter();
    transfer(0, THREAD_ENDED);
    return unused;
}

static void end_thread_while_holding(void) {
    pthread_t thread;
    int error = pthread_create(&thread, NULL, end_while_holding, NULL);
    if (error != 0) {
        fail("pthread_create", error);
    }
    pthread_join(thread, NULL);
    begin_life();
}

/* The demo never writes to standard input: its end is the demo's. */
static void *end_with_demo(void *unused) {
    char byte;
    for (;;) {
        ssize_t got = read(0, &byte, 1);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            break;
        }
    }
    unlink(arguments[1]);
    unlink(arguments[0]);
    rmdir(dirname(strdup(arguments[0])));
    _exit(ORPHANED);
    return unused;
}

static void attach(void) {
    struct stat status;
    int file = open(arguments[1], O_RDWR | O_CLOEXEC);
    if (file < 0 || fstat(file, &status) != 0) {
        fail(arguments[1], errno);
    }
    char *start = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (start == MAP_FAILED) {
        fail("mmap", errno);
    }
    close(file);
    mutex = (pthread_mutex_t *)(start + atoll(arguments[2]));
    bank = (struct bank *)(start + atoll(arguments[3]));
    my_index = atoll(arguments[5]);
    me = &bank->slots[my_index];
}

int main(int count, char **values) {
    arguments = values;
    if (count != 7 || atoll(values[4]) != (long long)sizeof(struct bank)) {
        fprintf(stderr, "this is a worker of \"mortmain demo\", for a bank of %zu bytes\n", sizeof(struct bank));
        return 2;
    }
    pthread_t watcher;
    int error = pthread_create(&watcher, NULL, end_with_demo, NULL);
    if (error != 0) {
        fail("pthread_create", error);
    }
    attach();
    begin_life();
    random_state = (uint64_t)atoll(values[6]) * 6364136223846793005u + (uint64_t)get(&me->life) + 1;
    for (;;) {
        int64_t order = atomic_exchange(&me->order, 0);
        if (order == GO_HOME) {
            return 0;
        }
        if (order == THREAD_ENDED) {
            end_thread_while_holding();
        } else {
            turn(order);
            sleep_nanos(below(LONGEST_PAUSE));
        }
    }
}
