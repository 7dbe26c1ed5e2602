// Two designs in one program: how they end, what they print, and their waves.
#include "check.hpp"
#include "counter.hpp"
#include "ends.hpp"

#include <fstream>
#include <optional>
#include <sstream>

static std::string run(unsigned how) {
    std::string printed;
    fudsv::Options options;
    options.output = [&](std::string_view text) { printed += text; };
    ends::Model dut(options);
    dut.tick(2);
    dut.set_how(static_cast<uint8_t>(how));
    std::string said;
    for (int n = 0; n < 2; ++n) {
        try {
            dut.tick();
            said += dut.finished() ? "finished; " : "ok; ";
        } catch (const fudsv::Finished& error) {
            said += "Finished: " + error.message() + "; ";
        } catch (const fudsv::Stopped& error) {
            said += "Stopped: " + error.message() + "; ";
        } catch (const fudsv::Fatal& error) {
            said += "Fatal: " + error.message() + "; ";
        }
        dut.set_how(0);
    }
    return said + std::to_string(dut.errors());
}

int main() {
    CHECK(run(0) == "ok; ok; 0");
    CHECK(run(1) == "finished; Finished: $finish was reached before; 0");
    CHECK(run(3) == "Stopped: $stop; Stopped: $stop; 0");
    CHECK(run(4) == "Stopped: value is 2; ok; 1");
    CHECK(run(5) == "Fatal: gave up at 2; Fatal: the model ended before: gave up at 2; 0");

    // What an output function throws comes out of the call; statuses come without exceptions.
    fudsv::Options options;
    options.output = [](std::string_view text) { throw std::runtime_error(std::string(text)); };
    ends::Model loud(options);
    loud.set_how(8);
    CHECK(thrown<std::runtime_error>([&] { loud.tick(); }) == "hello 0\n");
    loud.set_how(3);
    CHECK(loud.tick(1, std::nothrow) == FUDSV_STOPPED && loud.eval(std::nothrow) == FUDSV_STOPPED);

    std::optional<fudsv::Trace> trace;
    {
        counter::Model dut;
        dut.reset(2);
        dut.set_en(true);
        trace.emplace(dut.trace("some waves.vcd"));
        dut.tick(3);
        trace->flush();
        trace.reset();
        dut.tick(3);
        CHECK(dut.count() == 6 && dut.time() == 16);
        CHECK(thrown<fudsv::Error>([&] { trace.emplace(dut.trace("no/such/dir.vcd")); }) ==
              "`no/such/dir.vcd` cannot be written: No such file or directory");
        trace.emplace(dut.trace("outlives the model.vcd"));
    }
    trace.reset();
    std::ifstream file("some waves.vcd");
    std::stringstream text;
    text << file.rdbuf();
    const std::string waves = text.str();
    CHECK(waves.find("\n#4\n") != waves.npos && waves.find("\n#9\n") != waves.npos && waves.find("\n#10\n") == waves.npos);
    std::puts("ends: ok");
}
