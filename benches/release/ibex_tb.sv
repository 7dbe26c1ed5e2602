// Runs ibex from a memory of its own: RV32I that adds 10, 9, … 1, stores the sum, reads it back, and begins again.
module ibex_tb;
    reg clk = 0;
    reg rst_n = 0;
    wire instr_req, data_req, data_we;
    reg instr_valid = 0;
    reg data_valid = 0;
    wire [31:0] instr_addr, data_addr, data_wdata;
    reg [31:0] instr_rdata, data_rdata;
    reg [31:0] memory[0:255];
    reg [31:0] sum = 0;
    int cycles;

    ibex_top core (
        .clk_i(clk), .rst_ni(rst_n), .test_en_i(1'b0), .ram_cfg_i('0), .hart_id_i(32'b0), .boot_addr_i(32'b0),
        .instr_req_o(instr_req), .instr_gnt_i(instr_req), .instr_rvalid_i(instr_valid), .instr_addr_o(instr_addr),
        .instr_rdata_i(instr_rdata), .instr_rdata_intg_i(7'b0), .instr_err_i(1'b0),
        .data_req_o(data_req), .data_gnt_i(data_req), .data_rvalid_i(data_valid), .data_we_o(data_we), .data_be_o(),
        .data_addr_o(data_addr), .data_wdata_o(data_wdata), .data_wdata_intg_o(), .data_rdata_i(data_rdata),
        .data_rdata_intg_i(7'b0), .data_err_i(1'b0),
        .irq_software_i(1'b0), .irq_timer_i(1'b0), .irq_external_i(1'b0), .irq_fast_i(15'b0), .irq_nm_i(1'b0),
        .scramble_key_valid_i(1'b0), .scramble_key_i('0), .scramble_nonce_i('0), .scramble_req_o(),
        .debug_req_i(1'b0), .crash_dump_o(), .double_fault_seen_o(), .fetch_enable_i(ibex_pkg::IbexMuBiOn),
        .alert_minor_o(), .alert_major_internal_o(), .alert_major_bus_o(), .core_sleep_o(), .scan_rst_ni(1'b1)
    );

    always #5 clk = ~clk;

    always @(posedge clk) begin
        instr_valid <= instr_req;
        instr_rdata <= memory[instr_addr[9:2]];
        data_valid <= data_req;
        data_rdata <= memory[data_addr[9:2]];
        if (data_req && data_we) begin
            memory[data_addr[9:2]] <= data_wdata;
            sum <= sum + data_wdata;
        end
    end

    initial begin
        for (int n = 0; n < 256; n++) memory[n] = 0;
        // ibex begins at 0x80 above its boot address.
        memory[32] = 32'h00000093;
        memory[33] = 32'h00a00113;
        memory[34] = 32'h002080b3;
        memory[35] = 32'hfff10113;
        memory[36] = 32'hfe011ce3;
        memory[37] = 32'h100001b7;
        memory[38] = 32'h0011a023;
        memory[39] = 32'h0001a203;
        memory[40] = 32'hfe1ff06f;
        if (!$value$plusargs("cycles=%d", cycles)) cycles = 100000;
        #100 rst_n = 1;
        repeat (cycles) @(posedge clk);
        $display("%0d", sum);
        if (sum == 0) $fatal(1, "the core did nothing");
        $finish;
    end
endmodule
