//! Signals inside of a design, put into the crate of `tests/designs/probed.sv`.

use probed::{Direction, Error, Kind, PartsS, Probed, StateE, PORTS, PROBES};

#[test]
fn signals_inside_are_read_like_ports() -> Result<(), Error> {
    let mut dut = Probed::new()?;
    dut.set_data(0xa5);
    dut.ticks(5)?;
    assert_eq!((dut.u_pc(), dut.u_negative(), dut.u_half(), dut.u_text().as_str()), (5, -3, 2.5, "pc is 4"));
    assert_eq!((dut.u_wide(), dut.gen_1__inner(), dut.u_memory_at(3)?), (0xa5 << 92 | 4, 2, 3));
    assert_eq!(dut.u_state()?, StateE::RUN);
    assert_eq!(dut.u_parts(), PartsS::default().with_high(9)?.with_low(5)?);
    assert_eq!(dut.get("gen[1].inner")?, 2);
    let error = dut.set("u.pc", 1).unwrap_err();
    let message = "the port `u.pc` is a signal inside of the design, which can only be read";
    assert_eq!((error.kind, error.message.as_str()), (Kind::Direction, message));
    assert_eq!((PORTS.len(), PROBES[0].name, PROBES[0].direction), (3, "u.pc", Direction::Probe));
    Ok(())
}
