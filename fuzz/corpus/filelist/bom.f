a.sv
+incdir+.
