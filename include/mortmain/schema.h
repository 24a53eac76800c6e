/*
 * The description of a guarded object's records, as text, whose fields are found by name. A part of mortmain.h; include that.
 *
 *     record Bank 152               name, size in bytes
 *     0 long alice                  offset, type, name
 *     8 string[20] owner            an int, the length in bytes, then at most 20 bytes of UTF-8
 *     32 record[5] orders 24 {      elements, name, size of each; the offsets inside are from its beginning
 *     0 long price
 *     8 int[3] counts
 *     }
 */
#ifndef MORTMAIN_SCHEMA_H
#define MORTMAIN_SCHEMA_H

#include "format.h"

enum { MORTMAIN_LONGEST_SCHEMA = 65536 };

/* A line of the text, taken apart. Numbers are 0 where there are none, and never so large that their products overflow. */
typedef struct mortmain__line {
    uint64_t offset, count, stride;
    const char *type, *name;
    size_t type_length, name_length;
    int is_group, is_end;
} mortmain__line;

/* A number, and what follows it; stops below 2^31. */
MORTMAIN__INTERNAL uint64_t mortmain__number(const char **at, const char *end) {
    uint64_t number = 0;
    while (*at < end && **at >= '0' && **at <= '9' && number < UINT64_C(1) << 27) {
        number = number * 10 + (uint64_t)(**at - '0');
        (*at)++;
    }
    return number;
}

/* What stands up to the next separator, which is skipped. */
MORTMAIN__INTERNAL size_t mortmain__token(const char **at, const char *end, const char *separators) {
    const char *from = *at;
    size_t length;
    while (*at < end && strchr(separators, **at) == NULL) {
        (*at)++;
    }
    length = (size_t)(*at - from);
    *at += *at < end ? 1 : 0;
    return length;
}

/* "OFFSET TYPE NAME", "OFFSET TYPE[COUNT] NAME", "OFFSET record NAME SIZE {", or "}"; end is that of the line. */
MORTMAIN__INTERNAL mortmain__line mortmain__parse_line(const char *at, const char *end) {
    mortmain__line line;
    memset(&line, 0, sizeof line);
    line.is_end = end - at == 1 && *at == '}';
    line.offset = mortmain__number(&at, end);
    at += at < end ? 1 : 0;
    line.type = at;
    line.type_length = mortmain__token(&at, end, " [");
    line.count = 1;
    if (line.type_length > 0 && at > line.type && at[-1] == '[') {
        line.count = mortmain__number(&at, end);
        mortmain__token(&at, end, " ");
    }
    line.name = at;
    line.name_length = mortmain__token(&at, end, " ");
    line.stride = mortmain__number(&at, end);
    line.is_group = end - at == 2 && at[1] == '{';
    return line;
}

/* Bytes that a line's field takes; 0 where there is no such type. */
MORTMAIN__INTERNAL uint64_t mortmain__line_size(const mortmain__line *line) {
    static const struct {
        const char *name;
        uint64_t size;
    } types[] = {{"boolean", 1}, {"byte", 1}, {"short", 2}, {"char", 2}, {"int", 4}, {"float", 4}, {"long", 8}, {"double", 8}};
    if (line->is_group) {
        return line->count * line->stride;
    }
    if (line->type_length == 6 && memcmp(line->type, "string", 6) == 0) {
        return 4 + line->count;
    }
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (line->type_length == strlen(types[i].name) && memcmp(line->type, types[i].name, line->type_length) == 0) {
            return line->count * types[i].size;
        }
    }
    return 0;
}

MORTMAIN__INTERNAL const char *mortmain__line_end(const char *at, const char *end) {
    const char *found = (const char *)memchr(at, '\n', (size_t)(end - at));
    return found == NULL ? end : found;
}

/* The size of the record that the text describes, as its first line says; 0 where it does not. */
MORTMAIN__INTERNAL uint64_t mortmain__schema_record_size(const char *schema, size_t size) {
    const char *at = schema, *end = mortmain__line_end(schema, schema + size);
    if (mortmain__token(&at, end, " ") != 6 || memcmp(schema, "record", 6) != 0 || mortmain__token(&at, end, " ") == 0) {
        return 0;
    }
    return mortmain__number(&at, end);
}

/* Finds "NAME", or "GROUP.NAME": whether it is there, and lies in the record. */
MORTMAIN__INTERNAL int mortmain__schema_field(
    const char *schema, size_t schema_size, size_t record_size, const char *name, size_t *offset, size_t *size) {
    const char *end = schema + schema_size, *at = mortmain__line_end(schema, end);
    uint64_t base = 0;
    int depth = 0, entered = 0; /* groups around the line, and those of them that the name goes through */
    while (at < end && depth >= entered) {
        const char *from = at + 1;
        mortmain__line line = mortmain__parse_line(from, at = mortmain__line_end(from, end));
        size_t part = strcspn(name, ".");
        if (line.is_end) {
            depth--;
            continue;
        }
        if (depth == entered && line.name_length == part && memcmp(line.name, name, part) == 0) {
            base += line.offset;
            if (name[part] == '\0') {
                *offset = (size_t)base;
                *size = (size_t)mortmain__line_size(&line);
                return *size > 0 && base <= record_size && *size <= record_size - base;
            }
            if (!line.is_group) {
                return 0;
            }
            name += part + 1;
            entered++;
        }
        depth += line.is_group;
    }
    return 0;
}

#endif
