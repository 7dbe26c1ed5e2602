// Signals inside of a design through the C++ header.
#include "check.hpp"
#include "probed.hpp"

int main() {
    probed::Model dut;
    dut.set_data(0x5a);
    dut.tick(4);
    CHECK(dut.u_pc() == 4 && dut.u_state() == probed::state_e::RUN && dut.u_parts().high == 9 && dut.u_negative() == -3);
    CHECK(dut.u_wide().slice<8>(92).to_u64() == 0x5a && dut.u_memory()[3] == 3 && dut.u_text() == "pc is 3");
    CHECK(dut.u_table_of_at(1, 2) == 0x100000003 && dut.u_odd_name() == 77 && dut.gen_0__f_far() == 12);
    std::puts("probed: ok");
}
