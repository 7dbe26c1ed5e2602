# Prints where cocotb and its parts are, as JSON; nothing of them where it is not installed.
import json
import sys
from importlib import metadata

told = {"python": sys.executable}
try:
    told["version"] = metadata.version("cocotb")
except metadata.PackageNotFoundError:
    pass
if told.get("version", "0").split(".")[0].isdigit() and int(told.get("version", "0").split(".")[0]) >= 2:
    import find_libpython
    from cocotb_tools import config

    told["libs"] = str(config.libs_dir)
    told["share"] = str(config.share_dir)
    told["libpython"] = str(find_libpython.find_libpython() or "")
    told["entry"] = config.pygpi_entry_point()
print(json.dumps(told))
