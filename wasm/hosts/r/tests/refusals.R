# What a host must do beside answering the corpus: `refusals.R FOLDER`.
library(concord)

modules <- commandArgs(TRUE)[1]
path <- function(name) file.path(modules, paste0(name, ".wasm"))
bytes <- function(name) readBin(path(name), "raw", 1e7)
sha256 <- function(of) {
  at <- tempfile()
  writeBin(of, at)
  sub(" .*", "", system2("sha256sum", shQuote(at), stdout = TRUE))
}
refused <- function(code, ...) {
  found <- tryCatch({
    load_rule(...)
    "nothing"
  }, rule_refused = function(error) error$code)
  if (!identical(found, code)) stop(found, " and not ", code)
}
# Bytes in place of others, wherever they stand.
replaced <- function(of, what, with) {
  for (at in which(of == what[1])) {
    here <- at + seq_along(what) - 1
    if (here[length(here)] <= length(of) && all(of[here] == what)) of[here] <- with
  }
  of
}

module <- bytes("news2")
flipped <- module
flipped[length(flipped) %/% 2] <- xor(flipped[length(flipped) %/% 2], as.raw(1))
refused("sha256", flipped, sha256 = sha256(module), allow_draft = TRUE)
refused("sha256", module, sha256 = sha256(flipped), allow_draft = TRUE)
refused("module", charToRaw("<!doctype html>"), allow_draft = TRUE)
refused("module", module[seq_len(length(module) %/% 2)], allow_draft = TRUE)
refused("interface", replaced(module, as.raw(c(0x7f, 0, 0x41, 3, 0x0b)), as.raw(c(0x7f, 0, 0x41, 4, 0x0b))), allow_draft = TRUE)
refused("fingerprint", module, fingerprint = sha256(module), allow_draft = TRUE)
refused("draft", module)
# A pulse of 91 as one of 90.
refused("self_test", bytes("wrong/news2"), allow_draft = TRUE)

# An answer is one of four, and a name that there is not is an error.
news2 <- load_rule(path("news2"), allow_draft = TRUE)
stopifnot(identical(rule_bytes(news2), module), rule_info(news2)$package == "clinical.news2")
decision <- evaluate(news2, list(respiration_rate = 25, spo2 = 91L, scale = factor("scale_1"), on_oxygen = TRUE, systolic = 90, pulse = 131, consciousness = "voice"))
fails <- function(of) inherits(try(of, silent = TRUE), "try-error")
total <- decision[["total"]]
stopifnot(inherits(total, "concord_unknown"), total$possible$from == 17, total$possible$to == 20, total$needs[[1]]$fact == "temperature", fails(total$value),
          decision[["risk"]]$value == "high", fails(decision[["risks"]]), !is_known(total), is_known(decision[["risk"]]))
faults <- check_case(news2, list(scale = "scale_3"))
places <- function(rule, case, ...) vapply(check_case(rule, case, ...), function(fault) paste0(fault$code, fault$at), "")
for (odd in c(NaN, Inf, -Inf)) {
  stopifnot(identical(places(news2, list(temperature = 37, pulse = odd)), "D07/pulse"), identical(places(news2, list(seen = as.difftime(odd, units = "mins"))), "D06/seen"))
  row <- tryCatch(evaluate_table(news2, data.frame(spo2 = c(97, odd, NA), scale = "scale_1"), "risk"), case_refused = function(error) error$faults)
  stopifnot(length(row) == 1, row[[1]]$code == "D07", row[[1]]$at == "/1/spo2")
}
stopifnot(identical(places(news2, list(scale = "\xff")), "D07/scale"), identical(places(news2, list(scale = factor("scale_1"), pulse = NA_real_)), character()))
for (passed in list(0, -1, as.difftime(0, units = "mins"))) {
  stopifnot(tryCatch(evaluate(news2, list(), deadline = passed), limit_reached = function(error) error$code) == "deadline")
}
stopifnot(fails(evaluate(news2, list(), deadline = NA)), evaluate(news2, list(), deadline = as.difftime(1, units = "mins"))$version == "1.0.0")
nowhere <- tempfile()
for (folder in c(nowhere, tempdir())) stopifnot(grepl(folder, tryCatch(open_rules(folder), error = conditionMessage), fixed = TRUE))
stopifnot(identical(concord:::text_of(list(pulse = NA)), '{"pulse":null}'))
stopifnot(identical(concord:::plain(list(at = as.POSIXlt("2026-01-01 10:00:00", tz = "UTC"))), list(at = "2026-01-01T10:00:00.000Z")))
stopifnot(length(faults) == 1, faults[[1]]$code == "D10", faults[[1]]$at == "/scale", length(check_case(news2, list())) == 0)

