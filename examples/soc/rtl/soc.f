// The machine, without a bench. Paths are relative to the directory of fud.toml.
+incdir+rtl/include
// A package goes before its first user, wherever it stands here.
rtl/accumulator.sv
rtl/adder.sv
rtl/alu.sv
rtl/alu_pkg.sv
rtl/decoder.sv
rtl/program_counter.sv
rtl/shifter.sv
rtl/soc.sv
rtl/soc_pkg.sv
# Waivers stand before what they waive, wherever they are listed.
lint.vlt
