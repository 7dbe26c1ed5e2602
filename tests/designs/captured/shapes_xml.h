    // PORTS
    // The application code writes and reads these signals to
    // propagate new values into/out from the Verilated model.
    VL_IN8(&clk,0,0);
    VL_IN8(&item,6,0);
    VL_IN8(&plain,1,0);
    VL_IN8(&nameless,1,0);
    VL_OUT8(&sum,2,0);
    VL_IN8(&a___05Fb,0,0);
    VL_IN8((&levels)[2],3,0);

    // CELLS