# Settings are held to the contract, and a member's to their approval.
sepsis <- load_rule(path("sepsis"), allow_draft = TRUE)
outside <- tryCatch(evaluate(sepsis, list(), as_of = "2026-02-01T00:00:00Z", settings = list(antibiotics_within = as.difftime(2, units = "hours"))),
                    setting_refused = function(error) error$faults)
stopifnot(outside[[1]]$code == "D08", outside[[1]]$at == "/antibiotics_within")
stopifnot(tryCatch(evaluate(sepsis, list(), member = "ZZZ"), setting_refused = function(error) error$faults)[[1]]$code == "member")
for (day in c("2026-01-31 23:59:59", "2026-02-01 00:00:00", "2027-02-01 23:59:59", "2027-02-02 00:00:00")) {
  decision <- evaluate(sepsis, list(), as_of = as.POSIXct(day, tz = "UTC"), member = "XX1")
  holds <- day >= "2026-02-01" && day < "2027-02-02"
  stopifnot(("antibiotics_within" %in% names(decision$settings)) == holds, length(decision$not_applied) == !holds, decision$member == "XX1")
}
stopifnot(evaluate(sepsis, list(), as_of = as.POSIXct(1774778400.0019999, origin = "1970-01-01", tz = "UTC"))$as_of == "2026-03-29T10:00:00.001Z")

# A number goes in with all its digits, of which jsonlite writes 15; what else a column holds is taken as in a case.
kinds <- load_rule(file.path(modules, "kinds", "kinds.wasm"), allow_draft = TRUE)
judged <- "2026-06-01T12:00:00Z"
for (number in c(9007199254740991, 4503599627370497, -9007199254740991)) {
  stopifnot(identical(evaluate(kinds, list(big = number), as_of = judged)[["of_big"]]$value, number))
  for (others in list(NULL, 5, c(NA, 5))) {
    stopifnot(identical(evaluate_table(kinds, data.frame(big = c(number, others)), "of_big", as_of = judged)$of_big[[1]], number))
  }
}
refusal <- function(call) tryCatch(call, case_refused = function(error) error$faults[[1]]$code)
stopifnot(identical(refusal(evaluate(kinds, list(small = 0.1 + 0.2), as_of = judged)), "D09"),
          identical(refusal(evaluate_table(kinds, data.frame(small = c(0.1, 0.1 + 0.2)), "of_small", as_of = judged)), "D09"))
rows <- jsonlite::fromJSON(Sys.getenv("CONCORD_ROWS", "wasm/hosts/corpus/rows.json"), simplifyVector = FALSE)
for (fact in c("seen", "born", "clock", "nhs", "tag", "ward")) for (value in rows$values[[fact]]) if (is.character(value)) {
  name <- paste0("of_", fact)
  case <- setNames(list(value, list("Come")), c(fact, "not_supplied"))
  one <- tryCatch(evaluate(kinds, case, as_of = judged)[[name]], case_refused = function(error) error$faults[[1]][c("code", "expected")])
  columns <- setNames(data.frame(c(rows$good[[fact]], value), stringsAsFactors = FALSE), fact)
  many <- tryCatch(evaluate_table(kinds, columns, name, as_of = judged), case_refused = function(error) error$faults[[1]][c("code", "expected")])
  if (is.data.frame(many)) many <- list(many[[name]][2], many[[paste0(name, ".kind")]][2])
  if (inherits(one, "concord_answer")) one <- list(if (is_known(one) && one$kind == "value") one$value else NA_character_, one$kind)
  if (!isTRUE(all.equal(unname(one), unname(many), check.attributes = FALSE))) stop(fact, " ", value, ": in a table it is not as in a case")
}

