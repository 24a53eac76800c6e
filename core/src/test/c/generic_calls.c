/* System call numbers as every newer architecture has them, aarch64 among them: asm-generic/unistd.h, whatever machine this is. */
#include <asm-generic/unistd.h>
#include <stdio.h>

int main(void) {
    printf("futexCall %d\n", __NR_futex);
    printf("getRobustListCall %d\n", __NR_get_robust_list);
    printf("waitidCall %d\n", __NR_waitid);
    return 0;
}
