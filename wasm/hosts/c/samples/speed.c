/* What a case and a row cost on this machine, in time of its processors: `speed news2.wasm`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "concord.h"

enum { CASES = 20000, ROWS = 100000 };

static double spent(void) { return (double)clock() * 1e6 / CLOCKS_PER_SEC; }

/* A column of numbers between two, at so many tenths; or of some choices. */
static char *numbers(char *at, const char *name, int low, int high, int tenths) {
    at += sprintf(at, "\"%s\":", name);
    for (long row = 0; row < ROWS; row++) {
        long value = low + row * 7919 % (high - low + 1);
        at += tenths ? sprintf(at, "%c%ld.%ld", row ? ',' : '[', value / 10, value % 10) : sprintf(at, "%c%ld", row ? ',' : '[', value);
    }
    return at + sprintf(at, "],");
}

static char *choices(char *at, const char *name, const char *const *of, int count) {
    at += sprintf(at, "\"%s\":", name);
    for (int row = 0; row < ROWS; row++) at += sprintf(at, "%c%s", row ? ',' : '[', of[row % count]);
    return at + sprintf(at, "],");
}

int main(int count, char **arguments) {
    static const char of[] = "{\"respiration_rate\":25,\"spo2\":91,\"scale\":\"scale_1\",\"on_oxygen\":true,\"systolic\":90,\"pulse\":131,"
                             "\"consciousness\":\"voice\",\"temperature\":35.0}";
    concord_options options = {.allow_draft = 1};
    concord_rule *rule = count > 1 ? concord_load(arguments[1], &options, NULL) : NULL;
    if (!rule) return 1;
    double begun = 0;
    for (int turn = 0; turn < 2; turn++) { /* once to get warm */
        begun = spent();
        for (int i = 0; i < CASES; i++) {
            concord_decision *decision = concord_evaluate(rule, of, sizeof of - 1, NULL, NULL);
            if (!decision) return 1;
            concord_decision_free(decision);
        }
    }
    printf("case %.0f ns\n", (spent() - begun) * 1e3 / CASES);

    static const char *const scales[] = {"\"scale_1\"", "\"scale_2\""}, *const yes_no[] = {"true", "false"};
    static const char *const awake[] = {"\"alert\"", "\"new_confusion\"", "\"voice\"", "\"pain\"", "\"unresponsive\""};
    char *columns = malloc(ROWS * 80), *at = columns + sprintf(columns, "{");
    at = numbers(at, "respiration_rate", 8, 30, 0);
    at = numbers(at, "spo2", 85, 100, 0);
    at = choices(at, "scale", scales, 2);
    at = choices(at, "on_oxygen", yes_no, 2);
    at = numbers(at, "systolic", 80, 230, 0);
    at = numbers(at, "pulse", 30, 150, 0);
    at = choices(at, "consciousness", awake, 5);
    at = numbers(at, "temperature", 340, 400, 1);
    at[-1] = '}';
    begun = spent();
    char *table = concord_evaluate_table(rule, columns, "[\"total\",\"risk\"]", NULL, NULL);
    if (!table) return 1;
    printf("row %.0f ns\n", (spent() - begun) * 1e3 / ROWS);
    concord_text_free(table);
    concord_rule_free(rule);
    free(columns);
    return 0;
}
