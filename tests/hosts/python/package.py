"""A package of a model, installed by pip."""

import wide

with wide.Wide(output=print) as dut:
    dut.item = wide.item_t(tag=3, state=wide.state_e.RUN)
    dut.eval()
    assert dut.item_o.state is wide.state_e.RUN and repr(wide.Wide) == "<class 'wide.Wide'>"
try:
    dut.eval()
except wide.Error as error:
    print(f"package: {'ok' if str(error) == 'the model is closed' else error}")
