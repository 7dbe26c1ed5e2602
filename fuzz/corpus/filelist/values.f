--future0 --timescale --pipe-filter ./x
-D X -y . +incdir+.+$HOME -j 2 --clk a
./--gdb @x +libext+.v
-CFLAGS "-D @x" -F l.f
