/* Locks the mutex at an offset of a file with nothing but pthread.h, and says what it got. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

int main(int argc, char **argv)
{
    int file = argc == 3 ? open(argv[1], O_RDWR) : -1;
    struct stat status;
    if (file < 0 || fstat(file, &status) != 0)
        return 2;
    char *region = mmap(NULL, status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (region == MAP_FAILED)
        return 2;
    pthread_mutex_t *mutex = (pthread_mutex_t *)(region + strtol(argv[2], NULL, 10));
    printf("mutex at %lx\n", (unsigned long)mutex);
    fflush(stdout);
    char line[64];
    while (fgets(line, sizeof line, stdin)) {
        int result = -1;
        if (line[0] == 'l')
            result = pthread_mutex_lock(mutex);
        else if (line[0] == 'u')
            result = pthread_mutex_unlock(mutex);
        else if (line[0] == 'c')
            result = pthread_mutex_consistent(mutex);
        printf("%c %s\n", line[0],
               result == 0                 ? "clean"
               : result == EOWNERDEAD      ? "died"
               : result == ENOTRECOVERABLE ? "not recoverable"
                                           : "error");
        fflush(stdout);
    }
    return 0;
}
