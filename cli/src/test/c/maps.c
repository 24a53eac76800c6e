/* Maps a file, closes it, says so, and stays until its input ends. With a second argument its first thread ends before. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static void *stay(void *nothing) {
    char byte;
    puts("mapped");
    fflush(stdout);
    while (read(0, &byte, 1) > 0) {
    }
    exit(0);
    return nothing;
}

int main(int count, char **arguments) {
    int file = open(arguments[1], O_RDWR);
    pthread_t thread;
    if (file < 0 || mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) == MAP_FAILED) {
        perror(arguments[1]);
        return 1;
    }
    close(file);
    if (count == 2) {
        stay(NULL);
    }
    pthread_create(&thread, NULL, stay, NULL);
    pthread_exit(NULL);
}
