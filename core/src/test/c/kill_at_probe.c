/* The least that kill_at can trace: names its one thread, reads, ends. */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    char byte;
    printf("thread %d\n", (int) getpid());
    fflush(stdout);
    return read(0, &byte, 1) != 1;
}
