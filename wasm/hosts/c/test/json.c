#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fail(const char *why) {
    fprintf(stderr, "%s\n", why);
    exit(2);
}

static void *room(size_t bytes) {
    void *at = calloc(1, bytes);
    if (!at) fail("no memory is left");
    return at;
}

json *json_scalar(json_kind kind, const char *text) {
    json *of = room(sizeof *of);
    of->kind = kind;
    of->text = text;
    return of;
}

json *json_new(json_kind kind) { return json_scalar(kind, NULL); }

json *json_text(const char *text) { return text ? json_scalar(JSON_STRING, text) : json_new(JSON_NULL); }

void json_add(json *to, const char *name, json *item) {
    to->items = realloc(to->items, (to->count + 1) * sizeof *to->items);
    to->names = realloc(to->names, (to->count + 1) * sizeof *to->names);
    if (!to->items || !to->names) fail("no memory is left");
    to->items[to->count] = item;
    to->names[to->count++] = name;
}

static const char *at;

static void blanks(void) { at += strspn(at, " \t\r\n"); }

static void expect(char c) {
    blanks();
    if (*at++ != c) fail("this is not JSON");
}

static char *put(char *out, unsigned long c) {
    if (c < 0x80) {
        *out++ = (char)c;
    } else if (c < 0x800) {
        *out++ = (char)(0xc0 | c >> 6);
        *out++ = (char)(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        *out++ = (char)(0xe0 | c >> 12);
        *out++ = (char)(0x80 | (c >> 6 & 0x3f));
        *out++ = (char)(0x80 | (c & 0x3f));
    } else {
        *out++ = (char)(0xf0 | c >> 18);
        *out++ = (char)(0x80 | (c >> 12 & 0x3f));
        *out++ = (char)(0x80 | (c >> 6 & 0x3f));
        *out++ = (char)(0x80 | (c & 0x3f));
    }
    return out;
}

static unsigned long hex4(void) {
    char digits[5] = {0};
    memcpy(digits, at, 4);
    at += 4;
    return strtoul(digits, NULL, 16);
}

static const char *string(void) {
    static const char escapes[] = "bfnrt", meant[] = "\b\f\n\r\t";
    expect('"');
    size_t most = 0;
    while (at[most] != '"') most += at[most] == '\\' ? 2 : 1;
    char *text = room(most + 1), *out = text;
    while (*at != '"') {
        if (*at != '\\') {
            *out++ = *at++;
            continue;
        }
        at++;
        char c = *at++;
        const char *escape = strchr(escapes, c);
        if (c == 'u') {
            unsigned long point = hex4();
            if (point >= 0xd800 && point < 0xdc00 && at[0] == '\\' && at[1] == 'u') {
                at += 2;
                point = 0x10000 + ((point - 0xd800) << 10) + (hex4() - 0xdc00);
            }
            out = put(out, point);
        } else {
            *out++ = escape ? meant[escape - escapes] : c;
        }
    }
    at++;
    return text;
}

static json *value(void);

static json *items(json_kind kind, char end) {
    json *of = json_new(kind);
    at++;
    blanks();
    while (*at != end) {
        const char *name = NULL;
        if (kind == JSON_OBJECT) {
            name = string();
            expect(':');
        }
        json_add(of, name, value());
        blanks();
        if (*at == ',') at++;
        blanks();
    }
    at++;
    return of;
}

static json *value(void) {
    blanks();
    const char *from = at;
    json *of;
    if (*at == '{') {
        of = items(JSON_OBJECT, '}');
    } else if (*at == '[') {
        of = items(JSON_LIST, ']');
    } else if (*at == '"') {
        of = json_text(string());
    } else {
        size_t length = strcspn(at, ",]} \t\r\n");
        char *word = room(length + 1);
        memcpy(word, at, length);
        at += length;
        of = json_scalar(JSON_NUMBER, word);
        if (*word == 'n') of->kind = JSON_NULL;
        if (*word == 't') of->kind = JSON_TRUE;
        if (*word == 'f') of->kind = JSON_FALSE;
    }
    of->from = from;
    of->length = (size_t)(at - from);
    return of;
}

json *json_read(const char *text) {
    at = text;
    json *of = value();
    blanks();
    if (*at) fail("something stands after the value");
    return of;
}

char *json_file(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    if (!file) fail(path);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = room((size_t)size + 1);
    if (fread(text, 1, (size_t)size, file) != (size_t)size) fail(path);
    fclose(file);
    if (length) *length = (size_t)size;
    return text;
}

json *json_get(const json *object, const char *name) {
    for (size_t place = 0; object && place < object->count; place++)
        if (object->names[place] && !strcmp(object->names[place], name)) return object->items[place];
    return NULL;
}

/* Digits without the zeros that say nothing; numbers of the corpus have no exponent. */
static void digits(const char *text, char *out, size_t room_out) {
    snprintf(out, room_out, "%s", text);
    if (!strchr(out, '.')) return;
    size_t end = strlen(out);
    while (out[end - 1] == '0') out[--end] = 0;
    if (out[end - 1] == '.') out[end - 1] = 0;
}

int json_same(const json *one, const json *other) {
    if (!one || !other || one->kind != other->kind || one->count != other->count) return 0;
    char a[64], b[64];
    switch (one->kind) {
    case JSON_NUMBER:
        digits(one->text, a, sizeof a);
        digits(other->text, b, sizeof b);
        return !strcmp(a, b);
    case JSON_STRING:
        return !strcmp(one->text, other->text);
    case JSON_LIST:
        for (size_t place = 0; place < one->count; place++)
            if (!json_same(one->items[place], other->items[place])) return 0;
        return 1;
    case JSON_OBJECT:
        for (size_t place = 0; place < one->count; place++)
            if (!json_same(one->items[place], json_get(other, one->names[place]))) return 0;
        return 1;
    default:
        return 1;
    }
}
