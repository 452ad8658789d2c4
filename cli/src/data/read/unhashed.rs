//! The hash of a file while it is read: worked out by the reader, or by whoever has nothing else to do just then, as the reader has most.

use crate::parallel::locked;
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

/// So many pieces wait at most; of more, the reader hashes one itself.
const WAITING: usize = 8;

/// What waits to be hashed of the file that is being read.
#[derive(Clone, Debug, Default)]
pub struct Unhashed(Arc<Mutex<Option<Arc<Pieces>>>>);

/// The pieces of one file.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    /// In the order of the file.
    waiting: Mutex<VecDeque<Vec<u8>>>,
    /// Those that were hashed, to be filled again.
    spent: Mutex<Vec<Vec<u8>>>,
    /// Whoever has it hashes the piece that comes next.
    hasher: Mutex<Sha256>,
}

impl Unhashed {
    /// Hashes a piece; false where none waits, or another is at it.
    pub fn hash_one(&self) -> bool {
        let pieces = locked(&self.0).clone();
        pieces.is_some_and(|pieces| pieces.hasher.try_lock().is_ok_and(|mut hasher| pieces.hash(&mut hasher)))
    }

    /// From now on the pieces are those of a file of which so much is hashed.
    pub(super) fn begin(&self, hasher: Sha256) -> Arc<Pieces> {
        let pieces = Arc::new(Pieces { hasher: Mutex::new(hasher), ..Pieces::default() });
        *locked(&self.0) = Some(Arc::clone(&pieces));
        pieces
    }
}

impl Pieces {
    /// Adds the bytes that come next.
    pub(super) fn add(&self, bytes: &[u8]) {
        // Where none is spent, a new one is made.
        let mut piece = locked(&self.spent).pop().unwrap_or_default();
        piece.clear();
        piece.extend_from_slice(bytes);
        let mut waiting = locked(&self.waiting);
        waiting.push_back(piece);
        let many = waiting.len() > WAITING;
        drop(waiting);
        if many {
            self.hash(&mut locked(&self.hasher));
        }
    }

    /// Hashes the piece that comes next, if there is one.
    fn hash(&self, hasher: &mut Sha256) -> bool {
        let next = locked(&self.waiting).pop_front();
        next.is_some_and(|piece| {
            hasher.update(&piece);
            locked(&self.spent).push(piece);
            true
        })
    }

    /// The hash of all that was added.
    pub(super) fn finish(&self) -> Vec<u8> {
        let mut hasher = locked(&self.hasher);
        while self.hash(&mut hasher) {}
        hasher.finalize_reset().to_vec()
    }
}
