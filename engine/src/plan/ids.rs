//! Places in the lists of a plan. Those of each list have a type of their own, so that none is taken for another's.

use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

/// A place in one of the lists.
pub trait Id: Copy {
    /// The place with so many before it.
    fn at(place: usize) -> Self;

    /// How many are before it.
    fn place(self) -> usize;
}

macro_rules! ids {
    ($($(#[$doc:meta])+ $name:ident),+ $(,)?) => {
        $(
            $(#[$doc])+
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(usize);

            impl Id for $name {
                #[inline]
                fn at(place: usize) -> $name {
                    $name(place)
                }

                #[inline]
                fn place(self) -> usize {
                    self.0
                }
            }
        )+
    };
}

ids! {
    /// Place in [`super::Plan::cells`].
    CellId,
    /// Place in [`super::Plan::columns`].
    ColumnId,
    /// Place in [`super::Plan::steps`].
    StepId,
    /// Place in [`super::Subject::inputs`].
    InputId,
    /// Place in [`super::Subject::labels`].
    LabelId,
    /// Place in [`super::Subject::events`].
    KindId,
    /// Place in [`super::EventKind::fields`].
    FieldId,
    /// Place in [`super::Plan::parameters`].
    ParameterId,
    /// Place in [`super::Plan::lists`].
    ListId,
    /// Place in [`super::Plan::answers`].
    AnswerId,
}

/// A list whose places are ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ById<I, T> {
    items: Vec<T>,
    id: PhantomData<I>,
}

impl<I: Id, T> ById<I, T> {
    /// So many of the same.
    #[must_use]
    pub fn filled(item: T, count: usize) -> ById<I, T>
    where
        T: Clone,
    {
        vec![item; count].into()
    }

    /// What is at a place.
    #[must_use]
    pub fn get(&self, id: I) -> Option<&T> {
        self.items.get(id.place())
    }

    /// The same, to be changed.
    #[must_use]
    pub fn get_mut(&mut self, id: I) -> Option<&mut T> {
        self.items.get_mut(id.place())
    }

    /// Adds to the end and says at which place.
    pub fn push(&mut self, item: T) -> I {
        self.items.push(item);
        I::at(self.items.len() - 1)
    }

    /// The place of the first that fits.
    pub fn position(&self, fits: impl FnMut(&T) -> bool) -> Option<I> {
        self.items.iter().position(fits).map(I::at)
    }

    /// All with their places, in order.
    pub fn placed(&self) -> impl DoubleEndedIterator<Item = (I, &T)> {
        self.items.iter().enumerate().map(|(place, item)| (I::at(place), item))
    }
}

impl<I, T> Deref for ById<I, T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<I, T> DerefMut for ById<I, T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.items
    }
}

impl<I, T> Default for ById<I, T> {
    fn default() -> ById<I, T> {
        Vec::new().into()
    }
}

impl<I, T> From<Vec<T>> for ById<I, T> {
    fn from(items: Vec<T>) -> ById<I, T> {
        ById { items, id: PhantomData }
    }
}

impl<I, T> FromIterator<T> for ById<I, T> {
    fn from_iter<A: IntoIterator<Item = T>>(items: A) -> ById<I, T> {
        Vec::from_iter(items).into()
    }
}

impl<I, T> Extend<T> for ById<I, T> {
    fn extend<A: IntoIterator<Item = T>>(&mut self, items: A) {
        self.items.extend(items);
    }
}

impl<'a, I, T> IntoIterator for &'a ById<I, T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<'a, I, T> IntoIterator for &'a mut ById<I, T> {
    type Item = &'a mut T;
    type IntoIter = std::slice::IterMut<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter_mut()
    }
}
