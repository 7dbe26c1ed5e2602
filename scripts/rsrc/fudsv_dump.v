// Writes the waveforms of a whole design that Icarus Verilog runs, to the file that `+fudsv_waves=FILE` names.
// It does not know the design; without that argument it does nothing.
module fudsv_dump();
    string file;
    initial if ($value$plusargs("fudsv_waves=%s", file)) begin
        $dumpfile(file);
        $dumpvars;
    end
endmodule
