/* Asks rules that `concord build` has made: one file each, NAME.wasm. Link with -lconcord.
 *
 * All text is UTF-8 and ends with a zero byte. What a call gives belongs to the thing it was asked of, and lives as long, but for what is given with its
 * own function to free it. A pointer that may be NULL is called optional. Rules may be used by any number of threads at once; a decision or an error by one at a time.
 * Where a call fails it gives NULL, and an error through its last argument, which is optional. */
#ifndef CONCORD_H
#define CONCORD_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct concord_rule concord_rule;
typedef struct concord_rules concord_rules;
typedef struct concord_decision concord_decision;
typedef struct concord_error concord_error;

/* ---- Errors. No message repeats a value of a case. */

typedef enum {
    CONCORD_CASE_REFUSED = 1,    /* the case is faulty: faults */
    CONCORD_SETTING_REFUSED = 2, /* a setting is outside the contract, or there is no such parameter or member: faults */
    CONCORD_RULE_REFUSED = 3,    /* the module is not to be trusted: code sha256, module, interface, json, fingerprint, draft, self_test, twice, stopped */
    CONCORD_CLAIM_BROKEN = 4,    /* the case reaches what the rule claims to be impossible: code is the claim, in words */
    CONCORD_LIMIT_REACHED = 5,   /* code deadline or room */
    CONCORD_UNNAMED = 6,         /* no such answer, rule or column */
    CONCORD_FILE = 7,            /* a file cannot be read */
    CONCORD_MISUSED = 8          /* a pointer is NULL that may not be, or a text is not UTF-8 */
} concord_status;

typedef struct {
    const char *code;     /* `concord explain D08` explains it */
    const char *at;       /* where, as a JSON pointer */
    const char *expected; /* what belongs there; NULL where there is nothing to say */
} concord_fault;

concord_status concord_error_status(const concord_error *error);
const char *concord_error_message(const concord_error *error);
const char *concord_error_code(const concord_error *error); /* "" where the status has none */
size_t concord_error_faults(const concord_error *error, const concord_fault **faults);
const char *concord_error_json(const concord_error *error); /* all of it, as data */
void concord_error_free(concord_error *error);              /* NULL is fine, here and below */

/* ---- Loading. */

typedef struct {
    const char *package, *version, *fingerprint;
    const char *outcome; /* answered, refused, setting_refused, claim_broken, limit, stopped */
    double seconds;
    const char *const *codes; /* of the faults */
    size_t code_count;
    size_t unknown; /* how many answers are not known; of a table, of those that were wanted */
    size_t cases;   /* how many cases it was about: one, or the rows of a table */
} concord_call;

/* Set to zero, it says nothing: drafts are refused, and golden cases are answered first. */
typedef struct {
    const char *sha256;      /* optional: the hash that the file must have */
    const char *fingerprint; /* optional: the fingerprint that its logic must have */
    int allow_draft;
    int without_verifying;
    void (*on_call)(void *context, const concord_call *call);                                                /* optional: for metrics */
    void (*on_decision)(void *context, const concord_decision *decision, const char *case_sha256);           /* optional: for the decision log */
    void *context;                                                                                           /* for both; from any thread */
} concord_options;

concord_rule *concord_load(const char *path, const concord_options *options, concord_error **error);
concord_rule *concord_load_bytes(const uint8_t *module, size_t length, const concord_options *options, concord_error **error);
const char *concord_info(const concord_rule *rule);   /* JSON: package, version, title, owner, status, unverified, fingerprint, sha256, sources, members */
const char *concord_schema(const concord_rule *rule); /* JSON: facts, events, parameters, answers */
const uint8_t *concord_bytes(const concord_rule *rule, size_t *length);
size_t concord_idle(const concord_rule *rule); /* how many instances are kept that no call is using */
void concord_rule_free(concord_rule *rule);

/* ---- Asking. A case is the text of a JSON object. */

typedef struct {
    const char *as_of;     /* optional: the instant to judge at, RFC 3339 with its zone, for a case that does not say it */
    const char *settings;  /* optional: a member's settings as JSON, for this call and no others */
    const char *member;    /* optional: a member's code */
    int explain;           /* whether each answer says why */
    uint64_t deadline_ms;  /* after how long the answer is of no use; 0: it may take as long as it wants */
} concord_ask;

