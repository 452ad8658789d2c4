# In and out of JSON, and errors as conditions.

read_json <- function(text) fromJSON(text, simplifyVector = FALSE)

write_json <- function(of) as.character(toJSON(of, auto_unbox = TRUE, digits = NA, null = "null", na = "null", json_verbatim = TRUE))

# An instant as a case has it, in UTC; one of R has microseconds, of which those below the millisecond are cut off.
instant <- function(of) {
  if (is.null(of) || is.character(of)) return(of)
  stopifnot(inherits(of, "POSIXt"))
  seconds <- floor(as.numeric(as.POSIXct(of)) * 1000 + 1e-4) / 1000
  whole <- floor(seconds)
  paste0(format(as.POSIXct(whole, origin = "1970-01-01", tz = "UTC"), "%Y-%m-%dT%H:%M:%S"), sprintf(".%03dZ", round((seconds - whole) * 1000)))
}

# What stands for a value that JSON has none for: the module takes it nowhere, and says what belongs in its place.
nothing <- list(list())

# R's own instants, dates, lengths of time and choices as a case has them, wherever they stand. What is missing is NA; a number that came of 0 / 0 or
# 1 / 0 was not left out, and neither was a text that is no UTF-8: they are nothing of a case, and are refused where they stand.
plain <- function(of) {
  if (inherits(of, "POSIXlt")) of <- as.POSIXct(of)
  if (is.list(of)) return(lapply(of, plain))
  if (is.factor(of)) of <- as.character(of)
  none <- if (is.double(of)) is.nan(of) | is.infinite(of) else if (is.character(of)) !is.na(of) & !validEnc(of) else FALSE
  if (any(none)) {
    if (length(of) == 1) return(nothing)
    return(lapply(seq_along(of), function(at) if (none[at]) nothing else unbox(plain(of[at]))))
  }
  if (inherits(of, "POSIXt")) return(ifelse(is.na(of), NA, vapply(seq_along(of), function(at) if (is.na(of[at])) NA_character_ else instant(of[at]), "")))
  if (inherits(of, "Date")) return(format(of))
  if (inherits(of, "difftime")) return(ifelse(is.na(of), NA, paste0("PT", format(as.numeric(of, units = "secs"), scientific = FALSE, trim = TRUE), "S")))
  if (is.object(of) || !is.double(of)) return(of)
  there <- !is.na(of)
  long <- there
  long[there] <- as.numeric(sprintf("%.15g", of[there])) != of[there]
  if (!any(long)) return(of)
  if (length(of) == 1) return(shortest(of))
  lapply(seq_along(of), function(at) if (long[at]) shortest(of[at]) else unbox(of[at]))
}

# A number by the shortest text that stands for it, as JSON: jsonlite writes 15 digits, and some have 17.
shortest <- function(of) {
  texts <- sprintf(c("%.16g", "%.17g"), of)
  structure(if (as.numeric(texts[1]) == of) texts[1] else texts[2], class = "json")
}

# A deadline in seconds. What is left of a service's time may be nothing.
seconds <- function(of) {
  if (is.null(of)) return(NULL)
  found <- if (inherits(of, "difftime")) as.numeric(of, units = "secs") else of
  if (!is.numeric(found) || length(found) != 1 || is.na(found)) stop("a deadline is a number of seconds, or a difftime")
  found
}

text_of <- function(of) if (is.null(of) || is.character(of)) of else write_json(named(plain(of)))

as_bytes <- function(case) {
  if (is.raw(case)) return(case)
  charToRaw(enc2utf8(if (is.character(case)) case else write_json(named(plain(case)))))
}

# A list without names that is empty is an object here.
named <- function(of) if (length(of) == 0) structure(list(), names = character()) else of

# What the library found, or its fault as a condition of a class of its own.
found <- function(out) {
  if (!inherits(out, "concord_fault")) return(out)
  error <- read_json(unclass(out))
  stop(structure(class = c(error$error, "concord_error", "error", "condition"),
                 list(message = error$message, call = NULL, code = error$code, faults = error$faults)))
}
