# Notes what a run of cocotb's tests reads: modules that it imports, files that it opens, libraries that it loads, variables
# that it asks for. Python imports it as `sitecustomize`, before anything else; the one that it hides comes after it.
# It leaves out Python's own library, which comes with the interpreter, and does not know what the tests do.

import atexit
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
NOTES = "FUDSV_COCOTB_NOTES"
LIBRARY = [
    os.path.dirname(os.__file__),
    os.path.join(sys.base_exec_prefix, getattr(sys, "platlibdir", "lib"), "python%d.%d" % sys.version_info[:2]),
]
INSTALLED = ("site-packages", "dist-packages")
NOT_FILES = ("/proc/", "/sys/", "/dev/")
# What a test does that nobody sees the basis of.
UNSEEN = {
    "subprocess.Popen": "it starts programs",
    "os.system": "it starts programs",
    "os.exec": "it starts programs",
    "os.posix_spawn": "it starts programs",
    "os.fork": "it starts processes",
    "socket.connect": "it uses the network",
    "socket.bind": "it uses the network",
}


def is_below(path, directory):
    return path.startswith(directory.rstrip("/") + "/")


def is_installed(path):
    return any(part in INSTALLED for part in path.split("/"))


def is_of_library(path):
    """Whether it comes with the interpreter."""
    return not is_installed(path) and any(is_below(path, directory) for directory in LIBRARY)


