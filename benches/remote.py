#!/usr/bin/env python3
"""Times what a store for a team does for a fresh checkout, over a proxy that delays: milliseconds, waits and bytes.

    python3 benches/remote.py [--fudsv target/release/fudsv] [--runs 5] [--delay 50] [--at-once 40] [DESIGN]

nginx keeps the results. *fresh* is a fresh checkout with an empty store of the machine; *local* the same with a full one; *dead* a
tiny design that is built with a remote store which never answers, beside the same without one. *waits* is
the longest chain of requests each of which began after the one before had ended. *at once* builds a tiny design in so many
checkouts at the same time, then once more. It does not judge: these figures are for reading.
"""

import argparse
import asyncio
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import cold

NGINX = """user root;
daemon off; error_log {dir}/error.log; pid {dir}/pid; events {{ worker_connections 4096; }}
http {{ access_log {dir}/access.log; client_body_temp_path {dir}/b; proxy_temp_path {dir}/p; fastcgi_temp_path {dir}/f;
  uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s;
  server {{ listen 127.0.0.1:{port}; root {dir}/files; client_max_body_size 0; dav_methods PUT; create_full_put_path on; }} }}
"""

TINY = """
let txt = state("txt", ["txt"]);
let one = state("one", ["one"]);
let two = state("two", ["two"]);
defop first(src: txt) >> out: one { shell_deps(`cat ${src} > ${out}`, [src], [out], #{ cached: true }); }
defop second(src: one) >> out: two {
    shell_deps(`cat ${src} > ${out}; echo x: > ${out}.d`, [src], [out], #{ cached: true, depfile: out + ".d" });
}
"""


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Proxy:
    """Passes on what comes after half of the delay in each direction, and notes when requests and answers pass."""

    def __init__(self, to, delay):
        self.to, self.delay, self.port = to, delay / 2000, free_port()
        self.requests, self.bytes, self.sent = [], 0, 0
        ready = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self.serve(ready)), daemon=True).start()
        ready.wait()

    async def serve(self, ready):
        server = await asyncio.start_server(self.passes, "127.0.0.1", self.port)
        ready.set()
        await server.serve_forever()

    async def passes(self, reader, writer):
        there, back = await asyncio.open_connection("127.0.0.1", self.to)
        now = [None]

        async def one_way(source, target, is_answer):
            queue = asyncio.Queue()

            async def late():
                while True:
                    at, data = await queue.get()
                    await asyncio.sleep(max(0, at - time.monotonic()))
                    if not data:
                        target.close()
                        return
                    target.write(data)

            task = asyncio.create_task(late())
            while True:
                try:
                    data = await source.read(1 << 16)
                except ConnectionError:
                    data = b""
                if is_answer:
                    self.bytes += len(data)
                    if now[0]:
                        now[0][1] = time.monotonic() + self.delay
                else:
                    self.sent += len(data)
                    if data:
                        now[0] = [time.monotonic() - self.delay, None]
                        self.requests.append(now[0])
                queue.put_nowait((time.monotonic() + self.delay, data))
                if not data:
                    break
            await task

        await asyncio.gather(one_way(reader, back, False), one_way(there, writer, True), return_exceptions=True)

    def reset(self):
        self.requests, self.bytes, self.sent = [], 0, 0

    def waits(self):
        """The longest chain of requests."""
        done = sorted((begin, end) for begin, end in self.requests if end)
        longest = []
        for begin, end in done:
            longest.append((end, 1 + max((length for before, length in longest if before <= begin), default=0)))
        return max((length for _, length in longest), default=0)


def timed(words, **how):
    began = time.monotonic()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, **how)
    return (time.monotonic() - began) * 1000


