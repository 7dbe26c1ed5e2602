//! Many short lists in one array: for each id of a kind, some ids of another.
//! It does not know what the ids mean.

use crate::graph::{OpId, StateId, id};
use std::marker::PhantomData;

id! {
    /// A file of one state exists that has passed so many of the ops to go through.
    FactId
}
id! {
    /// One way to use an op: which facts it takes and makes.
    WayId
}
id! {
    /// A use that is paid once, however many ways it has.
    StepId
}

/// What can index a list.
pub(super) trait Index: Copy + Eq + Ord {
    /// Its position among its kind.
    fn at(self) -> usize;
    /// The id of a position.
    fn of(index: usize) -> Self;
}

macro_rules! index {
    ($($name:ident)*) => {$(
        impl Index for $name {
            fn at(self) -> usize {
                self.index()
            }
            fn of(index: usize) -> $name {
                $name::new(index)
            }
        }
    )*};
}

index! { FactId WayId StepId StateId OpId }

/// For each `K` a list of `V`.
#[derive(Clone, Debug)]
pub(super) struct Lists<K, V> {
    ends: Vec<u32>,
    items: Vec<V>,
    key: PhantomData<K>,
}

impl<K: Index, V: Index> Lists<K, V> {
    /// No lists.
    pub fn new() -> Lists<K, V> {
        Lists { ends: vec![0], items: vec![], key: PhantomData }
    }

    /// Adds the list of the next `K`.
    pub fn push(&mut self, list: impl IntoIterator<Item = V>) {
        self.items.extend(list);
        self.ends.push(u32::try_from(self.items.len()).unwrap_or(u32::MAX));
    }

    /// How many lists there are.
    pub fn len(&self) -> usize {
        self.ends.len() - 1
    }

    /// How many items there are in all.
    pub fn weight(&self) -> usize {
        self.items.len()
    }

    /// The list of `key`.
    pub fn of(&self, key: K) -> &[V] {
        &self.items[self.ends[key.at()] as usize..self.ends[key.at() + 1] as usize]
    }

    /// The inverse of the lists: for each of the `count` values, the keys whose lists contain it, in order.
    pub fn turned(&self, count: usize) -> Lists<V, K> {
        let mut ends = vec![0u32; count + 1];
        for item in &self.items {
            ends[item.at() + 1] += 1;
        }
        for index in 0..count {
            ends[index + 1] += ends[index];
        }
        let mut next = ends.clone();
        let mut items = vec![K::of(0); self.items.len()];
        for key in (0..self.len()).map(K::of) {
            for item in self.of(key) {
                items[next[item.at()] as usize] = key;
                next[item.at()] += 1;
            }
        }
        Lists { ends, items, key: PhantomData }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turning_keeps_order_and_counts() {
        let mut lists: Lists<WayId, FactId> = Lists::new();
        for list in [vec![2, 0], vec![], vec![2]] {
            lists.push(list.into_iter().map(FactId::new));
        }
        let turned = lists.turned(3);
        assert_eq!(turned.of(FactId::new(2)), [WayId::new(0), WayId::new(2)]);
        assert!(turned.of(FactId::new(1)).is_empty());
        assert_eq!((turned.len(), turned.weight()), (3, 3));
    }
}
