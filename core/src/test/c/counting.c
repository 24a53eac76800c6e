/*
 * A thread beside the main one that counts in memory: says its number and the address of the counter, then counts for ever. Ends when
 * standard input does.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static volatile long counter;

static void *count(void *self) {
    printf("%d %ld\n", gettid(), (long)&counter);
    fflush(stdout);
    for (;;) {
        counter++;
    }
    return self;
}

int main(void) {
    pthread_t thread;
    char byte;
    pthread_create(&thread, NULL, count, NULL);
    while (read(0, &byte, 1) > 0) {
    }
    return 0;
}
