/* A DPI function that is linked into the model. */
int linked(int a) { return a + 1000; }
