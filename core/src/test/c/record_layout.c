/* Where the compiler puts the members of the structure that the test has as a record. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define STRING(capacity)     \
    struct {                 \
        int32_t length;      \
        char bytes[capacity]; \
    }

struct point {
    int16_t x;
    double y;
    int8_t z;
};

struct small {
    int8_t a;
    int16_t b;
};

struct mixed {
    bool flag;
    int64_t whole;
    int8_t tiny;
    uint16_t letter;
    int8_t tiny2;
    float fraction;
    STRING(13) name;
    int8_t after_name;
    struct small small;
    int32_t count;
    int8_t before_point;
    struct point point;
    int8_t before_points;
    struct point points[3];
    int8_t bytes[3];
    struct small smalls[3];
    int16_t shorts[3];
    int64_t longs[2];
    bool flags[5];
};

#define SAY(type, member) printf(#type "." #member " %zu\n", offsetof(struct type, member))

int main(void)
{
    SAY(mixed, flag);
    SAY(mixed, whole);
    SAY(mixed, tiny);
    SAY(mixed, letter);
    SAY(mixed, tiny2);
    SAY(mixed, fraction);
    SAY(mixed, name);
    SAY(mixed, after_name);
    SAY(mixed, small);
    SAY(mixed, count);
    SAY(mixed, before_point);
    SAY(mixed, point);
    SAY(mixed, before_points);
    SAY(mixed, points);
    SAY(mixed, bytes);
    SAY(mixed, smalls);
    SAY(mixed, shorts);
    SAY(mixed, longs);
    SAY(mixed, flags);
    SAY(point, x);
    SAY(point, y);
    SAY(point, z);
    SAY(small, a);
    SAY(small, b);
    printf("point %zu\nsmall %zu\nmixed %zu\n", sizeof(struct point), sizeof(struct small), sizeof(struct mixed));
    return 0;
}
