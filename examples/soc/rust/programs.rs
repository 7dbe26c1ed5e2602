//! Runs programs on the machine through its crate: put into `tests/` of it.

use soc::{Error, Soc};

/// Executes until the machine halts, or has done a hundred instructions.
fn run(dut: &mut Soc, program: &[u8]) -> Result<u16, Error> {
    dut.apply_reset(2)?;
    for _ in 0..100 {
        if dut.halted() {
            break;
        }
        let at = usize::from(dut.pc());
        dut.set_instr(program.get(at).copied().unwrap_or(0));
        dut.tick()?;
    }
    Ok(dut.acc())
}

#[test]
fn a_program_computes() -> Result<(), Error> {
    let mut dut = Soc::new()?;
    assert_eq!(run(&mut dut, &[0x25, 0xa3, 0x45, 0x63, 0x00])?, 42);
    assert_eq!((dut.halted(), dut.pc()), (true, 4));
    Ok(())
}

#[test]
fn two_machines_know_nothing_of_each_other() -> Result<(), Error> {
    let (mut one, mut other) = (Soc::new()?, Soc::new()?);
    assert_eq!(run(&mut one, &[0x3f, 0x00])?, 31);
    assert_eq!(run(&mut other, &[0x21, 0x62, 0x00])?, 0xffff);
    assert_eq!(one.acc(), 31);
    Ok(())
}
