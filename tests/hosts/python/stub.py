"""Whether the classes of a package have what its stub says: `stub.py STUB`."""

import ast
import sys

import wide


def names(body):
    for node in body:
        if isinstance(node, ast.FunctionDef):
            yield node.name
        elif isinstance(node, (ast.AnnAssign, ast.Assign)):
            yield getattr(node, "target", None).id if isinstance(node, ast.AnnAssign) else node.targets[0].id


with open(sys.argv[1]) as stub:
    classes = {node.name: set(names(node.body)) for node in ast.parse(stub.read()).body
               if isinstance(node, ast.ClassDef)}
assert classes.pop("Wide") == {port.attribute for port in wide.library.ports}
assert set(classes) == {"state_e", "item_t", "either_t"}
assert classes.pop("state_e") == {member.name for member in wide.state_e}
for name, found in classes.items():
    assert found - {"__init__"} == set(getattr(wide, name)._members), name
print("stub: ok")