concord_decision *concord_evaluate(const concord_rule *rule, const char *json, size_t length, const concord_ask *ask, concord_error **error);
/* The error is CONCORD_CASE_REFUSED, with the faults, where the case cannot be answered; NULL where it can. */
concord_error *concord_check(const concord_rule *rule, const char *json, size_t length, const concord_ask *ask);
/* Columns are {"spo2":[97,null],…}, of one length; want is ["total",…]; what comes out is of the same form as columns. */
char *concord_evaluate_table(const concord_rule *rule, const char *columns, const char *want, const concord_ask *ask, concord_error **error);
void concord_text_free(char *text);

/* ---- Decisions. */

const char *concord_decision_json(const concord_decision *decision); /* the record as the module wrote it, to the byte */
const char *concord_decision_package(const concord_decision *decision);
const char *concord_decision_version(const concord_decision *decision);
const char *concord_decision_sha256(const concord_decision *decision);      /* of the module */
const char *concord_decision_member(const concord_decision *decision);      /* whose settings were asked for, or NULL */
const char *concord_decision_not_applied(const concord_decision *decision); /* JSON: the member's settings that are not approved on the day */
size_t concord_decision_count(const concord_decision *decision);
const char *concord_decision_name(const concord_decision *decision, size_t place); /* of an answer, in the order of the rule; NULL beyond */
void concord_decision_free(concord_decision *decision);

typedef enum { CONCORD_ABSENT = 0, CONCORD_YES_NO = 1, CONCORD_NUMBER = 2, CONCORD_TEXT = 3 } concord_type;

typedef struct {
    concord_type type; /* CONCORD_ABSENT: there is none, and text is NULL */
    const char *text;  /* "true" or "false"; the digits of a number, exactly; or a text: a choice, a code, an instant, a date, a length of time */
} concord_scalar;

typedef struct {
    const char *kind; /* fact, field, time, events, parameter, decision */
    const char *fact, *event, *field, *parameter, *answer, *until; /* NULL where they do not apply */
    const char *text;
} concord_need;

/* An answer is one of four; what stands in `of` follows from `kind`, and there is no value that stands for the others. */
typedef enum { CONCORD_VALUE = 1, CONCORD_NONE = 2, CONCORD_UNKNOWN = 3, CONCORD_VERDICT = 4 } concord_kind;

typedef struct {
    concord_kind kind;
    const char *text; /* in words */
    const char *const *because; /* why it is so, a sentence each, where it was asked for */
    size_t because_count;
    const char *source; /* the citation, where it was asked for and the rule has one; or NULL */
    union {
        concord_scalar value;
        struct {
            concord_scalar from, to; /* between which two, or */
            const concord_scalar *values; /* which of these, */
            size_t value_count;
            int or_none; /* or none */
            const concord_need *needs; /* what would settle it */
            size_t need_count;
        } unknown;
        struct {
            const char *verdict; /* not applicable, excused, met, late, missed, open, unknown */
            const char *from, *due, *due_on, *done, *late_by, *excuse; /* NULL where they do not apply */
            int late_by_days, late_by_working_days; /* -1 where they do not apply */
            const char *const *possible; /* the verdicts that are still possible, where it is unknown */
            size_t possible_count;
            const concord_need *needs;
            size_t need_count;
        } verdict;
    } of;
} concord_answer;

/* NULL where the rule has no answer of this name. */
const concord_answer *concord_decision_answer(const concord_decision *decision, const char *name);

/* ---- The rules of a folder: every .wasm but those for batches. */

typedef struct {
    void (*on_change)(void *context, const char *package, const char *old_sha256, const char *new_sha256); /* optional; NULL: new, or gone */
    void (*on_refused)(void *context, const char *path, const concord_error *error); /* optional; without it a file that is refused is an error */
    void *context;
} concord_watcher;

concord_rules *concord_rules_open(const char *folder, const concord_options *options, const concord_watcher *watcher, concord_error **error);
/* The rule of a package, in one version or, where that is NULL, in its highest; free it when done, the folder keeps its own. */
concord_rule *concord_rules_get(const concord_rules *rules, const char *package, const char *version, concord_error **error);
concord_error *concord_rules_reload(const concord_rules *rules); /* NULL: all is well; not from within what is told */
void concord_rules_watch(const concord_rules *rules, uint64_t every_ms); /* reloads again and again, until the rules are freed */
void concord_rules_free(concord_rules *rules); /* once it returns, nobody is told anything more; not from within what is told */

#ifdef __cplusplus
}
#endif
#endif
