// Runs a program on serv until it stores something at 0x10000000, which must be 55.
`timescale 1ns / 1ps
module serv_tb;

    logic clk = 0, rst = 1, ibus_cyc, ibus_ack = 0, dbus_cyc, dbus_we, dbus_ack = 0;
    logic [31:0] ibus_adr, ibus_rdt = 0, dbus_adr, dbus_dat, memory[64];
    string program_file;

    serv_rf_top core (
        .clk, .i_rst(rst), .i_timer_irq(1'b0),
        .o_ibus_adr(ibus_adr), .o_ibus_cyc(ibus_cyc), .i_ibus_rdt(ibus_rdt), .i_ibus_ack(ibus_ack),
        .o_dbus_adr(dbus_adr), .o_dbus_dat(dbus_dat), .o_dbus_we(dbus_we), .o_dbus_cyc(dbus_cyc),
        .i_dbus_rdt(32'h0), .i_dbus_ack(dbus_ack), .i_ext_rd(32'h0), .i_ext_ready(1'b0)
    );

    always #5 clk = !clk;

    always @(posedge clk) begin
        ibus_ack <= ibus_cyc && !ibus_ack;
        ibus_rdt <= memory[ibus_adr[7:2]];
        dbus_ack <= dbus_cyc && !dbus_ack;
        if (dbus_cyc && dbus_we && dbus_adr == 32'h1000_0000) begin
            if (dbus_dat != 55) $error("the sum is %0d", dbus_dat);
            $display("serv says %0d", dbus_dat);
            $finish;
        end
    end

    initial begin
        if (!$value$plusargs("program=%s", program_file)) $fatal(1, "no +program=FILE");
        $readmemh(program_file, memory, 0, 7);
        #100 rst = 0;
        #1_000_000 $fatal(1, "the program does not end");
    end

endmodule
