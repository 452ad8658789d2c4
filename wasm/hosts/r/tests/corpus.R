# Answers every case of the corpus in this host: `corpus.R FAULTY.json FOLDER...`. The page of the hosts says what it prints. A case goes in as the text that stands
# in the file, as reading and writing it would round numbers of more than 15 digits.
library(concord)

passed <- 0
failed <- 0
records <- tempfile()
log <- file(records, "wb")
that <- function(holds, what, found) {
  if (isTRUE(holds)) {
    passed <<- passed + 1
  } else {
    failed <<- failed + 1
    if (failed <= 20) message(what, ": ", found)
  }
}
read <- function(text) jsonlite::fromJSON(text, simplifyVector = FALSE)
write <- function(of) as.character(jsonlite::toJSON(of, auto_unbox = TRUE, digits = NA, null = "null"))

# The same in any order of names.
sorted <- function(of) {
  if (!is.list(of)) return(of)
  if (!is.null(names(of))) of <- of[order(names(of), method = "radix")]
  lapply(of, sorted)
}

plain <- function(answer) lapply(unclass(answer), identity)

arguments <- commandArgs(TRUE)
for (folder in arguments[-1]) {
  modules <- sub("[.]vectors[.]json$", "", list.files(folder, "[.]vectors[.]json$"))
  for (module in sort(modules, method = "radix")) {
    rule <- load_rule(file.path(folder, paste0(module, ".wasm")), allow_draft = TRUE)
    file <- read(paste(readLines(file.path(folder, paste0(module, ".vectors.json")), encoding = "UTF-8", warn = FALSE), collapse = "\n"))
    for (of in file$cases) {
      what <- paste0(module, ": ", of$name)
      object <- function(of) if (length(of) == 0) "{}" else write(of)
      tryCatch({
        decision <- evaluate(rule, object(of$case), settings = object(of$settings), explain = TRUE)
        writeBin(charToRaw(enc2utf8(paste0(decision$json, "\n"))), log)
        that(identical(sorted(lapply(decision$answers, plain)), sorted(of$answers)), what, "other answers")
      }, concord_error = function(error) that(FALSE, what, conditionMessage(error)))
    }
  }
}
close(log)

rules <- list()
for (of in read(paste(readLines(arguments[1], encoding = "UTF-8", warn = FALSE), collapse = "\n"))$cases) {
  if (is.null(rules[[of$module]])) rules[[of$module]] <- load_rule(file.path(arguments[2], paste0(of$module, ".wasm")), allow_draft = TRUE)
  text <- if (is.null(of$bytes)) of$case else as.raw(strtoi(substring(of$bytes, seq(1, nchar(of$bytes), 2), seq(2, nchar(of$bytes), 2)), 16L))
  found <- tryCatch({
    decision <- evaluate(rules[[of$module]], text, settings = of$settings, member = of$member)
    says <- !is.null(of$record) && grepl(of$record, decision$json, fixed = TRUE)
    if (says) list(not_applied = length(decision$not_applied)) else list("answers")
  },
  case_refused = function(error) list(refused = error$faults),
  setting_refused = function(error) list(setting_refused = error$faults),
  claim_broken = function(error) list(broken = error$code))
  wanted <- of[intersect(names(of), c("refused", "setting_refused", "broken", "not_applied"))]
  that(identical(sorted(found), sorted(wanted)), of$name, write(found))
}
cat(passed, " passed, ", failed, " failed\n", sep = "")
cat("records ", sub(" .*", "", system2("sha256sum", shQuote(records), stdout = TRUE)), "\n", sep = "")
quit(status = if (passed > 0 && failed == 0) 0 else 1)
