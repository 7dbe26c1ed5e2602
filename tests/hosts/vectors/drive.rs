//! What ports are set to, and how they are written: the head of a program that a test generates for each design.

#![allow(dead_code)]

use std::fmt::Write;
use vectors::{Bits, Error, Kind, Value, Vectors};

/// A number of a vector: words, lowest first, a negative one in two's complement.
struct Number {
    is_negative: bool,
    words: [u32; 16],
}

impl Number {
    /// As a signed number, or one without a sign, of 128 bits.
    fn small(&self) -> (Option<i128>, Option<u128>) {
        let low = self.words[..4].iter().rev().fold(0, |value: u128, word| value << 32 | u128::from(*word));
        let fill = if self.is_negative { u32::MAX } else { 0 };
        let is_small = self.words[4..].iter().all(|word| *word == fill);
        let signed = Some(low as i128).filter(|low| is_small && (*low < 0) == self.is_negative);
        (signed, Some(low).filter(|_| is_small && !self.is_negative))
    }

    /// Sets the port of this name; whether it took the number.
    fn named(&self, dut: &mut Vectors, port: &str) -> bool {
        let value = match (self.small(), self.is_negative) {
            ((Some(signed), _), _) => Value::Signed(signed),
            ((_, Some(unsigned)), _) => Value::Unsigned(unsigned),
            (_, true) => Value::WideSigned(self.words.to_vec()),
            (_, false) => Value::Wide(self.words.to_vec()),
        };
        dut.set(port, value).is_done()
    }
}

struct Numbers<'t>(std::str::SplitAsciiWhitespace<'t>);

impl Numbers<'_> {
    fn next(&mut self) -> Number {
        let mut words = [0_u32; 16];
        let text = self.0.next().expect("a number for every port");
        let (is_negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
        for (n, digit) in digits.bytes().rev().enumerate() {
            words[n / 8] |= (digit as char).to_digit(16).expect("a digit") << (n % 8 * 4);
        }
        let mut carry = 1;
        for word in words.iter_mut().filter(|_| is_negative) {
            carry += u64::from(!*word);
            *word = carry as u32;
            carry >>= 32;
        }
        Number { is_negative, words }
    }
}

/// What a setter says.
trait Outcome {
    fn is_done(self) -> bool;
}

impl Outcome for () {
    fn is_done(self) -> bool {
        true
    }
}

impl Outcome for Result<(), Error> {
    fn is_done(self) -> bool {
        self.map_err(|error| assert_eq!(error.kind, Kind::Width)).is_ok()
    }
}

/// What a typed port takes, where the type has the number.
trait Taken: Sized {
    fn taken(number: &Number) -> Option<Self>;
    fn array(numbers: &mut Numbers) -> Self {
        Self::taken(&numbers.next()).expect("elements fit")
    }
}

/// How the value of a port is written.
trait Given {
    fn put(self, to: &mut String, width: usize);
}

fn put_words(words: &[u32], to: &mut String, width: usize) {
    for digit in (0..(width + 3) / 4).rev() {
        let bits = (width - digit * 4).min(4);
        write!(to, "{:x}", words[digit / 8] >> (digit % 8 * 4) & ((1 << bits) - 1)).expect("a text");
    }
    to.push(' ');
}

macro_rules! integers {
    ($($integer:ty),*) => {$(
        impl Taken for $integer {
            fn taken(number: &Number) -> Option<$integer> {
                let (signed, unsigned) = number.small();
                let signed = signed.and_then(|value| <$integer>::try_from(value).ok());
                signed.or_else(|| <$integer>::try_from(unsigned?).ok())
            }
            // An element of a signed port is written in two's complement.
            fn array(numbers: &mut Numbers) -> $integer {
                numbers.next().words[..4].iter().rev().fold(0, |value: u128, word| value << 32 | u128::from(*word)) as $integer
            }
        }
        impl Given for $integer {
            fn put(self, to: &mut String, width: usize) {
                let bits = self as u128;
                put_words(&[bits as u32, (bits >> 32) as u32, (bits >> 64) as u32, (bits >> 96) as u32], to, width);
            }
        }
    )*};
}
integers!(u8, u16, u32, u64, u128, i8, i16, i32, i64, i128);

impl Taken for bool {
    fn taken(number: &Number) -> Option<bool> {
        u8::taken(number).filter(|value| *value < 2).map(|value| value == 1)
    }
}

impl Given for bool {
    fn put(self, to: &mut String, width: usize) {
        u8::from(self).put(to, width);
    }
}

impl<const W: usize> Taken for Bits<W> {
    fn taken(number: &Number) -> Option<Bits<W>> {
        Bits::try_from(&number.words[..]).ok()
    }
}

impl<const W: usize> Given for Bits<W> {
    fn put(self, to: &mut String, width: usize) {
        put_words(self.words(), to, width);
    }
}

impl<T: Taken, const N: usize> Taken for [T; N] {
    fn taken(_: &Number) -> Option<[T; N]> {
        None
    }
    fn array(numbers: &mut Numbers) -> [T; N] {
        std::array::from_fn(|_| T::array(numbers))
    }
}

impl<T: Given, const N: usize> Given for [T; N] {
    fn put(self, to: &mut String, width: usize) {
        self.into_iter().for_each(|value| value.put(to, width));
    }
}
