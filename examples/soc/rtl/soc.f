// The machine, without a bench. Paths are relative to the directory of fud.toml.
+incdir+rtl/include
rtl/soc_pkg.sv
rtl/alu.sv
rtl/soc.sv
# Waivers stand before what they waive, wherever they are listed.
lint.vlt
