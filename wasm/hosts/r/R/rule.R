# Rules: loaded, asked, and those of a folder.

#' A rule from a file, or from the bytes of its module. Drafts are refused unless they are allowed, and golden cases answered first.
load_rule <- function(module, sha256 = NULL, fingerprint = NULL, allow_draft = FALSE, verify = TRUE, on_call = NULL, on_decision = NULL) {
  rule <- found(.Call(r_load, if (is.raw(module)) module else path.expand(module), sha256, fingerprint, allow_draft, verify, !is.null(on_decision)))
  new_rule(rule, on_call, on_decision)
}

new_rule <- function(pointer, on_call, on_decision) {
  structure(list(pointer = pointer, on_call = on_call, on_decision = on_decision), class = "concord_rule")
}

#' Whose answers they are: package, version, title, owner, status, unverified, fingerprint, sha256, sources, members.
rule_info <- function(rule) read_json(.Call(r_info, rule$pointer))

#' What a case may hold, and an answer may be: facts, events, parameters, answers.
rule_schema <- function(rule) read_json(.Call(r_schema, rule$pointer))

#' The module, from which load_rule makes the rule again elsewhere.
rule_bytes <- function(rule) .Call(r_bytes, rule$pointer)

print.concord_rule <- function(x, ...) {
  info <- rule_info(x)
  cat(info$package, " ", info$version, " (", info$status, ")\n", sep = "")
  invisible(x)
}

#' Answers a case: a list of facts, as_of and events; or its text as JSON.
evaluate <- function(rule, case, as_of = NULL, settings = NULL, member = NULL, explain = FALSE, deadline = NULL) {
  begun <- proc.time()[["elapsed"]]
  out <- asked(rule, case, as_of, settings, member, explain, deadline)
  failed <- inherits(out, "concord_fault")
  decision <- if (failed) NULL else new_decision(out)
  if (!is.null(rule$on_call)) {
    unknown <- if (failed) 0L else sum(!vapply(unclass(decision)$answers, is_known, NA))
    rule$on_call(told(rule, out, unknown, 1L, proc.time()[["elapsed"]] - begun))
  }
  if (!is.null(rule$on_decision) && !failed) rule$on_decision(decision, out[[5]])
  found(out)
  decision
}

# What the library gives for a case.
asked <- function(rule, case, as_of = NULL, settings = NULL, member = NULL, explain = FALSE, deadline = NULL) {
  deadline <- seconds(deadline)
  if (isTRUE(deadline <= 0)) return(over)
  .Call(r_evaluate, rule$pointer, as_bytes(case), instant(as_of), text_of(settings), member, explain, deadline)
}

# A deadline that has passed before the call.
over <- structure('{"error":"limit_reached","code":"deadline","faults":[],"message":"a limit was reached: deadline"}', class = "concord_fault")

#' What is wrong with a case: a list of faults, empty where it can be answered.
check_case <- function(rule, case, ...) {
  tryCatch({
    found(asked(rule, case, ...))
    list()
  }, case_refused = function(refused) refused$faults)
}

# A column as JSON has it: a list, also of one entry.
column <- function(of) {
  of <- plain(of)
  if (inherits(of, "json")) list(of) else of
}

#' Answers many cases without events: a data frame of facts in, a data frame of answers out. An NA is missing, or not known: NAME.kind says which.
evaluate_table <- function(rule, columns, want, as_of = NULL, settings = NULL, member = NULL, deadline = NULL) {
  begun <- proc.time()[["elapsed"]]
  deadline <- seconds(deadline)
  of <- as.character(toJSON(named(lapply(as.list(columns), column)), digits = NA, na = "null", json_verbatim = TRUE))
  logged <- if (is.null(rule$on_decision)) "" else rule_info(rule)$sha256
  out <- if (isTRUE(deadline <= 0)) over else
    .Call(r_table, rule$pointer, of, write_json(as.list(want)), instant(as_of), text_of(settings), member, deadline, logged)
  failed <- inherits(out, "concord_fault")
  table <- if (failed) NULL else as.data.frame(fromJSON(out[[1]]), check.names = FALSE, stringsAsFactors = FALSE)
  if (!is.null(rule$on_call) && !(failed && read_json(out)$error %in% c("misused", "unnamed"))) {
    kinds <- intersect(paste0(want, ".kind"), names(table))
    unknown <- sum(vapply(kinds, function(kind) sum(table[[kind]] == "unknown"), 0L))
    rule$on_call(told(rule, out, unknown, length(columns[[1]]), proc.time()[["elapsed"]] - begun))
  }
  found(out)
  if (!is.null(rule$on_decision)) for (one in out[[2]]) rule$on_decision(new_decision(one), one[[5]])
  table
}

#' The rules of a folder, every .wasm but those for batches. One that is refused is an error.
open_rules <- function(folder, allow_draft = FALSE, verify = TRUE, on_call = NULL, on_decision = NULL) {
  pointer <- found(.Call(r_rules, path.expand(folder), allow_draft, verify, !is.null(on_decision)))
  structure(list(pointer = pointer, on_call = on_call, on_decision = on_decision), class = "concord_rules")
}

#' The rule of a package, in one version or in its highest.
get_rule <- function(rules, package, version = NULL) {
  new_rule(found(.Call(r_get, rules$pointer, package, version)), rules$on_call, rules$on_decision)
}

#' Reads the folder again. A file that is refused changes nothing, and is an error.
reload <- function(rules) invisible(found(.Call(r_reload, rules$pointer)))

# What metrics are told of a call: nothing of the patient.
told <- function(rule, out, unknown, cases, seconds) {
  info <- rule_info(rule)
  outcome <- "answered"
  codes <- character()
  if (inherits(out, "concord_fault")) {
    error <- read_json(out)
    outcome <- switch(error$error, case_refused = "refused", limit_reached = "limit", rule_refused = "stopped", error$error)
    codes <- vapply(error$faults, function(fault) fault$code, "")
  }
  list(package = info$package, version = info$version, fingerprint = info$fingerprint, outcome = outcome, seconds = seconds,
       codes = codes, unknown = unknown, cases = cases)
}
