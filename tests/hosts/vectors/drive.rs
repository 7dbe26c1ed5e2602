//! What typed ports are set to, and how they are written: the head of a program that a test generates for each design.

#![allow(dead_code)]

use std::fmt::Write;
use vectors::Bits;

/// A number of a vector: words, lowest first.
type Words = [u32; 16];

struct Numbers<'t>(std::str::SplitAsciiWhitespace<'t>);

impl Numbers<'_> {
    fn next(&mut self) -> Words {
        let mut words = [0; 16];
        let text = self.0.next().expect("a number for every port");
        for (n, digit) in text.bytes().rev().enumerate() {
            words[n / 8] |= (digit as char).to_digit(16).expect("a digit") << (n % 8 * 4);
        }
        words
    }
}

/// A value of a port.
trait Value {
    fn take(from: &mut Numbers) -> Self;
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
        impl Value for $integer {
            fn take(from: &mut Numbers) -> Self {
                from.next()[..4].iter().rev().fold(0, |value: u128, word| value << 32 | u128::from(*word)) as $integer
            }
            fn put(self, to: &mut String, width: usize) {
                let bits = self as u128;
                put_words(&[bits as u32, (bits >> 32) as u32, (bits >> 64) as u32, (bits >> 96) as u32], to, width);
            }
        }
    )*};
}
integers!(u8, u16, u32, u64, u128, i8, i16, i32, i64, i128);

impl Value for bool {
    fn take(from: &mut Numbers) -> Self {
        u8::take(from) & 1 == 1
    }
    fn put(self, to: &mut String, width: usize) {
        u8::from(self).put(to, width);
    }
}

impl<const W: usize> Value for Bits<W> {
    fn take(from: &mut Numbers) -> Self {
        Bits::from_words(&from.next()[..(W + 31) / 32])
    }
    fn put(self, to: &mut String, width: usize) {
        put_words(self.words(), to, width);
    }
}

impl<T: Value, const N: usize> Value for [T; N] {
    fn take(from: &mut Numbers) -> Self {
        std::array::from_fn(|_| T::take(from))
    }
    fn put(self, to: &mut String, width: usize) {
        self.into_iter().for_each(|value| value.put(to, width));
    }
}
