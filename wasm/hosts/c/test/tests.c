/* What a host must do beside answering the corpus: `tests FOLDER SCRATCH`. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../include/concord.h"
#include "json.h"
#include "sha256.h"

static const char *modules, *scratch;
static atomic_int wrong;

static void that(int holds, const char *what, int line) {
    if (holds) return;
    wrong++;
    fprintf(stderr, "%s:%d: %s\n", __FILE__, line, what);
}

#define THAT(holds) that(holds, #holds, __LINE__)

static double now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static double lasting(void) { return getenv("CONCORD_SECONDS") ? atof(getenv("CONCORD_SECONDS")) : 1; }

static const char *in(const char *folder, const char *name) {
    static _Thread_local char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static char *module_of(const char *name, size_t *length) { return json_file(in(modules, name), length); }

static const char *hash_of(const void *data, size_t length) {
    static char hex[2][65];
    static int turn;
    sha256 of;
    turn = !turn;
    sha256_begin(&of);
    sha256_add(&of, data, length);
    sha256_end(&of, hex[turn]);
    return hex[turn];
}

static const concord_options drafts = {.allow_draft = 1};

static concord_rule *loaded(const char *name) {
    concord_error *error;
    concord_rule *rule = concord_load(in(modules, name), &drafts, &error);
    if (!rule) {
        fprintf(stderr, "%s\n", concord_error_message(error));
        exit(1);
    }
    return rule;
}

static concord_decision *ask(const concord_rule *rule, const char *json, const concord_ask *how, concord_error **error) {
    return concord_evaluate(rule, json, strlen(json), how, error);
}

static char *replaced(const char *of, size_t length, const char *what, const char *with, size_t size) {
    char *out = malloc(length);
    memcpy(out, of, length);
    for (size_t at = 0; at + size <= length; at++)
        if (!memcmp(out + at, what, size)) memcpy(out + at, with, size);
    return out;
}

static void refused_with(const char *code, const void *module, size_t length, concord_options options) {
    concord_error *error = NULL;
    concord_rule *rule = concord_load_bytes(module, length, &options, &error);
    THAT(!rule && concord_error_status(error) == CONCORD_RULE_REFUSED);
    if (!rule && strcmp(concord_error_code(error), code)) {
        fprintf(stderr, "%s and not %s\n", concord_error_message(error), code);
        wrong++;
    }
    concord_rule_free(rule);
    concord_error_free(error);
}

static void write_file(const char *path, const void *data, size_t length) {
    char fresh[4096];
    snprintf(fresh, sizeof fresh, "%s.new", path);
    FILE *file = fopen(fresh, "wb");
    THAT(file && fwrite(data, 1, length, file) == length && !fclose(file) && !rename(fresh, path));
}

static void what_is_not_to_be_trusted_is_refused(void) {
    size_t length, beside;
    char *module = module_of("news2.wasm", &length), *flipped = malloc(length);
    memcpy(flipped, module, length);
    flipped[length / 2] ^= 1;
    refused_with("sha256", flipped, length, (concord_options){.allow_draft = 1, .sha256 = hash_of(module, length)});
    refused_with("sha256", module, length, (concord_options){.allow_draft = 1, .sha256 = hash_of(flipped, length)});
    refused_with("module", "<!doctype html>", 15, drafts);
    refused_with("module", module, length / 2, drafts);
    refused_with("interface", replaced(module, length, "\x7f\0\x41\3\x0b", "\x7f\0\x41\4\x0b", 5), length, drafts);
    refused_with("fingerprint", module, length, (concord_options){.allow_draft = 1, .fingerprint = hash_of(module, length)});
    refused_with("draft", module, length, (concord_options){0});
    char *otherwise = module_of("wrong/news2.wasm", &beside); // a pulse of 91 as one of 90
    refused_with("self_test", otherwise, beside, drafts);
    char *manifest = module_of("news2.manifest.json", &beside);
    write_file(in(scratch, "flipped.manifest.json"), manifest, beside);
    write_file(in(scratch, "flipped.wasm"), flipped, length);
    concord_error *error = NULL;
    THAT(!concord_load(in(scratch, "flipped.wasm"), &drafts, &error) && !strcmp(concord_error_code(error), "sha256"));
    concord_error_free(error);
    unlink(in(scratch, "flipped.wasm"));
    THAT(!concord_load(in(scratch, "none.wasm"), NULL, &error) && concord_error_status(error) == CONCORD_FILE);
    concord_error_free(error);
    THAT(!concord_load(NULL, NULL, &error) && concord_error_status(error) == CONCORD_MISUSED);
    concord_error_free(error);
    THAT(!concord_load("\xff", NULL, NULL));
}

static void an_answer_is_one_of_four(void) {
    concord_rule *news2 = loaded("news2.wasm");
    concord_decision *decision = ask(news2,
        "{\"respiration_rate\":25,\"spo2\":91,\"scale\":\"scale_1\",\"on_oxygen\":true,\"systolic\":90,\"pulse\":131,\"consciousness\":\"voice\"}",
        NULL, NULL);
    const concord_answer *total = concord_decision_answer(decision, "total"), *risk = concord_decision_answer(decision, "risk");
    THAT(total && total->kind == CONCORD_UNKNOWN && !strcmp(total->of.unknown.from.text, "17") && !strcmp(total->of.unknown.to.text, "20"));
    THAT(total && total->of.unknown.need_count == 1 && !strcmp(total->of.unknown.needs[0].fact, "temperature"));
    THAT(risk && risk->kind == CONCORD_VALUE && risk->of.value.type == CONCORD_TEXT && !strcmp(risk->of.value.text, "high"));
    THAT(!concord_decision_answer(decision, "risks") && !concord_decision_name(decision, 1000));
    concord_decision_free(decision);
    concord_error *error = concord_check(news2, "{\"scale\":\"scale_3\"}", 19, NULL);
    const concord_fault *faults;
    THAT(concord_error_faults(error, &faults) == 1 && !strcmp(faults->code, "D10") && !strcmp(faults->at, "/scale"));
    concord_error_free(error);
    THAT(!concord_check(news2, "{}", 2, NULL));
    concord_rule_free(news2);
}

static void settings_are_held_to_the_contract(void) {
    concord_rule *sepsis = loaded("sepsis.wasm");
    concord_error *error = NULL;
    const concord_fault *faults;
    concord_ask how = {.as_of = "2026-02-01T00:00:00Z", .settings = "{\"antibiotics_within\":\"PT2H\"}"};
    THAT(!ask(sepsis, "{}", &how, &error) && concord_error_status(error) == CONCORD_SETTING_REFUSED);
    THAT(concord_error_faults(error, &faults) == 1 && !strcmp(faults->code, "D08") && !strcmp(faults->at, "/antibiotics_within"));
    concord_error_free(error);
    how = (concord_ask){.as_of = "2026-02-01T00:00:00Z", .member = "ZZZ"};
    THAT(!ask(sepsis, "{}", &how, &error) && concord_error_faults(error, &faults) == 1 && !strcmp(faults->code, "member"));
    concord_error_free(error);
    static const struct { const char *day; int holds; } days[] = {
        {"2026-01-31T23:59:59Z", 0}, {"2026-02-01T00:00:00Z", 1}, {"2027-02-01T23:59:59Z", 1}, {"2027-02-02T00:00:00Z", 0}};
    for (size_t i = 0; i < 4; i++) {
        how = (concord_ask){.as_of = days[i].day, .member = "XX1"};
        concord_decision *decision = ask(sepsis, "{}", &how, NULL);
        THAT((strstr(concord_decision_json(decision), "PT45M") != NULL) == days[i].holds);
        THAT((strcmp(concord_decision_not_applied(decision), "[]") == 0) == days[i].holds);
        THAT(!strcmp(concord_decision_member(decision), "XX1"));
        concord_decision_free(decision);
    }
    THAT(!ask(sepsis, "{\"as_of\":\"2026-02-01T00:00:00Z\"}", &how, &error) && concord_error_faults(error, &faults) && !strcmp(faults->at, "/as_of"));
    concord_error_free(error);
    concord_rule_free(sepsis);
}

static void count_call(void *context, const concord_call *call) {
    if (!strcmp(call->outcome, "refused") && call->code_count == 1 && !strcmp(call->codes[0], "D08")) ((int *)context)[0]++;
    if (!strcmp(call->outcome, "answered") && call->unknown > 0) ((int *)context)[1]++;
}

static void count_decision(void *context, const concord_decision *decision, const char *hash) {
    if (!strcmp(hash, hash_of("{\"spo2\":97}", 11)) && !strcmp(concord_decision_package(decision), "clinical.news2")) ((int *)context)[2]++;
}

static void count_table(void *context, const concord_call *call) {
    if (!strcmp(call->outcome, "answered") && call->unknown == 2 && call->cases == 2) ((int *)context)[0]++;
    if (!strcmp(call->outcome, "refused") && call->code_count == 1 && !strcmp(call->codes[0], "D08") && call->cases == 2) ((int *)context)[1]++;
}

static void count_row(void *context, const concord_decision *decision, const char *hash) {
    const concord_answer *saturation = concord_decision_answer(decision, "saturation");
    ((int *)context)[saturation->kind == CONCORD_VALUE && strlen(hash) == 64 ? 2 : 3]++;
}

#define COLUMNS "{\"respiration_rate\":[25,12],\"spo2\":[91,null],\"scale\":[\"scale_1\",\"scale_1\"],\"on_oxygen\":[true,false]}"

static void hooks_are_told_of_tables(void) {
    int counts[4] = {0};
    concord_options options = {.allow_draft = 1, .on_call = count_table, .on_decision = count_row, .context = counts};
    concord_rule *news2 = concord_load(in(modules, "news2.wasm"), &options, NULL);
    concord_text_free(concord_evaluate_table(news2, COLUMNS, "[\"saturation\",\"risk\"]", NULL, NULL));
    THAT(!concord_evaluate_table(news2, "{\"spo2\":[97,200]}", "[\"risk\"]", NULL, NULL));
    THAT(counts[0] == 1 && counts[1] == 1 && counts[2] == 1 && counts[3] == 1);
    concord_rule_free(news2);
}

static void hooks_are_told(void) {
    int counts[3] = {0};
    size_t length;
    char *module = module_of("news2.wasm", &length);
    concord_options options = {.allow_draft = 1, .on_call = count_call, .on_decision = count_decision, .context = counts};
    concord_rule *news2 = concord_load_bytes((uint8_t *)module, length, &options, NULL);
    concord_error_free(concord_check(news2, "{\"spo2\":200}", 12, NULL));
    THAT(counts[0] == 0); /* a case that is only checked is told to nobody */
    THAT(!ask(news2, "{\"spo2\":200}", NULL, NULL));
    concord_decision_free(ask(news2, "{\"spo2\":97}", NULL, NULL));
    THAT(counts[0] == 1 && counts[1] == 1 && counts[2] == 1);
    THAT(strstr(concord_info(news2), "\"package\":\"clinical.news2\"") != NULL && strstr(concord_schema(news2), "\"spo2\""));
    size_t same;
    THAT(!memcmp(concord_bytes(news2, &same), module, length) && same == length);
    concord_rule_free(news2);
}

