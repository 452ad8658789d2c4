# Obligations of a case with events, judged at an instant with a member's settings, and why: `Rscript obligation.R sepsis.wasm`.
library(concord)

sepsis <- load_rule(commandArgs(TRUE)[1], allow_draft = TRUE)
at <- as.POSIXct("2026-03-05 10:00", tz = "UTC")
case <- list(age = 70, events = list(list(event = "SepsisTriage", at = at), list(event = "Antibiotics", at = at + 50 * 60)))
decision <- evaluate(sepsis, case, as_of = at + 8 * 3600, member = "XX1", explain = TRUE, deadline = 1)
for (name in names(decision$answers)) {
  answer <- decision[[name]]
  if (inherits(answer, "concord_verdict")) {
    cat(name, ": ", answer$text, "\n", sep = "")
    for (sentence in answer$because) cat("  - ", sentence, "\n", sep = "")
  }
}
for (fault in check_case(sepsis, list(age = "seventy"), as_of = at)) cat("refused:", fault$code, "at", fault$at, "\n")
