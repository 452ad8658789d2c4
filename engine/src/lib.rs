//! The Concord language and its meaning.
