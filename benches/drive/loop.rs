//! The same loop over the typed Rust crate: `loop PROGRAM CYCLES`.

use picorv32::Picorv32;
use std::error::Error;

extern "C" {
    fn clock() -> std::ffi::c_long;
}

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().collect();
    let mut memory = [0; 64];
    for (word, text) in memory.iter_mut().zip(std::fs::read_to_string(&words[1])?.split_whitespace()) {
        *word = u32::from_str_radix(text, 16)?;
    }
    let (cycles, mut sum): (u64, u32) = (words[2].parse()?, 0);
    let mut top = Picorv32::new()?;
    top.apply_reset(10)?;
    // SAFETY: it takes nothing.
    let start = unsafe { clock() };
    for _ in 0..cycles {
        top.tick()?;
        let ready = top.mem_valid() && !top.mem_ready();
        top.set_mem_ready(ready);
        if !ready {
            continue;
        }
        sum = sum.wrapping_add(top.mem_addr()).wrapping_add(top.mem_wdata());
        top.set_mem_rdata(memory[top.mem_addr() as usize / 4 % 64]);
    }
    // SAFETY: it takes nothing.
    println!("{sum} {}", unsafe { clock() - start } as f64 / 1e6);
    Ok(())
}
