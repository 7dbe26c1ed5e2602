"""What mypy finds in a program that uses a package."""

from wide import Wide, state_e

with Wide() as dut:
    dut.row = [1, 2, 3]
    dut.row[0] = 4
    dut.grid = [[1, 2], [3, 4]]
    dut.item = {"tag": 1}
    dut.item.delta = -1
    dut.state = state_e.RUN
    first: int = dut.row_o[0] + dut.item_o.tag
    dut.nothing = 1
    dut.u4_o = 1
    dut.u4 = "x"
