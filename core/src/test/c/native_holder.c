/*
 * For a test that lives in the same process: a thread of C that holds a mutex, a call that lasts until it is ended, and one that locks
 * more often than a test can through Java.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

static pthread_t thread;
static sem_t locked, release;
static int thread_id;
static volatile int ended;

static void *hold(void *mutex)
{
    thread_id = gettid();
    pthread_mutex_lock(mutex);
    sem_post(&locked);
    sem_wait(&release);
    pthread_mutex_unlock(mutex);
    return 0;
}

int lock_on_a_thread(pthread_mutex_t *mutex)
{
    sem_init(&locked, 0, 0);
    sem_init(&release, 0, 0);
    if (pthread_create(&thread, 0, hold, mutex))
        return 0;
    sem_wait(&locked);
    return thread_id;
}

void unlock_and_end(void)
{
    sem_post(&release);
    pthread_join(thread, 0);
}

void stay(void *memory)
{
    *(volatile char *) memory = 1;
    while (!ended)
        usleep(1000);
}

void end_calls(void)
{
    ended = 1;
}

/* How often it was locked when it was locked that often, or could not be any more. */
long lock_often(pthread_mutex_t *mutex, long times)
{
    long locked = 0;
    while (locked < times && pthread_mutex_lock(mutex) == 0)
        locked++;
    return locked;
}
