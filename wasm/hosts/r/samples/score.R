# A score with a value missing: `Rscript score.R news2.wasm`.
library(concord)

news2 <- load_rule(commandArgs(TRUE)[1], allow_draft = TRUE) # a live system refuses drafts
decision <- evaluate(news2, list(
  respiration_rate = 25, spo2 = 91, scale = "scale_1", on_oxygen = TRUE, # nobody took the temperature
  systolic = 90, pulse = 131, consciousness = "voice"))
for (name in c("total", "risk", "review_within")) {
  answer <- decision[[name]]
  if (inherits(answer, "concord_unknown")) {
    cat(name, ": ", answer$possible$from, " to ", answer$possible$to, ", needs ", answer$needs[[1]]$text, "\n", sep = "")
  } else {
    cat(name, ": ", answer$text, "\n", sep = "")
  }
}