static void a_deadline_stops_a_call(void) {
    concord_rule *rota = loaded("rota_tcs2016.wasm");
    char *text = malloc(1 << 20), *at = text + sprintf(text, "{\"as_of\":\"2035-01-01T00:00:00Z\",\"events\":[");
    for (int i = 0; i < 800; i++)
        at += sprintf(at, "%s{\"event\":\"Shift\",\"at\":\"%d-%02d-%02dT08:00:00Z\",\"finish\":\"%d-%02d-%02dT16:00:00Z\"}", i ? "," : "",
            1990 + i / 336, i / 28 % 12 + 1, i % 28 + 1, 1990 + i / 336, i / 28 % 12 + 1, i % 28 + 1);
    strcpy(at, "]}");
    concord_ask how = {.deadline_ms = 2};
    concord_error *error = NULL;
    double begun = now();
    THAT(!ask(rota, text, &how, &error) && concord_error_status(error) == CONCORD_LIMIT_REACHED && !strcmp(concord_error_code(error), "deadline"));
    THAT(now() - begun < 5);
    concord_error_free(error);
    concord_rule_free(rota);
    free(text);
}

static void tables(void) {
    concord_rule *news2 = loaded("news2.wasm");
    char *table = concord_evaluate_table(news2, COLUMNS, "[\"saturation\",\"risk\"]", NULL, NULL);
    json *wanted = json_read("{\"risk\":[\"high\",null],\"risk.kind\":[\"value\",\"unknown\"],\"saturation\":[3,null],\"saturation.from\":[null,0],"
                             "\"saturation.kind\":[\"value\",\"unknown\"],\"saturation.to\":[null,3]}");
    THAT(table && json_same(json_read(table), wanted));
    concord_text_free(table);
    concord_error *error = NULL;
    const concord_fault *faults;
    THAT(!concord_evaluate_table(news2, "{\"spo2\":[97,200]}", "[\"risk\"]", NULL, &error) && concord_error_faults(error, &faults) == 1);
    THAT(!strcmp(faults->at, "/1/spo2"));
    concord_error_free(error);
    concord_rule_free(news2);
}

