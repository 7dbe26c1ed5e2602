// Drives the counter from C++17: `c++ -std=c++17 driver.cpp -Iinterface ./libcounter.so`.
#include "counter.hpp"

#include <iostream>

int main() try {
    counter::Model dut;
    dut.reset(2);
    dut.set_en(true);
    dut.tick(20);
    std::cout << "counted to " << +dut.count() << " at time " << dut.time() << '\n';
} catch (const fudsv::Error& error) {
    std::cerr << error.what() << '\n';
    return 1;
}
