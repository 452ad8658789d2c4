/* A score with a value missing: `score news2.wasm`. */
#include <stdio.h>
#include <string.h>

#include "concord.h"

int main(int count, char **arguments) {
    if (count < 2) return 2;
    concord_options options = {.allow_draft = 1}; /* a live system refuses drafts */
    concord_error *error;
    concord_rule *news2 = concord_load(arguments[1], &options, &error);
    if (!news2) {
        fprintf(stderr, "%s\n", concord_error_message(error));
        return 1;
    }
    const char *of = "{\"respiration_rate\":25,\"spo2\":91,\"scale\":\"scale_1\",\"on_oxygen\":true,"
                     "\"systolic\":90,\"pulse\":131,\"consciousness\":\"voice\"}"; /* nobody took the temperature */
    concord_decision *decision = concord_evaluate(news2, of, strlen(of), NULL, &error);
    if (!decision) {
        fprintf(stderr, "%s\n", concord_error_message(error));
        return 1;
    }
    const char *name;
    for (size_t place = 0; (name = concord_decision_name(decision, place)); place++) {
        const concord_answer *answer = concord_decision_answer(decision, name);
        switch (answer->kind) {
        case CONCORD_VALUE:
            printf("%s: %s\n", name, answer->of.value.text);
            break;
        case CONCORD_NONE:
            printf("%s: none\n", name);
            break;
        case CONCORD_UNKNOWN:
            printf("%s: %s, needs %s\n", name, answer->text, answer->of.unknown.needs[0].text);
            break;
        case CONCORD_VERDICT:
            printf("%s: %s\n", name, answer->of.verdict.verdict);
            break;
        }
    }
    concord_decision_free(decision);
    concord_rule_free(news2);
    return 0;
}
