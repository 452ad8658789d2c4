/* A folder of rules that reloads while it is in use, a table of patients, metrics and a decision log: `ward FOLDER`. */
#include <stdio.h>
#include <string.h>

#include "concord.h"

static void measure(void *none, const concord_call *call) {
    (void)none;
    fprintf(stderr, "%s %s %.6f s\n", call->package, call->outcome, call->seconds);
}

static void keep(void *none, const concord_decision *decision, const char *case_sha256) {
    (void)none;
    fprintf(stderr, "%s %zu bytes\n", case_sha256, strlen(concord_decision_json(decision)));
}

static void refused(void *none, const char *path, const concord_error *error) {
    (void)none;
    fprintf(stderr, "%s: %s\n", path, concord_error_message(error));
}

int main(int count, char **arguments) {
    if (count < 2) return 2;
    concord_options options = {.allow_draft = 1, .on_call = measure, .on_decision = keep};
    concord_watcher watcher = {.on_refused = refused};
    concord_error *error;
    concord_rules *rules = concord_rules_open(arguments[1], &options, &watcher, &error);
    concord_rule *news2 = rules ? concord_rules_get(rules, "clinical.news2", NULL, &error) : NULL;
    if (!news2) {
        fprintf(stderr, "%s\n", concord_error_message(error));
        return 1;
    }
    concord_rules_watch(rules, 2000);
    char *table = concord_evaluate_table(news2,
        "{\"respiration_rate\":[25,14,18],\"spo2\":[91,97,null],\"scale\":[\"scale_1\",\"scale_1\",\"scale_1\"],"
        "\"on_oxygen\":[true,false,false],\"systolic\":[90,125,118],\"pulse\":[131,72,88],"
        "\"consciousness\":[\"voice\",\"alert\",\"alert\"],\"temperature\":[35.0,36.8,37.1]}",
        "[\"total\",\"risk\"]", NULL, &error);
    printf("%s\n", table ? table : concord_error_message(error));
    concord_text_free(table);
    concord_rule_free(news2);
    concord_rules_free(rules);
    return 0;
}