class Notes:
    """What this process asks of the world."""

    def __init__(self, file):
        self.file = file
        self.here = os.getcwd()
        self.process = os.getpid()
        self.opened = set()
        self.absent = set()
        self.written = set()
        self.imported = set()
        self.variables = set()
        self.unseen = set()

    def hear(self, event, arguments):
        """Hears of what Python does before it does it."""
        if event == "open":
            self.hear_open(*arguments)
        elif event == "import":
            self.imported.add(arguments[0])
        elif event in UNSEEN:
            self.unseen.add(UNSEEN[event])
        elif event in ("os.listdir", "os.scandir"):
            self.hear_listing(arguments[0])

    def hear_open(self, path, mode, flags):
        if not isinstance(path, (str, bytes)):
            return
        path = os.path.abspath(os.fsdecode(path))
        flags = flags if isinstance(flags, int) else 0
        if path == self.file:
            return
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            self.written.add(path)
            # What is there before it is written to may be read.
            if flags & os.O_RDWR and not flags & os.O_TRUNC and os.path.exists(path):
                self.opened.add(path)
        elif path not in self.written:
            (self.opened if os.path.exists(path) else self.absent).add(path)

    def hear_listing(self, path):
        """A test may depend on which files a directory has; the search for modules is known otherwise."""
        frame = sys._getframe(2)
        while frame is not None:
            caller = frame.f_code.co_filename
            if "importlib" in caller or "/_pytest/" in caller:
                return
            frame = frame.f_back
        path = os.path.abspath(os.fsdecode(path)) if isinstance(path, (str, bytes)) else str(path)
        if not is_installed(path) and not is_of_library(path + "/"):
            self.unseen.add("it lists `%s`" % self.shown(path))

    def modules(self):
        """The files of modules, and those that would be taken in their places if they were there."""
        search = [os.path.abspath(entry or self.here) for entry in sys.path]
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if not isinstance(file, str) or is_below(file, HERE):
                continue
            file = os.path.abspath(file)
            if is_of_library(file):
                continue
            yield file
            if file.endswith(".py") and os.path.basename(file) != "__init__.py" and not is_installed(file):
                yield os.path.join(file[: -len(".py")], "__init__.py")
            if "." in name:
                continue
            for entry in search:
                if is_below(file, entry):
                    break
                if not is_of_library(entry + "/") and not is_installed(entry) and os.path.isdir(entry):
                    yield from (os.path.join(entry, name + ".py"), os.path.join(entry, name, "__init__.py"))

    def missing_modules(self):
        """The files that modules of the project would have that were looked for in vain."""
        search = [os.path.abspath(entry or self.here) for entry in sys.path]
        for name in self.imported:
            last = name.rpartition(".")[2]
            if "." in name or sys.modules.get(name) is not None or last.startswith("_"):
                continue
            for place in search:
                if not is_of_library(place + "/") and not is_installed(place) and os.path.isdir(place):
                    yield from (os.path.join(place, last + ".py"), os.path.join(place, last, "__init__.py"))

    def loaded(self):
        """Libraries in this process, and the program of Icarus Verilog; the program of a design is known."""
        with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as maps:
            files = {line.split(maxsplit=5)[5].rstrip("\n") for line in maps if "/" in line}
        return {file for file in files if ".so" in os.path.basename(file) or file.endswith((".vpi", "/vvp"))}

    def of_design(self):
        """What the design itself asked for, where the program says that."""
        import ctypes

        try:
            told = ctypes.CDLL(None).fudsv_cocotb_notes
        except AttributeError:
            return
        told.restype = ctypes.c_char_p
        for line in os.fsdecode(told()).splitlines():
            what, _, text = line.partition(" ")
            path = os.path.abspath(os.path.join(self.here, text))
            if what == "read":
                self.opened.add(path)
            elif what == "absent":
                self.absent.add(path)
            elif what == "written":
                self.written.add(path)
            elif what == "variable":
                self.variables.add(text)
            elif what == "command":
                self.unseen.add("`$system` ran commands")

    def is_own(self, path):
        """Whether it is neither an input nor a result: a cache of Python, a device, what fudsv writes."""
        is_cache = "__pycache__" in path.split("/")
        return is_cache or path.startswith(NOT_FILES) or is_of_library(path) or is_below(path, HERE)

    def shown(self, path):
        return os.path.relpath(path, self.here) if is_below(path + "/", self.here) else path

    def write(self):
        if os.getpid() != self.process:
            return
        self.of_design()
        results = os.environ.get("COCOTB_RESULTS_FILE", "")
        # pytest, whose assertions cocotb uses, takes this one.
        sought = set(self.modules()).union(self.missing_modules(), [os.path.join(self.here, "conftest.py")])
        read = self.opened.union(file for file in sought if os.path.isfile(file))
        read = read.union(self.loaded(), [os.path.join(sys.prefix, "pyvenv.cfg")])
        absent = self.absent.union(file for file in sought if not os.path.exists(file))

        def listed(paths):
            return sorted(self.shown(path) for path in paths if not self.is_own(path))

        notes = {
            "read": listed(path for path in read if os.path.isfile(path)),
            "absent": listed(path for path in absent if path not in self.written),
            "written": listed(path for path in self.written if path != results),
            "variables": sorted(self.variables),
            "unseen": sorted(self.unseen),
        }
        with open(self.file, "w", encoding="utf-8", errors="surrogateescape") as file:
            json.dump(notes, file)


def note_variables(notes):
    """The environment of Python, which says which variables are asked for."""
    kind = type(os.environ)

    class Noted(kind):
        def __getitem__(self, name):
            notes.variables.add(name)
            return kind.__getitem__(self, name)

        def __iter__(self):
            if not is_of_library(sys._getframe(1).f_code.co_filename):
                notes.unseen.add("it looks at all variables of the environment")
            return kind.__iter__(self)

    os.environ.__class__ = Noted


def start():
    file = os.environ.pop(NOTES, None)
    # Programs that a test starts are none of ours.
    os.environ["PYTHONPATH"] = os.pathsep.join(
        entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry and entry != HERE
    )
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != HERE]
    if file is None:
        return
    notes = Notes(os.path.abspath(file))
    sys.addaudithook(notes.hear)
    note_variables(notes)
    atexit.register(notes.write)


def hidden():
    """The module of this name that would be there without this one."""
    own = sys.modules.pop(__name__, None)
    try:
        __import__(__name__)
    except ImportError as error:
        if error.name != __name__:
            raise
    sys.modules.setdefault(__name__, own)


start()
if __name__ == "sitecustomize":
    hidden()
