//! Typed ids of the elements of the graph.
//! They do not know what they index: a [`StateId`] belongs to the graph that returned it.

/// Declares a typed index.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl $name {
            /// The id of the `index`th thing of its kind.
            pub fn new(index: usize) -> $name {
                $name(u32::try_from(index).unwrap_or(u32::MAX))
            }

            /// Its position among its kind.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

pub(crate) use id;

id! {
    /// A state of one graph.
    StateId
}
id! {
    /// An op of one graph.
    OpId
}
id! {
    /// The body of an op, known to the code that loaded the scripts.
    BodyId
}
