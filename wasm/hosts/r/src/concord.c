/* The library for C as R calls it. Whatever fails comes back as a text of class "concord_fault", which R makes a condition of: no error leaves C. */
#include <concord.h>
#include <string.h>

#define R_NO_REMAP
#include <R.h>
#include <Rinternals.h>
#include <R_ext/Rdynload.h>

static SEXP text(const char *of) { return of ? Rf_ScalarString(Rf_mkCharCE(of, CE_UTF8)) : R_NilValue; }

/* An optional text of R. */
static const char *said(SEXP of) { return Rf_isNull(of) ? NULL : Rf_translateCharUTF8(STRING_ELT(of, 0)); }

static SEXP fault(concord_error *error) {
    SEXP of = PROTECT(text(concord_error_json(error)));
    SEXP class = PROTECT(text("concord_fault"));
    Rf_setAttrib(of, R_ClassSymbol, class);
    concord_error_free(error);
    UNPROTECT(2);
    return of;
}

static void rule_gone(SEXP of) {
    concord_rule_free(R_ExternalPtrAddr(of));
    R_ClearExternalPtr(of);
}

static void rules_gone(SEXP of) {
    concord_rules_free(R_ExternalPtrAddr(of));
    R_ClearExternalPtr(of);
}

static SEXP pointer(void *at, R_CFinalizer_t gone) {
    SEXP of = PROTECT(R_MakeExternalPtr(at, R_NilValue, R_NilValue));
    R_RegisterCFinalizerEx(of, gone, TRUE);
    UNPROTECT(1);
    return of;
}

/* The hash of the case that was answered last, as the library tells the decision log; R has one thread. */
static char case_sha256[65];

static void keep_hash(void *none, const concord_decision *decision, const char *hash) {
    (void)none, (void)decision;
    strncpy(case_sha256, hash, sizeof case_sha256 - 1);
}

static concord_options options_of(SEXP sha256, SEXP fingerprint, SEXP allow_draft, SEXP verify, SEXP logged) {
    concord_options options = {0};
    options.sha256 = said(sha256);
    options.fingerprint = said(fingerprint);
    options.allow_draft = Rf_asLogical(allow_draft) == TRUE;
    options.without_verifying = Rf_asLogical(verify) == FALSE;
    if (Rf_asLogical(logged) == TRUE) options.on_decision = keep_hash;
    return options;
}

static SEXP r_load(SEXP module, SEXP sha256, SEXP fingerprint, SEXP allow_draft, SEXP verify, SEXP logged) {
    concord_options options = options_of(sha256, fingerprint, allow_draft, verify, logged);
    concord_error *error;
    concord_rule *rule = TYPEOF(module) == RAWSXP ? concord_load_bytes(RAW(module), (size_t)XLENGTH(module), &options, &error)
                                                  : concord_load(said(module), &options, &error);
    return rule ? pointer(rule, rule_gone) : fault(error);
}

static SEXP r_info(SEXP rule) { return text(concord_info(R_ExternalPtrAddr(rule))); }

static SEXP r_schema(SEXP rule) { return text(concord_schema(R_ExternalPtrAddr(rule))); }

static SEXP r_bytes(SEXP rule) {
    size_t length;
    const uint8_t *at = concord_bytes(R_ExternalPtrAddr(rule), &length);
    SEXP of = PROTECT(Rf_allocVector(RAWSXP, (R_xlen_t)length));
    for (size_t i = 0; i < length; i++) RAW(of)[i] = at[i];
    UNPROTECT(1);
    return of;
}

static concord_ask ask_of(SEXP as_of, SEXP settings, SEXP member, SEXP explain, SEXP deadline) {
    concord_ask ask = {0};
    ask.as_of = said(as_of);
    ask.settings = said(settings);
    ask.member = said(member);
    ask.explain = Rf_asLogical(explain) == TRUE;
    double seconds = Rf_isNull(deadline) ? 0 : Rf_asReal(deadline);
    ask.deadline_ms = seconds > 0 ? (uint64_t)(seconds * 1000) + 1 : 0;
    return ask;
}

static SEXP r_evaluate(SEXP rule, SEXP of, SEXP as_of, SEXP settings, SEXP member, SEXP explain, SEXP deadline) {
    concord_ask ask = ask_of(as_of, settings, member, explain, deadline);
    concord_error *error;
    concord_decision *decision = concord_evaluate(R_ExternalPtrAddr(rule), (const char *)RAW(of), (size_t)XLENGTH(of), &ask, &error);
    if (!decision) return fault(error);
    SEXP found = PROTECT(Rf_allocVector(VECSXP, 5));
    SET_VECTOR_ELT(found, 0, text(concord_decision_json(decision)));
    SET_VECTOR_ELT(found, 1, text(concord_decision_sha256(decision)));
    SET_VECTOR_ELT(found, 2, text(concord_decision_member(decision)));
    SET_VECTOR_ELT(found, 3, text(concord_decision_not_applied(decision)));
    SET_VECTOR_ELT(found, 4, text(case_sha256));
    concord_decision_free(decision);
    UNPROTECT(1);
    return found;
}

static SEXP r_table(SEXP rule, SEXP columns, SEXP want, SEXP as_of, SEXP settings, SEXP member, SEXP deadline) {
    concord_ask ask = ask_of(as_of, settings, member, R_NilValue, deadline);
    concord_error *error;
    char *table = concord_evaluate_table(R_ExternalPtrAddr(rule), said(columns), said(want), &ask, &error);
    if (!table) return fault(error);
    SEXP found = PROTECT(text(table));
    concord_text_free(table);
    UNPROTECT(1);
    return found;
}

static SEXP r_rules(SEXP folder, SEXP allow_draft, SEXP verify, SEXP logged) {
    concord_options options = options_of(R_NilValue, R_NilValue, allow_draft, verify, logged);
    concord_error *error;
    concord_rules *rules = concord_rules_open(said(folder), &options, NULL, &error);
    return rules ? pointer(rules, rules_gone) : fault(error);
}

static SEXP r_get(SEXP rules, SEXP package, SEXP version) {
    concord_error *error;
    concord_rule *rule = concord_rules_get(R_ExternalPtrAddr(rules), said(package), said(version), &error);
    return rule ? pointer(rule, rule_gone) : fault(error);
}

static SEXP r_reload(SEXP rules) {
    concord_error *error = concord_rules_reload(R_ExternalPtrAddr(rules));
    return error ? fault(error) : R_NilValue;
}

static const R_CallMethodDef calls[] = {
    {"r_load", (DL_FUNC)&r_load, 6},         {"r_info", (DL_FUNC)&r_info, 1},   {"r_schema", (DL_FUNC)&r_schema, 1},
    {"r_bytes", (DL_FUNC)&r_bytes, 1},       {"r_table", (DL_FUNC)&r_table, 7}, {"r_rules", (DL_FUNC)&r_rules, 4},
    {"r_evaluate", (DL_FUNC)&r_evaluate, 7}, {"r_get", (DL_FUNC)&r_get, 3},     {"r_reload", (DL_FUNC)&r_reload, 1},
    {NULL, NULL, 0}};

void R_init_concord(DllInfo *library) {
    R_registerRoutines(library, NULL, calls, NULL, NULL);
    R_useDynamicSymbols(library, FALSE);
}