static struct { char text[256]; const char *settings; char *wanted; } asked[36];
static concord_rule *shared;
static double until;

static void *share(void *first) {
    for (size_t turn = (size_t)first; now() < until; turn++) {
        size_t i = turn % 36;
        concord_ask how = {.settings = asked[i].settings};
        concord_decision *decision = ask(shared, asked[i].text, &how, NULL);
        THAT(decision && !strcmp(concord_decision_json(decision), asked[i].wanted));
        concord_decision_free(decision);
    }
    return NULL;
}

static long resident(void) {
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fscanf(file, "%*d %ld", &pages) != 1) pages = 0;
    if (file) fclose(file);
    return pages * 4096;
}

static void eight(void *(*work)(void *)) {
    pthread_t threads[8];
    for (size_t i = 0; i < 8; i++) pthread_create(&threads[i], NULL, work, (void *)i);
    for (size_t i = 0; i < 8; i++) pthread_join(threads[i], NULL);
}

static void eight_threads_share_a_rule(void) {
    shared = loaded("sepsis.wasm");
    for (int i = 0; i < 36; i++) {
        snprintf(asked[i].text, sizeof asked[i].text,
            "{\"as_of\":\"2026-03-29T%02d:00Z\",\"age\":70,\"events\":[{\"event\":\"SepsisTriage\",\"at\":\"2026-03-29T05:00Z\"}]}", 6 + i / 2);
        asked[i].settings = i % 2 ? "{\"antibiotics_within\":\"PT45M\"}" : "{}";
        concord_ask how = {.settings = asked[i].settings};
        concord_decision *decision = ask(shared, asked[i].text, &how, NULL);
        asked[i].wanted = strdup(concord_decision_json(decision));
        concord_decision_free(decision);
    }
    until = now() + lasting() / 4;
    eight(share);
    long before = resident();
    until = now() + lasting();
    eight(share);
    THAT(resident() - before < 4 << 20);
    THAT(concord_idle(shared) <= 8);
    concord_rule_free(shared);
}

