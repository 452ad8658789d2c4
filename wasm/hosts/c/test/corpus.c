/* Answers every case of the corpus in this host: `corpus FAULTY.json FOLDER…`. The page of the hosts says what it prints. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../include/concord.h"
#include "json.h"
#include "sha256.h"

static size_t passed, failed;
static sha256 records;

static void that(int holds, const char *module, const char *name, const char *found) {
    if (holds) {
        passed++;
    } else if (failed++ < 20) {
        fprintf(stderr, "%s: %s: %s\n", module, name, found);
    }
}

static concord_rule *load(const char *folder, const char *module) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.wasm", folder, module);
    concord_options options = {0};
    options.allow_draft = 1;
    concord_error *error;
    concord_rule *rule = concord_load(path, &options, &error);
    if (!rule) {
        fprintf(stderr, "%s: %s\n", path, concord_error_message(error));
        exit(1);
    }
    return rule;
}

static json *scalar(concord_scalar of) {
    switch (of.type) {
    case CONCORD_YES_NO:
        return json_new(*of.text == 't' ? JSON_TRUE : JSON_FALSE);
    case CONCORD_NUMBER:
        return json_scalar(JSON_NUMBER, of.text);
    default:
        return json_text(of.text);
    }
}

static void text(json *of, const char *name, const char *said) {
    if (said) json_add(of, name, json_text(said));
}

static json *needs(const concord_need *of, size_t count) {
    json *list = json_new(JSON_LIST);
    for (size_t i = 0; i < count; i++) {
        json *need = json_new(JSON_OBJECT);
        text(need, "kind", of[i].kind);
        text(need, "fact", of[i].fact);
        text(need, "event", of[i].event);
        text(need, "field", of[i].field);
        text(need, "parameter", of[i].parameter);
        text(need, "answer", of[i].answer);
        text(need, "until", of[i].until);
        text(need, "text", of[i].text);
        json_add(list, NULL, need);
    }
    return list;
}

static json *texts(const char *const *of, size_t count) {
    json *list = json_new(JSON_LIST);
    for (size_t i = 0; i < count; i++) json_add(list, NULL, json_text(of[i]));
    return list;
}

static void days(json *of, const char *name, int count) {
    if (count < 0) return;
    char *said = malloc(16);
    snprintf(said, 16, "%d", count);
    json_add(of, name, json_scalar(JSON_NUMBER, said));
}

/* An answer as a record has it. */
static json *plain(const concord_answer *answer) {
    json *of = json_new(JSON_OBJECT), *possible = json_new(JSON_OBJECT), *values = json_new(JSON_LIST);
    switch (answer->kind) {
    case CONCORD_VALUE:
        text(of, "kind", "value");
        json_add(of, "value", scalar(answer->of.value));
        break;
    case CONCORD_NONE:
        text(of, "kind", "none");
        json_add(of, "value", json_new(JSON_NULL));
        break;
    case CONCORD_UNKNOWN:
        text(of, "kind", "unknown");
        if (answer->of.unknown.from.type) json_add(possible, "from", scalar(answer->of.unknown.from));
        if (answer->of.unknown.to.type) json_add(possible, "to", scalar(answer->of.unknown.to));
        for (size_t i = 0; i < answer->of.unknown.value_count; i++) json_add(values, NULL, scalar(answer->of.unknown.values[i]));
        if (values->count) json_add(possible, "values", values);
        json_add(possible, "or_none", json_new(answer->of.unknown.or_none ? JSON_TRUE : JSON_FALSE));
        json_add(of, "possible", possible);
        json_add(of, "needs", needs(answer->of.unknown.needs, answer->of.unknown.need_count));
        break;
    case CONCORD_VERDICT:
        text(of, "kind", "verdict");
        text(of, "verdict", answer->of.verdict.verdict);
        text(of, "from", answer->of.verdict.from);
        text(of, "due", answer->of.verdict.due);
        text(of, "due_on", answer->of.verdict.due_on);
        text(of, "done", answer->of.verdict.done);
        text(of, "late_by", answer->of.verdict.late_by);
        text(of, "excuse", answer->of.verdict.excuse);
        days(of, "late_by_days", answer->of.verdict.late_by_days);
        days(of, "late_by_working_days", answer->of.verdict.late_by_working_days);
        if (!strcmp(answer->of.verdict.verdict, "unknown")) {
            json_add(of, "possible", texts(answer->of.verdict.possible, answer->of.verdict.possible_count));
            json_add(of, "needs", needs(answer->of.verdict.needs, answer->of.verdict.need_count));
        }
    }
    text(of, "text", answer->text);
    json_add(of, "because", texts(answer->because, answer->because_count));
    text(of, "source", answer->source);
    return of;
}

static int answers(const concord_decision *decision, const json *wanted) {
    if (concord_decision_count(decision) != wanted->count) return 0;
    for (size_t i = 0; i < wanted->count; i++) {
        const concord_answer *answer = concord_decision_answer(decision, wanted->names[i]);
        if (!answer || !json_same(plain(answer), wanted->items[i])) return 0;
    }
    return 1;
}

