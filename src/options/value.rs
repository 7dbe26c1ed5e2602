//! The values that an option of a request can have: a flag, one text, or several.
//! It does not know options.

/// A field of a request.
pub trait Value {
    /// Whether the option may be repeated.
    const REPEATS: bool = false;
    /// The values; an empty text for a flag that is set.
    fn get(&self) -> Vec<String>;
    /// Takes these values.
    fn set(&mut self, values: Vec<String>);
}

impl Value for bool {
    fn get(&self) -> Vec<String> {
        if *self { vec![String::new()] } else { vec![] }
    }

    fn set(&mut self, values: Vec<String>) {
        *self = !values.is_empty();
    }
}

impl Value for Option<String> {
    fn get(&self) -> Vec<String> {
        self.iter().cloned().collect()
    }

    fn set(&mut self, mut values: Vec<String>) {
        *self = values.pop();
    }
}

impl Value for Vec<String> {
    const REPEATS: bool = true;

    fn get(&self) -> Vec<String> {
        self.clone()
    }

    fn set(&mut self, values: Vec<String>) {
        *self = values;
    }
}
