"""The table of a library as it is, with every status it returns. For users there is `src/model/hosts/python/fudsv.py`."""

import ctypes as c

OK, FINISHED, STOPPED, FATAL = 0, 1, 2, 3
THE_CLOCK = 0xFFFFFFFF
IN, OUT, INOUT = 0, 1, 2
BITS, REAL, STRING = 0, 1, 2
SIGNED = 1

Model = c.c_void_p


class Range(c.Structure):
    _fields_ = [("left", c.c_int32), ("right", c.c_int32)]


class Port(c.Structure):
    _fields_ = [
        ("name", c.c_char_p), ("cname", c.c_char_p), ("direction", c.c_uint32), ("kind", c.c_uint32),
        ("width", c.c_uint32), ("msb", c.c_int32), ("lsb", c.c_int32), ("flags", c.c_uint32), ("role", c.c_uint32),
        ("storage", c.c_uint32), ("words", c.c_uint32), ("elements", c.c_uint32), ("type", c.c_int32),
        ("packed_count", c.c_uint32), ("packed", c.POINTER(Range)),
        ("unpacked_count", c.c_uint32), ("unpacked", c.POINTER(Range)),
    ]


class Param(c.Structure):
    _fields_ = [
        ("name", c.c_char_p), ("value", c.c_char_p), ("kind", c.c_uint32), ("width", c.c_uint32),
        ("is_signed", c.c_uint32),
    ]


class Item(c.Structure):
    _fields_ = [("name", c.c_char_p), ("words", c.POINTER(c.c_uint32)), ("word_count", c.c_uint32)]


class Member(c.Structure):
    _fields_ = [
        ("name", c.c_char_p), ("lsb", c.c_uint32), ("width", c.c_uint32), ("is_signed", c.c_uint32),
        ("type", c.c_int32),
    ]


class Type(c.Structure):
    _fields_ = [
        ("name", c.c_char_p), ("kind", c.c_uint32), ("width", c.c_uint32), ("is_signed", c.c_uint32),
        ("item_count", c.c_uint32), ("items", c.POINTER(Item)),
        ("member_count", c.c_uint32), ("members", c.POINTER(Member)),
    ]


class Info(c.Structure):
    _fields_ = [
        ("magic", c.c_uint64), ("struct_size", c.c_uint32), ("schema", c.c_uint32), ("name", c.c_char_p),
        ("top", c.c_char_p), ("class_name", c.c_char_p), ("verilator", c.c_char_p), ("fudsv", c.c_char_p),
        ("build_id", c.c_char_p), ("features", c.c_uint64), ("time_unit", c.c_int32), ("time_precision", c.c_int32),
        ("port_count", c.c_uint32), ("port_stride", c.c_uint32), ("ports", c.c_void_p),
        ("param_count", c.c_uint32), ("param_stride", c.c_uint32), ("params", c.c_void_p),
        ("type_count", c.c_uint32), ("type_stride", c.c_uint32), ("types", c.c_void_p),
        ("item_stride", c.c_uint32), ("member_stride", c.c_uint32),
    ]


Output = c.CFUNCTYPE(None, c.c_void_p, c.POINTER(c.c_char), c.c_size_t)


class Options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32), ("argc", c.c_uint32), ("argv", c.POINTER(c.c_char_p)), ("scope", c.c_char_p),
        ("seed", c.c_uint64), ("random_reset", c.c_int32), ("reserved", c.c_uint32), ("output", Output),
        ("user", c.c_void_p),
    ]


class StatusInfo(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32), ("status", c.c_int32), ("kind", c.c_uint32), ("line", c.c_int32),
        ("errors", c.c_uint64), ("warnings", c.c_uint64), ("file", c.c_char_p), ("file_size", c.c_size_t),
        ("message", c.c_char_p), ("message_size", c.c_size_t),
    ]


def _function(*arguments):
    return c.CFUNCTYPE(c.c_int32, *arguments)


_u32, _u64, _i64, _size = c.c_uint32, c.c_uint64, c.c_int64, c.c_size_t
_words = c.POINTER(c.c_uint32)


class Api(c.Structure):
    _fields_ = [
        ("abi_version", _u32), ("struct_size", _u32), ("info", c.POINTER(Info)),
        ("create", _function(c.POINTER(Options), c.POINTER(Model))),
        ("destroy", _function(Model)), ("eval", _function(Model)), ("final", _function(Model)),
        ("get_time", _function(Model, c.POINTER(_u64))), ("set_time", _function(Model, _u64)),
        ("tick", _function(Model, _u32, _u32)), ("reset", _function(Model, _u32)),
        ("find_port", _function(c.c_char_p)),
        ("get_u64", _function(Model, _u32, _u32, c.POINTER(_u64))), ("set_u64", _function(Model, _u32, _u32, _u64)),
        ("get_i64", _function(Model, _u32, _u32, c.POINTER(_i64))), ("set_i64", _function(Model, _u32, _u32, _i64)),
        ("get_words", _function(Model, _u32, _u32, _words, _size)),
        ("set_words", _function(Model, _u32, _u32, _words, _size)),
        ("get_real", _function(Model, _u32, _u32, c.POINTER(c.c_double))),
        ("set_real", _function(Model, _u32, _u32, c.c_double)),
        ("get_string", _function(Model, _u32, _u32, c.c_char_p, _size, c.POINTER(_size))),
        ("set_string", _function(Model, _u32, _u32, c.c_char_p)),
        ("port_ptr", _function(Model, _u32, c.POINTER(c.c_void_p))),
        ("status_info", _function(Model, c.POINTER(StatusInfo))),
        ("next_event", _function(Model, c.POINTER(_u64))),
        ("trace_open", _function(Model, c.c_char_p, _u32)), ("trace_dump", _function(Model)),
        ("trace_flush", _function(Model)), ("trace_close", _function(Model)),
        ("coverage_write", _function(Model, c.c_char_p)),
        ("find_dpi", _function(c.c_char_p)), ("dpi_bind", _function(Model, _u32, c.c_void_p, c.c_void_p)),
        ("dpi_fail", _function(Model, c.c_char_p)), ("run_until", _function(Model, _u64)),
        ("save", _function(Model, c.c_char_p)), ("restore", _function(Model, c.c_char_p)),
        ("find_probe", _function(c.c_char_p)), ("coverage_zero", _function(Model)),
        ("trace_rotate", _function(Model, c.c_char_p)),
    ]


