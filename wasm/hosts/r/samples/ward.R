# A folder of rules, a data frame of patients, and metrics of the calls that ask for one case: `Rscript ward.R FOLDER`.
library(concord)

rules <- open_rules(commandArgs(TRUE)[1], allow_draft = TRUE, on_call = function(call) message(call$package, " ", call$outcome, " ", call$seconds))
news2 <- get_rule(rules, "clinical.news2")
patients <- data.frame(
  respiration_rate = c(25, 14, 18), spo2 = c(91, 97, NA), scale = "scale_1", on_oxygen = c(TRUE, FALSE, FALSE), systolic = c(90, 125, 118),
  pulse = c(131, 72, 88), consciousness = c("voice", "alert", "alert"), temperature = c(35.0, 36.8, 37.1))
print(cbind(patients["spo2"], evaluate_table(news2, patients, c("total", "risk"))))
