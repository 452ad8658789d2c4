# What a case and a row cost on this machine, in time of its processors: `Rscript speed.R news2.wasm`.
library(concord)

cases <- 2000
case <- '{"respiration_rate":25,"spo2":91,"scale":"scale_1","on_oxygen":true,"systolic":90,"pulse":131,"consciousness":"voice","temperature":35.0}'
rule <- load_rule(commandArgs(TRUE)[1], allow_draft = TRUE)
spent <- function(work) sum(system.time(work)[c("user.self", "sys.self")]) * 1e9
cat(sprintf("case %.0f ns\n", spent(for (turn in seq_len(cases)) evaluate(rule, case)) / cases))
rows <- 100000
row <- seq_len(rows) - 1
patients <- data.frame(
  respiration_rate = 8 + (row * 7919) %% 23, spo2 = 85 + (row * 7919) %% 16, scale = c("scale_1", "scale_2"), on_oxygen = c(TRUE, FALSE),
  systolic = 80 + (row * 7919) %% 151, pulse = 30 + (row * 7919) %% 121, consciousness = c("alert", "new_confusion", "voice", "pain", "unresponsive"),
  temperature = (340 + (row * 7919) %% 61) / 10)
cat(sprintf("row %.0f ns\n", spent(evaluate_table(rule, patients, c("total", "risk"))) / rows))