class Refused(Exception):
    """A call that the library did not accept."""


def _records(kind, address, count, stride):
    return [kind.from_address(address + n * stride) for n in range(count)]


class Library:
    """A library and what it says about its design."""

    def __init__(self, path):
        self.library = c.CDLL(path)
        get_api = self.library.fudsv_get_api
        get_api.restype, get_api.argtypes = c.POINTER(Api), [_u32]
        self.api = get_api(1).contents
        self.info = info = self.api.info.contents
        self.ports = {
            port.name.decode(): (index, port)
            for index, port in enumerate(_records(Port, info.ports, info.port_count, info.port_stride))
        }
        self.params = {
            param.name.decode(): param.value.decode()
            for param in _records(Param, info.params, info.param_count, info.param_stride)
        }
        self.types = _records(Type, info.types, info.type_count, info.type_stride)

    def new(self, plusargs=(), output=None, **options):
        return Instance(self, plusargs, output, options)


class Instance:
    """A running model. `model["port"]` reads, `model["port"] = value` writes, also `model["array", 3]`."""

    def __init__(self, library, plusargs, output, options):
        self.library, self.api = library, library.api
        texts = (c.c_char_p * len(plusargs))(*[text.encode() for text in plusargs])
        self.output = Output(lambda _, text, size: output(text[:size].decode())) if output else Output()
        options = Options(c.sizeof(Options), len(plusargs), texts, output=self.output, **options)
        self.handle = Model()
        status = self.api.create(c.byref(options), c.byref(self.handle))
        if status != OK:
            raise Refused(f"create: {status}: {self.status()}")

    def close(self):
        status = self.api.destroy(self.handle) if self.handle else OK
        self.handle = None
        return status

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _place(self, key):
        name, element = key if isinstance(key, tuple) else (key, 0)
        index, port = self.library.ports[name]
        return index, element, port

    def __getitem__(self, key):
        index, element, port = self._place(key)
        if port.kind == REAL:
            real = c.c_double()
            self._check("read", self.api.get_real(self.handle, index, element, c.byref(real)))
            return real.value
        if port.kind == STRING:
            length = _size()
            self._check("read", self.api.get_string(self.handle, index, element, None, 0, c.byref(length)))
            text = c.create_string_buffer(length.value + 1)
            self._check("read", self.api.get_string(self.handle, index, element, text, len(text), None))
            return text.value.decode()
        words = (c.c_uint32 * port.words)()
        self._check("read", self.api.get_words(self.handle, index, element, words, len(words)))
        return int.from_bytes(bytes(words), "little", signed=bool(port.flags & SIGNED))

    def __setitem__(self, key, value):
        index, element, port = self._place(key)
        if port.kind == REAL:
            return self._check("set", self.api.set_real(self.handle, index, element, value))
        if port.kind == STRING:
            return self._check("set", self.api.set_string(self.handle, index, element, value.encode()))
        count = port.words + 8
        bits = value & ((1 << 32 * count) - 1)
        words = (c.c_uint32 * count).from_buffer_copy(bits.to_bytes(4 * count, "little"))
        return self._check("set", self.api.set_words(self.handle, index, element, words, count))

    def _check(self, what, status):
        if status < 0:
            raise Refused(f"{what}: {status}")

    def _run(self, what, status):
        self._check(what, status)
        return status

    def eval(self):
        return self._run("eval", self.api.eval(self.handle))

    def final(self):
        return self._run("final", self.api.final(self.handle))

    def tick(self, count=1, port=THE_CLOCK):
        return self._run("tick", self.api.tick(self.handle, port, count))

    def reset(self, cycles=1):
        return self._run("reset", self.api.reset(self.handle, cycles))

    @property
    def time(self):
        time = _u64()
        self.api.get_time(self.handle, c.byref(time))
        return time.value

    @time.setter
    def time(self, value):
        self.api.set_time(self.handle, value)

    def status(self):
        file, message = c.create_string_buffer(1024), c.create_string_buffer(1024)
        info = StatusInfo(c.sizeof(StatusInfo))
        info.file, info.file_size = c.addressof(file), len(file)
        info.message, info.message_size = c.addressof(message), len(message)
        self.api.status_info(self.handle, c.byref(info))
        return {
            "status": info.status, "kind": info.kind, "file": file.value.decode(), "line": info.line,
            "message": message.value.decode(), "errors": info.errors, "warnings": info.warnings,
        }
