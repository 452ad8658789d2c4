# Answers: one of four classes, and none has a value that stands for the others. A name that there is not is an error, and never NULL.

new_answer <- function(of) structure(of, class = c(paste0("concord_", of$kind), "concord_answer"))

strictly <- function(of, name, what) {
  of <- unclass(of)
  if (!is.character(name) || length(name) != 1 || !name %in% names(of)) stop(what, " has no ", name, call. = FALSE)
  .subset2(of, name)
}

`$.concord_answer` <- function(x, name) strictly(x, name, paste("an answer that is", .subset2(unclass(x), "kind")))

`[[.concord_answer` <- function(x, i, ...) `$.concord_answer`(x, i)

print.concord_answer <- function(x, ...) {
  cat(x$text, "\n", sep = "")
  invisible(x)
}

#' Whether nothing more needs to be known.
is_known <- function(answer) {
  of <- unclass(answer)
  of$kind != "unknown" && !identical(of$verdict, "unknown")
}

new_decision <- function(out) {
  record <- read_json(out[[1]])
  record$answers <- lapply(record$answers, new_answer)
  record$sha256 <- out[[2]]
  record["member"] <- list(out[[3]])
  record$not_applied <- read_json(out[[4]])
  record$json <- out[[1]]
  structure(record, class = "concord_decision")
}

`[[.concord_decision` <- function(x, i, ...) {
  of <- unclass(x)
  strictly(of$answers, i, of$package)
}

`$.concord_decision` <- function(x, name) strictly(x, name, "a decision")

print.concord_decision <- function(x, ...) {
  of <- unclass(x)
  cat(of$package, " ", of$version, " (", of$status, ")\n", sep = "")
  for (name in names(of$answers)) cat("  ", name, ": ", of$answers[[name]]$text, "\n", sep = "")
  invisible(x)
}
