# Runs a script or a module and writes down what it read: the modules that it imports and the files that it opens, one in
# each line. It leaves out Python's own library, which comes with the interpreter, and what the script itself writes.
#
#     fudsv_python.py LIST SCRIPT [ARGUMENT…]
#     fudsv_python.py LIST -m DIRECTORY MODULE [ARGUMENT…]

import atexit
import os
import runpy
import sys
import types

OWN_FILE = __file__
LIBRARY = [
    os.path.dirname(os.__file__),
    os.path.join(sys.base_exec_prefix, getattr(sys, "platlibdir", "lib"), "python%d.%d" % sys.version_info[:2]),
]
INSTALLED = ("site-packages", "dist-packages")
NOT_FILES = ("/proc/", "/sys/", "/dev/")


def is_below(path, directory):
    return path.startswith(directory.rstrip("/") + "/")


def is_of_library(path):
    """Whether it comes with the interpreter."""
    if any(part in INSTALLED for part in path.split("/")):
        return False
    return any(is_below(path, directory) for directory in LIBRARY)


class Reads:
    """What this process reads."""

    def __init__(self, listed, near):
        self.listed = os.path.abspath(listed)
        self.here = os.getcwd()
        self.near = os.path.commonpath([self.here, near]) if near else self.here
        self.process = os.getpid()
        self.opened = set()
        self.written = set()
        self.imported = set()
        self.search_path = []
        self.before = set()

    def start(self):
        """From here on all that happens is the script's doing."""
        self.search_path = [os.path.abspath(entry or ".") for entry in sys.path]
        self.before = set(sys.modules)
        if hasattr(sys, "addaudithook"):
            sys.addaudithook(self.hear)
        atexit.register(self.write)

    def hear(self, event, arguments):
        """Hears of each module that is looked for and of each file that is opened, before it is."""
        if event == "import":
            self.imported.add(arguments[0])
        if event != "open" or not isinstance(arguments[0], (str, bytes)):
            return
        path = os.path.abspath(os.fsdecode(arguments[0]))
        flags = arguments[2] if isinstance(arguments[2], int) else 0
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            self.written.add(path)
        else:
            self.opened.add(path)

    def modules(self):
        """The files of modules, and those that would be taken in their places if they were there."""
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if name in self.before:
                continue
            if not isinstance(file, str):
                # A package without a file of its own.
                yield from (os.path.join(place, "__init__.py") for place in self.places_in(name))
                continue
            file = os.path.abspath(file)
            yield file
            if file.endswith(".py") and os.path.basename(file) != "__init__.py" and not is_of_library(file):
                yield os.path.join(file[: -len(".py")], "__init__.py")
            if "." in name:
                continue
            for entry in self.search_path:
                if is_below(file, entry):
                    break
                if not is_of_library(entry + "/") and os.path.isdir(entry):
                    yield from (os.path.join(entry, name + ".py"), os.path.join(entry, name, "__init__.py"))

    def places_in(self, package):
        """The directories in which the modules of a package are looked for."""
        places = getattr(sys.modules.get(package), "__path__", None) or []
        return [os.path.abspath(place) for place in list(places) if isinstance(place, str)]

    def missing_modules(self):
        """The files that modules would have that were looked for in vain: a script may go on without them."""
        for name in self.imported:
            package, _, last = name.rpartition(".")
            # Python's own library does without modules that begin so.
            if sys.modules.get(name) is not None or last.startswith("_"):
                continue
            for place in self.places_in(package) if package else self.search_path:
                if not is_of_library(place + "/") and os.path.isdir(place):
                    yield from (os.path.join(place, last + ".py"), os.path.join(place, last, "__init__.py"))

    def is_read(self, path):
        if path in self.written or path.startswith(NOT_FILES) or os.path.isdir(path):
            return False
        is_cache = path.endswith(".pyc") and os.path.basename(os.path.dirname(path)) == "__pycache__"
        return not is_cache and not is_of_library(path)

    def write(self):
        if os.getpid() != self.process:
            return
        found = self.opened.union(self.modules(), self.missing_modules())
        read = sorted(path for path in found if self.is_read(path))
        shown = (os.path.relpath(path, self.here) if is_below(path, self.near) else path for path in read)
        os.makedirs(os.path.dirname(self.listed), exist_ok=True)
        with open(self.listed, "w", encoding="utf-8", errors="surrogateescape", newline="\n") as file:
            file.writelines(path + "\n" for path in shown)


def without_runner(kind, error, trace):
    """Shows an error of the script as if nothing had run it."""
    own = (OWN_FILE, runpy.__file__, "<frozen runpy>")
    while trace is not None and trace.tb_frame.f_code.co_filename in own:
        trace = trace.tb_next
    sys.__excepthook__(kind, error.with_traceback(trace), trace)


def main():
    listed, script, *rest = sys.argv[1:]
    module = None
    if script == "-m":
        directory, module, *rest = rest
    else:
        directory = os.path.dirname(os.path.realpath(script) if os.path.islink(script) else script)
    near = None if os.path.isabs(directory) else os.path.abspath(directory)
    # The source tree stays as it is; neither do programs that the script starts write there.
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    sys.path[0] = os.path.abspath(directory)
    sys.argv = [module or script, *rest]
    sys.excepthook = without_runner
    Reads(listed, near).start()
    if module:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    elif os.path.isdir(script):
        runpy.run_path(script, run_name="__main__")
    else:
        run_file(script)


def run_file(script):
    """As `python script`: `runpy` would change the first word of the command."""
    path = os.path.abspath(script)
    with open(path, "rb") as file:
        code = compile(file.read(), path, "exec")
    program = types.ModuleType("__main__")
    program.__file__ = path
    sys.modules["__main__"] = program
    exec(code, program.__dict__)


main()
