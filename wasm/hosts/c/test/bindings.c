/* What `concord bindings --lang c` writes of two rules, in use: `bindings FOLDER`, with the headers of the rules where the compiler finds them. */
#include <assert.h>
#include <string.h>

#include "news2.h"
#include "sepsis.h"

static concord_rule *loaded(const char *folder, const char *name, const char *fingerprint) {
    char path[4096];
    concord_options options = {.allow_draft = 1, .fingerprint = fingerprint};
    snprintf(path, sizeof path, "%s/%s.wasm", folder, name);
    concord_rule *rule = concord_load(path, &options, NULL);
    assert(rule);
    return rule;
}

static void a_score(const char *folder) {
    char json[1024];
    news2_case of = {.spo2 = "91", .scale = NEWS2_SCALE_SCALE_1, .on_oxygen = NEWS2_YES, .temperature = "36.50"};
    size_t length = news2_case_json(&of, json, sizeof json);
    assert(length == strlen(json) && !strcmp(json, "{\"spo2\":91,\"scale\":\"scale_1\",\"on_oxygen\":true,\"temperature\":36.50}"));
    assert(news2_case_json(&of, json, 8) == length && !strcmp(json, "{\"spo2\""));
    news2_case_json(&of, json, sizeof json);
    concord_rule *rule = loaded(folder, "news2", NEWS2_FINGERPRINT);
    concord_decision *decision = concord_evaluate(rule, json, length, NULL, NULL);
    assert(decision && news2_answer_total(decision)->kind == CONCORD_UNKNOWN);
    concord_decision_free(decision);
    concord_rule_free(rule);
}

static void an_obligation(const char *folder) {
    char event[256], json[1024], settings[64];
    sepsis_sepsis_triage_event triage = {.at = "2026-03-29T05:00Z"};
    sepsis_sepsis_triage_event_json(&triage, event, sizeof event);
    const char *events[] = {event}, *absent[] = {"Lactate"};
    sepsis_case of = {.as_of = "2026-03-29T05:30Z", .age = "70", .events = events, .event_count = 1, .not_supplied = absent, .not_supplied_count = 1};
    sepsis_settings stricter = {.antibiotics_within = "30 min"};
    size_t length = sepsis_case_json(&of, json, sizeof json);
    sepsis_settings_json(&stricter, settings, sizeof settings);
    concord_rule *rule = loaded(folder, "sepsis", SEPSIS_FINGERPRINT);
    concord_ask ask = {.settings = settings};
    concord_error *error = NULL;
    concord_decision *decision = concord_evaluate(rule, json, length, &ask, &error);
    if (!decision) fprintf(stderr, "%s\n%s\n", json, concord_error_message(error));
    assert(decision && sepsis_answer_antibiotics_1h(decision)->kind == CONCORD_VERDICT);
    concord_decision_free(decision);
    concord_rule_free(rule);
}

int main(int count, char **arguments) {
    assert(count == 2);
    a_score(arguments[1]);
    an_obligation(arguments[1]);
    return 0;
}
