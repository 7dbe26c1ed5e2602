//! Every kind of port through the typed methods and by name, put into the crate of `tests/designs/wide.sv`.

use wide::{parameters, Bits, Direction, EitherT, Error, ItemT, Kind, PortKind, Role, StateE, Value, Wide, PORTS};

#[test]
fn narrow_values_are_extended_and_refused_when_they_do_not_fit() -> Result<(), Error> {
    let mut dut = Wide::new()?;
    dut.set_in(true);
    dut.set_s12(-1)?;
    dut.set_u4(0xf)?;
    dut.set_ascending(0x2a)?;
    dut.set_offset(0xa5);
    dut.set_u64(u64::MAX - 1);
    dut.set_s64(i64::MIN);
    dut.eval()?;
    assert!(dut.r#in() && dut.out() && dut.s12_negative() && dut.u4_full());
    assert_eq!((dut.s12(), dut.s12_o(), dut.u4_o()), (-1, -1, 0xf));
    assert_eq!((dut.ascending_o(), dut.offset_o()), (0x2a, 0xa5));
    assert_eq!((dut.u64_o(), dut.s64_o()), (u64::MAX - 1, i64::MIN));
    dut.set_s12(0x7ff + 1)?;
    assert_eq!(dut.s12(), -0x800);
    let refused = |result: Result<(), Error>| result.map_err(|error| (error.kind, error.message));
    let error = |message: &str| Err((Kind::Width, message.to_owned()));
    assert_eq!(refused(dut.set_u4(0x10)), error("16 does not fit into the 4 bits of the port `u4`"));
    assert_eq!(refused(dut.set_s12(-0x801)), error("-2049 does not fit into the 12 bits of the port `s12`"));
    assert_eq!(refused(dut.set("in", 2)), error("2 does not fit into the 1 bit of the port `in`"));
    assert_eq!((dut.u4(), dut.s12(), dut.r#in()), (0xf, -0x800, true));
    Ok(())
}

#[test]
fn wide_values_are_integers_and_bits() -> Result<(), Error> {
    let mut dut = Wide::new()?;
    let wide = Bits::from_words(&[1, 2, 3, 4, 5, 6, u32::MAX]);
    let [fits, beyond] = [0xff, 0x1ff].map(|top| Bits::<200>::try_from(&[1, 2, 3, 4, 5, 6, top][..]));
    assert_eq!((fits, beyond.map_err(|error| error.kind)), (Ok(wide), Err(Kind::Width)));
    dut.set_s65(-3)?;
    assert_eq!(dut.set_s65(1 << 66).map_err(|error| error.kind), Err(Kind::Width));
    dut.set_u128(u128::MAX - 7);
    dut.set_u200(wide);
    dut.set_rst_ni(true);
    dut.eval()?;
    assert!(dut.s65_negative());
    assert_eq!((dut.s65(), dut.s65_o(), dut.u128_o()), (-3, -3, u128::MAX - 7));
    assert_eq!(dut.u200_o(), wide);
    assert_eq!(dut.u200_o().words(), [1, 2, 3, 4, 5, 6, 0xff]);
    assert_eq!(dut.u200_q(), Bits::ZERO);
    dut.tick()?;
    assert_eq!(format!("{}", dut.u200_q()), "0xff000000060000000500000004000000030000000200000001");
    assert_eq!(dut.time(), 2);
    dut.apply_reset(1)?;
    assert!(dut.rst_ni());
    assert_eq!(dut.u200_q(), Bits::ZERO);
    Ok(())
}

#[test]
fn bits_are_values_of_their_own() {
    let mut bits = Bits::<200>::from(5_u32);
    bits.set_bit(199, true);
    bits.set_bit(200, true);
    assert!(bits.bit(199) && !bits.bit(200) && !bits.bit(1) && bits > Bits::from(u128::MAX));
    assert_eq!((bits & Bits::from(4_u32), bits ^ bits, !(!bits)), (Bits::from(4_u32), Bits::ZERO, bits));
    assert_eq!(bits.slice::<8>(196), Bits::from(8_u32));
    assert_eq!(u128::try_from(Bits::<200>::from(7_u64)), Ok(7));
    assert_eq!(u128::try_from(bits).map_err(|error| error.kind), Err(Kind::Type));
    assert_eq!(format!("{:#012x} {:x}", Bits::<200>::from(0xabc_u32), Bits::<9>::ZERO), "0x0000000abc 0");
}

#[test]
fn enums_and_structs_have_names() -> Result<(), Error> {
    let mut dut = Wide::new()?;
    dut.set_state(StateE::STOP);
    let item = ItemT::default().with_tag(0xf)?.with_delta(-5)?.with_state(StateE::RUN).with_lanes(9)?;
    let error = item.with_tag(0x10).unwrap_err();
    assert_eq!((error.kind, error.message.as_str()), (Kind::Width, "16 does not fit into the 4 bits of the member `tag`"));
    dut.set_item(item);
    dut.set_either(EitherT::from_bits(0x5a));
    dut.eval()?;
    assert_eq!((dut.state(), dut.state_o()), (Ok(StateE::STOP), Ok(StateE::STOP)));
    assert_eq!((dut.item_o(), dut.item_delta(), dut.item_o().delta()), (item, -5, -5));
    assert_eq!((item.tag(), item.state(), item.lanes()), (0xf, Ok(StateE::RUN), 9));
    assert_eq!((dut.either_o().whole(), dut.either_o().halves()), (0x5a, 0x5a));
    assert_eq!(format!("{item:?}"), "ItemT { tag: 15, delta: -5, state: Ok(RUN), lanes: 9 }");
    dut.set("state", 6)?;
    dut.eval()?;
    let error = dut.state_o().unwrap_err();
    assert_eq!(error.kind, Kind::UnknownValue);
    assert_eq!(error.to_string(), "the enum `wide_pkg::state_e` has no name for 6");
    Ok(())
}

#[test]
fn arrays_are_arrays() -> Result<(), Error> {
    let mut dut = Wide::new()?;
    let (row, grid) = ([-64, 63, -1], [[1, u128::MAX >> 58], [3, 4]]);
    dut.set_row(row)?;
    dut.set_grid(grid)?;
    dut.eval()?;
    assert_eq!((dut.row(), dut.row_o(), dut.grid_o()), (row, row, grid));
    assert_eq!(dut.set_row([1, 2, -65]).map_err(|error| error.kind), Err(Kind::Width));
    assert_eq!((dut.row(), dut.set_grid_at([0, 0], 1 << 70).map_err(|error| error.kind)), (row, Err(Kind::Width)));
    dut.set_row_at(1, 127)?;
    dut.set_grid_at([1, 0], 9)?;
    dut.eval()?;
    assert_eq!((dut.row_o_at(1)?, dut.grid_o_at([1, 0])?, dut.grid_o_at([1, 1])?), (-1, 9, 4));
    assert_eq!(dut.get_at("grid_o", 2)?, 9);
    let error = dut.set_grid_at([0, 2], 1).unwrap_err();
    assert_eq!(error.to_string(), "the port `grid` has no element 2 where it has 2");
    Ok(())
}

#[test]
fn reals_and_texts_pass() -> Result<(), Error> {
    let mut dut = Wide::new()?;
    dut.set_ratio(0.75);
    dut.set_text("grüß dich")?;
    dut.eval()?;
    assert_eq!((dut.ratio_o(), dut.text_o()), (1.5, "grüß dich".to_owned()));
    assert_eq!(dut.set_text("a\0b").map_err(|error| error.kind), Err(Kind::Type));
    dut.set("text", "by name")?;
    dut.set("ratio", 2.0)?;
    dut.eval()?;
    assert!(dut.get("text_o")? == "by name" && dut.get("ratio_o")? == 4.0);
    Ok(())
}

#[test]
fn names_that_are_taken_get_an_underscore() -> Result<(), Error> {
    let mut dut = Wide::new()?;
    dut.set_a__b(true);
    dut.set_esc_name(true);
    dut.set_q_x(false);
    dut.set_new_(true);
    dut.set_free(true);
    dut.eval()?;
    assert_eq!(dut.odd_names(), 0b11011);
    assert_eq!(dut.get("esc.name")?, true);
    Ok(())
}

#[test]
fn ports_are_found_by_name() -> Result<(), Error> {
    let mut dut = Wide::new()?;
    let port = |name: &str| PORTS.iter().find(|port| port.name == name).copied();
    let (clock, row, text) = (port("clk_i").unwrap(), port("row").unwrap(), port("text").unwrap());
    assert_eq!((clock.direction, clock.role, clock.width), (Direction::In, Some(Role::Clock), 1));
    assert_eq!((row.elements, row.signed, text.kind), (3, true, PortKind::Text));
    assert_eq!((parameters::WIDTH, parameters::MINUS, parameters::LABEL), (12, -3, "a \"label\""));
    dut.set("s65", -7)?;
    dut.set("s12", -8)?;
    dut.set("u200", Bits::<200>::from(u128::MAX))?;
    dut.eval()?;
    assert!(dut.get("s65_o")? == -7 && dut.get("s12_o")? == -8_i8 && dut.get("s12_negative")? == true);
    assert_eq!(dut.get("u200_o")?, Value::Wide(vec![u32::MAX, u32::MAX, u32::MAX, u32::MAX, 0, 0, 0]));
    dut.set("u200", -1)?;
    assert_eq!(dut.u200().words(), [u32::MAX, u32::MAX, u32::MAX, u32::MAX, u32::MAX, u32::MAX, 0xff]);
    for (result, message) in [
        (dut.set("rst_n", 1), "there is no port `rst_n`: did you mean `rst_ni`?"),
        (dut.set("nothing_like_it", 1), "there is no port `nothing_like_it`"),
        (dut.set("u4_o", 1), "the port `u4_o` is an output"),
        (dut.set("pad", 1), "the port `pad` is an inout, which can only be read"),
        (dut.set("ratio", 1), "the port `ratio` cannot be set to bits"),
        (dut.set("u4", "1"), "the port `u4` cannot be set to a text"),
        (dut.set("row", 1), "the port `row` is an array: use `get_at` and `set_at`"),
        (dut.set_at("row", 3, 1), "the port `row` has no element 3 where it has 3"),
        (dut.tick_port("u4_o"), "the port `u4_o` is an output"),
        (dut.tick_port("text"), "the port `text` does not take bits"),
    ] {
        assert_eq!(result.map_err(|error| error.to_string()), Err(message.to_owned()));
    }
    Ok(())
}
