/* Obligations of a case with events, judged at an instant with a member's settings, and why: `obligation sepsis.wasm`. */
#include <stdio.h>
#include <string.h>

#include "concord.h"

int main(int count, char **arguments) {
    if (count < 2) return 2;
    concord_options options = {.allow_draft = 1};
    concord_error *error;
    concord_rule *sepsis = concord_load(arguments[1], &options, &error);
    if (!sepsis) {
        fprintf(stderr, "%s\n", concord_error_message(error));
        return 1;
    }
    concord_ask ask = {.as_of = "2026-03-05T18:00:00Z", .member = "XX1", .explain = 1, .deadline_ms = 1000};
    const char *of = "{\"age\":70,\"events\":[{\"event\":\"SepsisTriage\",\"at\":\"2026-03-05T10:00:00Z\"},"
                     "{\"event\":\"Antibiotics\",\"at\":\"2026-03-05T10:50:00Z\"}]}";
    concord_decision *decision = concord_evaluate(sepsis, of, strlen(of), &ask, &error);
    if (!decision) {
        fprintf(stderr, "%s\n", concord_error_message(error));
        return 1;
    }
    const char *name;
    for (size_t place = 0; (name = concord_decision_name(decision, place)); place++) {
        const concord_answer *answer = concord_decision_answer(decision, name);
        if (answer->kind != CONCORD_VERDICT) continue;
        printf("%s: %s\n", name, answer->text);
        for (size_t i = 0; i < answer->because_count; i++) printf("  - %s\n", answer->because[i]);
    }
    concord_decision_free(decision);

    const char *faulty = "{\"age\":\"seventy\"}";
    const concord_fault *faults;
    error = concord_check(sepsis, faulty, strlen(faulty), &ask);
    for (size_t i = 0, found = concord_error_faults(error, &faults); i < found; i++)
        printf("refused: %s at %s: expected %s\n", faults[i].code, faults[i].at, faults[i].expected);
    concord_error_free(error);
    concord_rule_free(sepsis);
    return 0;
}
