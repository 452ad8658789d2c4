//! Inputs and peers shared by the benchmarks.
