/* What a case and a row cost on this machine, in time of its processors: `speed news2.wasm`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "concord.h"

enum { CASES = 20000 };

static double spent(void) { return (double)clock() * 1e6 / CLOCKS_PER_SEC; }

/* A column of so many equal entries. */
static char *column(char *at, const char *name, const char *entry, char end) {
    at += sprintf(at, "\"%s\":[%s", name, entry);
    for (int i = 1; i < CASES; i++) at += sprintf(at, ",%s", entry);
    return at + sprintf(at, "]%c", end);
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

    char *columns = malloc(CASES * 40), *at = columns + sprintf(columns, "{");
    at = column(at, "respiration_rate", "12", ',');
    at = column(at, "spo2", "97", ',');
    at = column(at, "scale", "\"scale_1\"", ',');
    column(at, "on_oxygen", "false", '}');
    begun = spent();
    char *table = concord_evaluate_table(rule, columns, "[\"total\",\"risk\"]", NULL, NULL);
    if (!table) return 1;
    printf("row %.0f ns\n", (spent() - begun) * 1e3 / CASES);
    concord_text_free(table);
    concord_rule_free(rule);
    free(columns);
    return 0;
}
