//! Runs a program on picorv32 until it stores something at 0x10000000: `sum PROGRAM WAVES`.

use picorv32::Picorv32;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().collect();
    let program = std::fs::read_to_string(&words[1])?;
    let instructions = program.lines().filter(|line| !line.starts_with('/'));
    let memory = instructions.map(|line| u32::from_str_radix(&line[..8], 16)).collect::<Result<Vec<u32>, _>>()?;
    let mut dut = Picorv32::new()?;
    let mut dut = dut.trace(&words[2])?;
    dut.apply_reset(10)?;
    for cycles in 1..10_000 {
        dut.tick()?;
        assert!(!dut.trap());
        let ready = dut.mem_valid() && !dut.mem_ready();
        dut.set_mem_ready(ready);
        if !ready {
            continue;
        }
        if dut.mem_wstrb() != 0 && dut.mem_addr() == 0x1000_0000 {
            println!("{} {cycles} {}", dut.mem_wdata(), dut.time());
            return Ok(());
        }
        let word = memory[dut.mem_addr() as usize / 4 % 64];
        dut.set_mem_rdata(word);
    }
    Err("the program does not end".into())
}