# A deadline stops a call; tables; hooks.
begin <- as.POSIXct("2020-01-01", tz = "UTC")
shifts <- lapply(0:799, function(shift) list(event = "Shift", at = begin + 72000 * shift, finish = begin + 72000 * shift + 28800))
rota <- load_rule(path("rota_tcs2016"), allow_draft = TRUE)
limit <- tryCatch(evaluate(rota, list(events = shifts), as_of = "2035-01-01T00:00:00Z", deadline = 0.002), limit_reached = function(error) error$code)
stopifnot(identical(limit, "deadline"))
table <- evaluate_table(news2, data.frame(respiration_rate = c(25, 12), spo2 = c(91, NA), scale = "scale_1", on_oxygen = c(TRUE, FALSE)), c("saturation", "risk"))
stopifnot(identical(table$saturation, c(3L, NA)), identical(table$saturation.kind, c("value", "unknown")), identical(table$saturation.to, c(NA, 3L)),
          identical(table$risk, c("high", NA)))
row <- tryCatch(evaluate_table(news2, data.frame(spo2 = c(97, 200)), "risk"), case_refused = function(error) error$faults)
stopifnot(row[[1]]$at == "/1/spo2")
calls <- list()
log <- character()
watched <- load_rule(module, allow_draft = TRUE, on_call = function(call) calls[[length(calls) + 1]] <<- call,
                     on_decision = function(decision, hash) log <<- c(log, hash))
invisible(check_case(watched, list(spo2 = 200)))
stopifnot(length(calls) == 0, fails(evaluate(watched, list(spo2 = 200))))
invisible(evaluate(watched, '{"spo2":97}'))
stopifnot(calls[[1]]$outcome == "refused", calls[[1]]$codes == "D08", calls[[2]]$outcome == "answered", calls[[2]]$unknown > 0, log == sha256(charToRaw('{"spo2":97}')))
calls <- list()
known <- logical()
watched <- load_rule(module, allow_draft = TRUE, on_call = function(call) calls[[length(calls) + 1]] <<- call,
                     on_decision = function(decision, hash) known <<- c(known, is_known(decision[["saturation"]])))
columns <- data.frame(respiration_rate = c(25, 12), spo2 = c(91, NA), scale = "scale_1", on_oxygen = c(TRUE, FALSE))
invisible(evaluate_table(watched, columns, c("saturation", "risk")))
stopifnot(fails(evaluate_table(watched, data.frame(spo2 = c(97, 200)), "risk")), fails(evaluate_table(watched, columns, "risks")))
stopifnot(length(calls) == 2, calls[[1]]$outcome == "answered", calls[[1]]$unknown == 2, calls[[1]]$cases == 2,
          calls[[2]]$outcome == "refused", calls[[2]]$codes == "D08", calls[[2]]$cases == 2, known == c(TRUE, FALSE))

# A folder that is reloaded: what is refused changes nothing.
folder <- tempfile()
dir.create(folder)
writeBin(module, file.path(folder, "news2.wasm"))
rules <- open_rules(folder, allow_draft = TRUE)
before <- get_rule(rules, "clinical.news2")
writeBin(charToRaw("<html>"), file.path(folder, "news2.wasm"))
stopifnot(tryCatch(reload(rules), rule_refused = function(error) error$code) == "module", evaluate(get_rule(rules, "clinical.news2"), list())$version == "1.0.0")
writeBin(bytes("later/news2"), file.path(folder, "news2.wasm"))
reload(rules)
after <- get_rule(rules, "clinical.news2")
stopifnot(rule_info(after)$version == "1.0.1", evaluate(after, list())$version == "1.0.1", evaluate(before, list())$version == "1.0.0",
          fails(get_rule(rules, "clinical.news3")))
writeBin(c(bytes("later/news2"), as.raw(c(0, 3, 1, 0x78, 0))), file.path(folder, "news2b.wasm"))
stopifnot(tryCatch(open_rules(folder, allow_draft = TRUE), rule_refused = function(error) error$code) == "twice")
cat("all hold\n")
