# In and out of JSON, and errors as conditions.

read_json <- function(text) fromJSON(text, simplifyVector = FALSE)

write_json <- function(of) as.character(toJSON(of, auto_unbox = TRUE, digits = NA, null = "null", na = "null"))

# An instant as a case has it, in UTC; one of R has microseconds, of which those below the millisecond are cut off.
instant <- function(of) {
  if (is.null(of) || is.character(of)) return(of)
  stopifnot(inherits(of, "POSIXt"))
  seconds <- floor(as.numeric(as.POSIXct(of)) * 1000 + 1e-4) / 1000
  whole <- floor(seconds)
  paste0(format(as.POSIXct(whole, origin = "1970-01-01", tz = "UTC"), "%Y-%m-%dT%H:%M:%S"), sprintf(".%03dZ", round((seconds - whole) * 1000)))
}

# R's own instants, dates, lengths of time and choices as a case has them, wherever they stand. What is missing is NA; a number that came of 0 / 0 or
# 1 / 0 was not left out, so it is none of a case and no missing one either.
plain <- function(of) {
  if (inherits(of, "POSIXlt")) of <- as.POSIXct(of)
  if (is.list(of)) return(lapply(of, plain))
  if (is.double(of) && any(is.nan(of) | is.infinite(of))) stop("a case has no number that is not finite (NaN, Inf); what is missing is NA")
  if (inherits(of, "POSIXt")) return(ifelse(is.na(of), NA, vapply(seq_along(of), function(at) if (is.na(of[at])) NA_character_ else instant(of[at]), "")))
  if (inherits(of, "Date")) return(format(of))
  if (inherits(of, "difftime")) return(ifelse(is.na(of), NA, paste0("PT", format(as.numeric(of, units = "secs"), scientific = FALSE, trim = TRUE), "S")))
  if (is.factor(of)) return(as.character(of))
  of
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
