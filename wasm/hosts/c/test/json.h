/* A small reader of JSON for the tests: numbers stay digits, and what is read is never freed. */
#ifndef CONCORD_TEST_JSON_H
#define CONCORD_TEST_JSON_H

#include <stddef.h>

typedef enum { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_LIST, JSON_OBJECT } json_kind;

typedef struct json {
    json_kind kind;
    const char *text;    /* digits, or a string */
    size_t count;        /* of a list or an object */
    struct json **items;
    const char **names;  /* of an object */
    const char *from;    /* where it stands in the text, */
    size_t length;       /* and how long it is */
} json;

json *json_read(const char *text);
char *json_file(const char *path, size_t *length); /* the text of a file */
json *json_get(const json *object, const char *name); /* NULL where there is none */
int json_same(const json *one, const json *other);    /* numbers exactly, objects in any order */

json *json_text(const char *text); /* null where that is NULL */
json *json_scalar(json_kind kind, const char *text);
json *json_new(json_kind kind);
void json_add(json *to, const char *name, json *item);

#endif
