// a list
rtl/a.sv +incdir+inc+${INC} /* more
lines */ -f sub.f -F "sub dir/own.f" # not a comment
# a comment
+define+A=1+B="x y" -DC -GW=8 -pvalue+W=9 +libext+.v+.sv -y lib -v lib/x.v
-CFLAGS "-O2 -DX='1'" -LDFLAGS -lm --top-module top --x-assign fast -Wno-fatal $HOME/a.sv $(X)/b.sv
--pipe-filter ./f --Mdir x -sverilog +vcs+lic+wait --waiver-output w