def environment(parent, machine):
    home = parent / machine
    home.mkdir(exist_ok=True)
    return {**os.environ, "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}


def fresh(args, parent, proxy):
    top, _, files, dirs, _ = cold.DESIGNS[args.design](parent / "one")
    words = [args.fudsv, "exec", *files, *[f"-I{dir}" for dir in dirs], "--top", top, "--to", "shared-lib", "-q", "-Wno-fatal"]
    words += ["-s", f"store.remote.url=http://127.0.0.1:{proxy.port}/", "-s", "store.remote.timeout=5s"]
    write = ["-s", "store.remote.write=true"]
    print(f"first build and gifts       {timed(words + write, cwd=parent / 'one', env=environment(parent, 'm')):8.0f} ms")
    shutil.rmtree(parent / "one/.fudsv")
    results = sum(path.stat().st_size for path in (parent / "m/cache/fudsv/store/e").rglob("files/*"))
    times = {"fresh": [], "local": []}
    for _ in range(args.runs):
        shutil.rmtree(parent / "n", ignore_errors=True)
        for kind in times:
            shutil.rmtree(parent / "one/.fudsv", ignore_errors=True)
            proxy.reset()
            times[kind].append(timed(words, cwd=parent / "one", env=environment(parent, "n")))
            if kind == "fresh":
                told = f"{proxy.waits()} waits, {len(proxy.requests)} requests, {proxy.bytes / 1e6:.2f} MB"
    for kind, taken in times.items():
        more = f"{told} for results of {results / 1e6:.2f} MB" if kind == "fresh" else ""
        print(f"{kind:27} {statistics.median(taken):8.0f} ms  {more}")


def dead(args, parent):
    (parent / "two/fudsv").mkdir()
    (parent / "two/fudsv/tiny.rhai").write_text(TINY)
    (parent / "two/a.txt").write_text("a\n")
    words = [args.fudsv, "exec", "a.txt", "--to", "two", "-q"]
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(100)
        far = ["-s", f"store.remote.url=http://127.0.0.1:{silent.getsockname()[1]}/", "-s", "store.remote.write=true"]
        for name, more in [("without a remote store", []), ("a dead one", far)]:
            times = []
            for _ in range(args.runs):
                for path in ["two/.fudsv", "d"]:
                    shutil.rmtree(parent / path, ignore_errors=True)
                times.append(timed(words + more, cwd=parent / "two", env=environment(parent, "d"), stderr=subprocess.DEVNULL))
            print(f"{name:27} {statistics.median(times):8.0f} ms")


def at_once(args, parent, port):
    def build(number, again):
        project = parent / f"tiny.{number}"
        (project / "fudsv").mkdir(parents=True, exist_ok=True)
        (project / "fudsv/tiny.rhai").write_text(TINY)
        (project / "fud.toml").write_text(f'[store.remote]\nurl = "http://127.0.0.1:{port}/"\nwrite = true\ntimeout = "20s"\n')
        (project / "a.txt").write_text("a\n")
        for path in [project / ".fudsv", parent / f"home.{number}"]:
            shutil.rmtree(path, ignore_errors=True)
        words = [args.fudsv, "exec", "a.txt", "--to", "two"]
        env = environment(parent, f"home.{number}")
        return subprocess.Popen(words, cwd=project, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    for again in [False, True]:
        building = [build(number, again) for number in range(args.at_once)]
        said = [process.communicate()[1] for process in building]
        assert all(process.returncode == 0 for process in building), said
        assert all((parent / f"tiny.{n}/.fudsv/a-two/a.two").read_text() == "a\n" for n in range(args.at_once))
        taken = sum("0 steps ran, 2 from the store" in text for text in said)
        odd = [text for text in said if "warning" in text]
        print(f"{args.at_once} at once{', once more' if again else '':15} {taken} of {args.at_once} took all, {len(odd)} warned")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fudsv", default="target/release/fudsv")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--delay", type=float, default=50)
    parser.add_argument("--at-once", type=int, default=40)
    parser.add_argument("design", nargs="?", default="ibex")
    args = parser.parse_args()
    args.fudsv = str(Path(args.fudsv).resolve())
    with tempfile.TemporaryDirectory() as parent:
        parent = Path(parent)
        for name in ["one", "two", "nginx/files"]:
            (parent / name).mkdir(parents=True)
        port = free_port()
        (parent / "nginx/nginx.conf").write_text(NGINX.format(dir=parent / "nginx", port=port))
        nginx = subprocess.Popen(["nginx", "-c", parent / "nginx/nginx.conf", "-p", parent / "nginx", "-e", parent / "nginx/error.log"])
        try:
            fresh(args, parent, Proxy(port, args.delay))
            dead(args, parent)
            at_once(args, parent, port)
        finally:
            nginx.terminate()
            nginx.wait()


if __name__ == "__main__":
    main()