static void vectors(const char *folder, const char *module) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.vectors.json", folder, module);
    concord_rule *rule = load(folder, module);
    json *cases = json_get(json_read(json_file(path, NULL)), "cases");
    for (size_t i = 0; i < cases->count; i++) {
        json *of = json_get(cases->items[i], "case"), *settings = json_get(cases->items[i], "settings");
        char *said = strndup(settings->from, settings->length);
        concord_ask ask = {0};
        ask.explain = 1;
        ask.settings = said;
        concord_error *error;
        concord_decision *decision = concord_evaluate(rule, of->from, of->length, &ask, &error);
        const char *name = json_get(cases->items[i], "name")->text;
        if (decision) {
            const char *record = concord_decision_json(decision);
            sha256_add(&records, record, strlen(record));
            sha256_add(&records, "\n", 1);
            that(answers(decision, json_get(cases->items[i], "answers")), module, name, "other answers");
        } else {
            that(0, module, name, concord_error_message(error));
        }
        concord_decision_free(decision);
        concord_error_free(error);
        free(said);
    }
    concord_rule_free(rule);
}

static json *faults(const concord_error *error) {
    const concord_fault *of;
    json *list = json_new(JSON_LIST);
    for (size_t i = 0, count = concord_error_faults(error, &of); i < count; i++) {
        json *fault = json_new(JSON_OBJECT);
        text(fault, "code", of[i].code);
        text(fault, "at", of[i].at);
        text(fault, "expected", of[i].expected);
        json_add(list, NULL, fault);
    }
    return list;
}

static int refused(const json *of, const concord_error *error) {
    json *broken = json_get(of, "broken");
    switch (error ? concord_error_status(error) : 0) {
    case CONCORD_CASE_REFUSED:
        return json_same(faults(error), json_get(of, "refused"));
    case CONCORD_SETTING_REFUSED:
        return json_same(faults(error), json_get(of, "setting_refused"));
    case CONCORD_CLAIM_BROKEN:
        return broken && !strcmp(concord_error_code(error), broken->text);
    default:
        return 0;
    }
}

/* Whether all that the member has set is in force. */
static int applied(const concord_decision *decision) { return !strstr(concord_decision_not_applied(decision), "parameter"); }

static void faulty(const char *path, const char *folder) {
    json *cases = json_get(json_read(json_file(path, NULL)), "cases");
    const char *loaded = "";
    concord_rule *rule = NULL;
    for (size_t i = 0; i < cases->count; i++) {
        const json *of = cases->items[i], *bytes = json_get(of, "bytes"), *settings = json_get(of, "settings");
        const json *member = json_get(of, "member"), *record = json_get(of, "record");
        const char *module = json_get(of, "module")->text, *text_of = bytes ? bytes->text : json_get(of, "case")->text;
        if (strcmp(module, loaded)) {
            concord_rule_free(rule);
            rule = load(folder, loaded = module);
        }
        size_t length = strlen(text_of);
        char *said = strdup(text_of);
        if (bytes) {
            length /= 2;
            for (size_t at = 0; at < length; at++) {
                unsigned byte;
                sscanf(text_of + 2 * at, "%2x", &byte);
                said[at] = (char)byte;
            }
        }
        concord_ask ask = {0};
        ask.settings = settings ? settings->text : NULL;
        ask.member = member ? member->text : NULL;
        concord_error *error = NULL;
        concord_decision *decision = record ? concord_evaluate(rule, said, length, &ask, &error) : NULL;
        if (decision) {
            const char *found = concord_decision_json(decision);
            int says = strstr(found, record->text) && applied(decision) == !strncmp(json_get(of, "not_applied")->from, "0", 1);
            that(says, module, json_get(of, "name")->text, found);
        } else {
            if (!error) error = concord_check(rule, said, length, &ask);
            that(refused(of, error), module, json_get(of, "name")->text, error ? concord_error_message(error) : "answers");
        }
        concord_decision_free(decision);
        concord_error_free(error);
        free(said);
    }
    concord_rule_free(rule);
}

static int by_name(const void *one, const void *other) { return strcmp(*(char *const *)one, *(char *const *)other); }

static void folder(const char *path) {
    char *names[4096];
    size_t count = 0;
    DIR *open = opendir(path);
    if (!open) {
        perror(path);
        exit(1);
    }
    for (struct dirent *entry; (entry = readdir(open)) && count < 4096;) {
        char *end = strstr(entry->d_name, ".vectors.json");
        if (end && !end[13]) names[count++] = strndup(entry->d_name, (size_t)(end - entry->d_name));
    }
    closedir(open);
    qsort(names, count, sizeof *names, by_name);
    for (size_t i = 0; i < count; i++) {
        vectors(path, names[i]);
        free(names[i]);
    }
}

int main(int count, char **arguments) {
    if (count < 3) return 2;
    sha256_begin(&records);
    for (int i = 2; i < count; i++) folder(arguments[i]);
    faulty(arguments[1], arguments[2]);
    char hash[65];
    sha256_end(&records, hash);
    printf("%zu passed, %zu failed\nrecords %s\n", passed, failed, hash);
    return passed && !failed ? 0 : 1;
}
