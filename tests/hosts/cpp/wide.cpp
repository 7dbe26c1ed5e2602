// Ports of every shape through the C++ header.
#include "check.hpp"
#include "wide.hpp"

#include <limits>
#include <utility>

int main() {
    wide::Model dut;
    dut.set_in(true);
    dut.set_s12(-3);
    dut.set_u4(0xf);
    CHECK(thrown<fudsv::Error>([&] { dut.set_u4(0x10); }) == "the value does not fit into 4 bits");
    CHECK(thrown<fudsv::Error>([&] { dut.set_s12(-2049); }) == "the value does not fit into 12 bits");
    CHECK(thrown<fudsv::Error>([&] { dut.set_in(2); }) == "the value does not fit into 1 bit");
    CHECK(thrown<fudsv::Error>([&] { dut.set_u200(fudsv::Bits<200>({0, 0, 0, 0, 0, 0, 0x1ff})); })
          == "the value does not fit into 200 bits");
    dut.set_s64(std::numeric_limits<int64_t>::min());
    dut.set_u64(~uint64_t{0});
    dut.set_s65(fudsv::Bits<65>({0, 0, 1}));
    dut.set_u200(fudsv::Bits<200>({1, 2, 3, 4, 5, 6, 0xff}));
    dut.eval();
    CHECK(dut.out() && dut.s12_o() == -3 && dut.u4_o() == 15 && dut.u4_full() && dut.s12_negative());
    CHECK(dut.s64_o() == std::numeric_limits<int64_t>::min() && dut.u64_o() == ~uint64_t{0});
    CHECK(dut.s65_o().bit(64) && dut.s65_negative() && dut.s65_o().words()[2] == 1);
    CHECK(dut.u200_o().to_hex() == "ff0000000600000005000000040000000300000002" "00000001");
    CHECK(dut.u200_o().slice<40>(160).to_u64() == 0xff00000006);

    dut.set_state(wide::state_e::STOP);
    wide::item_t item;
    item.tag = 31;
    CHECK(thrown<fudsv::Error>([&] { dut.set_item(item); }) == "the value does not fit into 4 bits");
    item.tag = 15;
    item.delta = -2;
    item.state = wide::state_e::RUN;
    dut.set_item(item);
    dut.set_either(0xa5);
    dut.eval();
    CHECK(dut.state_o() == wide::state_e::STOP);
    const wide::item_t seen = dut.item_o();
    CHECK(seen.tag == 15 && seen.delta == -2 && seen.state == wide::state_e::RUN && seen.lanes == 0);
    CHECK(dut.item_delta() == -2 && dut.either_o() == 0xa5 && seen == item && dut.item() == seen);

    CHECK(thrown<fudsv::Error>([&] { dut.set_row_at(0, -65); }) == "the value does not fit into 7 bits");
    dut.set_row({1, -2, -56});
    dut.set_row_at(0, 9);
    dut.set_grid({{{fudsv::Bits<70>(1), fudsv::Bits<70>(2)}, {fudsv::Bits<70>(3), fudsv::Bits<70>({0, 0, 0x3f})}}});
    dut.eval();
    CHECK((dut.row_o() == std::array<int8_t, 3>{9, -2, -56}) && dut.row_o_at(1) == -2);
    CHECK(dut.grid_o()[1][1] == fudsv::Bits<70>({0, 0, 0x3f}) && dut.grid_o_at(1, 0).to_u64() == 3);

    dut.set_ratio(0.1);
    dut.set_text("a text that is too long to be stored in place");
    dut.eval();
    CHECK(dut.ratio_o() == 0.2 && dut.text_o() == "a text that is too long to be stored in place");
    dut.set_new_(true);
    dut.set_esc_name(true);
    dut.eval();
    CHECK(dut.odd_names() == 0b01010);

    dut.reset();
    CHECK(dut.rst_ni() && dut.u200_q() == fudsv::Bits<200>());
    dut.tick();
    CHECK(dut.u200_q() == dut.u200());

    // A model moves, and takes its state with it.
    wide::Model moved = std::move(dut);
    CHECK(moved.u4_o() == 15 && moved.time() == 4);
    dut = std::move(moved);
    CHECK(dut.u4_o() == 15 && std::string(dut.info().top) == "wide");
    CHECK(thrown<fudsv::Error>([&] { auto trace = dut.trace("x.vcd"); }) ==
          "the model was built without waveforms: build it with `--set verilator.trace=vcd`");

    static_assert(fudsv::Bits<5>(0x1f).to_i64() == -1 && fudsv::Bits<5>(~uint64_t{0}).to_u64() == 31);
    static_assert(fudsv::Bits<64>(1).slice<3>(63).to_u64() == 0);
    std::puts("wide: ok");
}