static concord_rules *folder_rules;
static char hashes[2][65];
static atomic_int told, newer, over;

static void changed(void *context, const char *package, const char *old, const char *new) {
    (void)context, (void)old, (void)new;
    THAT(!strcmp(package, "clinical.news2"));
    told++;
}

static void refused(void *context, const char *path, const concord_error *error) {
    (void)context;
    THAT(strstr(path, "news2.wasm") && !strcmp(concord_error_code(error), "module"));
    told++;
}

static void *use(void *none) {
    while (!over) {
        concord_rule *rule = concord_rules_get(folder_rules, "clinical.news2", NULL, NULL);
        concord_decision *decision = rule ? ask(rule, "{\"spo2\":97}", NULL, NULL) : NULL;
        THAT(decision != NULL);
        if (decision) {
            int second = !strcmp(concord_decision_version(decision), "1.0.1");
            THAT(!strcmp(concord_decision_sha256(decision), hashes[second]));
            THAT(strstr(concord_info(rule), second ? "\"version\":\"1.0.1\"" : "\"version\":\"1.0.0\"") != NULL);
            newer += second;
        }
        concord_decision_free(decision);
        concord_rule_free(rule);
    }
    return none;
}

static void *deploy(void *path) {
    size_t length, later;
    char *first = module_of("news2.wasm", &length), *second = module_of("later/news2.wasm", &later);
    double end = now() + lasting();
    for (int turn = 0; turn < 6 || now() < end; turn++) {
        int before = told;
        write_file(path, turn % 3 == 0 ? second : turn % 3 == 1 ? "<html>" : first, turn % 3 == 0 ? later : turn % 3 == 1 ? 6 : length);
        for (double patient = now() + 60; told == before && now() < patient;) usleep(1000);
        THAT(told > before);
    }
    over = 1;
    return NULL;
}

static void reloading_under_load_loses_no_call_and_mixes_no_versions(void) {
    size_t length, later;
    char *first = module_of("news2.wasm", &length), *second = module_of("later/news2.wasm", &later), path[4096];
    snprintf(path, sizeof path, "%s/news2.wasm", scratch);
    unlink(in(scratch, "news2b.wasm"));
    write_file(path, first, length);
    strcpy(hashes[0], hash_of(first, length));
    strcpy(hashes[1], hash_of(second, later));
    concord_options options = {.allow_draft = 1};
    concord_watcher watcher = {.on_change = changed, .on_refused = refused};
    folder_rules = concord_rules_open(scratch, &options, &watcher, NULL);
    concord_rules_watch(folder_rules, 5);
    pthread_t deployer;
    pthread_create(&deployer, NULL, deploy, path);
    eight(use);
    pthread_join(deployer, NULL);
    THAT(newer > 0);
    concord_rules_free(folder_rules);
    char *twice = malloc(length + 5);
    memcpy(twice, first, length);
    memcpy(twice + length, "\0\3\1x", 5);
    write_file(path, first, length);
    write_file(in(scratch, "news2b.wasm"), twice, length + 5);
    concord_error *error = NULL;
    THAT(!concord_rules_open(scratch, &options, NULL, &error) && !strcmp(concord_error_code(error), "twice"));
    concord_error_free(error);
}

int main(int count, char **arguments) {
    if (count < 3) return 2;
    modules = arguments[1];
    scratch = arguments[2];
    what_is_not_to_be_trusted_is_refused();
    an_answer_is_one_of_four();
    settings_are_held_to_the_contract();
    hooks_are_told();
    hooks_are_told_of_tables();
    a_deadline_stops_a_call();
    tables();
    eight_threads_share_a_rule();
    reloading_under_load_loses_no_call_and_mixes_no_versions();
    printf("%d wrong\n", wrong);
    return wrong != 0;
}
