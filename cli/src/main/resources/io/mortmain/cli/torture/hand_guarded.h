/*
 * What a C program does to guarded words: they are all the same number, which one transaction makes the next. It writes some of them at a
 * time and pauses, as a program does that computes in between.
 */
#ifndef HAND_GUARDED_H
#define HAND_GUARDED_H

#include "mortmain.h"
#include <stdio.h>
#include <unistd.h>

enum { WORDS_AT_ONCE = 16, PAUSE_MICROSECONDS = 500 };

static int open_words(const char *path, mortmain_region *region, mortmain_guarded *words, mortmain_error *error) {
    return mortmain_open(region, path, error) != 0 || mortmain_guarded_find(region, "words", words, error) != 0
        || mortmain_guarded_lock(words, error) != 0;
}

static int guarded_fill(const char *path, char *text, int size) {
    mortmain_region region;
    mortmain_guarded words;
    mortmain_error error;
    if (open_words(path, &region, &words, &error)) {
        snprintf(text, (size_t)size, "%.*s", size - 1, error.text);
        return EINVAL;
    }
    const int64_t *data = mortmain_guarded_data(&words);
    uint64_t count = mortmain_guarded_element_size(&words) / 8;
    int64_t some[WORDS_AT_ONCE];
    for (int i = 0; i < WORDS_AT_ONCE; i++) {
        some[i] = data[0] + 1;
    }
    for (uint64_t at = 0; at < count; at += WORDS_AT_ONCE) {
        if (mortmain_guarded_write(&words, data + at, some, sizeof some, &error) != 0) {
            snprintf(text, (size_t)size, "%.*s", size - 1, error.text);
            return EINVAL;
        }
        usleep(PAUSE_MICROSECONDS);
    }
    mortmain_guarded_commit(&words, &error);
    usleep(PAUSE_MICROSECONDS);
    return mortmain_guarded_unlock(&words, &error) != 0 ? EINVAL : 0;
}

static int guarded_look(const char *path, char *text, int size) {
    mortmain_region region;
    mortmain_guarded words;
    mortmain_error error;
    if (open_words(path, &region, &words, &error)) {
        snprintf(text, (size_t)size, "%.*s", size - 1, error.text);
        return EINVAL;
    }
    const int64_t *data = mortmain_guarded_data(&words);
    uint64_t count = mortmain_guarded_element_size(&words) / 8;
    uint64_t at = 0;
    while (at < count && data[at] == data[0]) {
        at++;
    }
    if (at == count) {
        snprintf(text, (size_t)size, "%lld", (long long)data[0]);
    } else {
        snprintf(text, (size_t)size, "word 0 is %lld, word %lld is %lld", (long long)data[0], (long long)at, (long long)data[at]);
    }
    return mortmain_guarded_unlock(&words, &error) != 0 ? EINVAL : mortmain_close(&region, &error) != 0 ? EINVAL : 0;
}

#endif
