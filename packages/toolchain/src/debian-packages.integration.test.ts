import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { script } from "../testing/fake-programs.ts";
import { type DebianMachine, debianPackages, requireDebian } from "./debian-packages.ts";

let scratch: string;
let machine: DebianMachine;
let told: string[];

/** A machine whose dpkg knows what apt-get put into a file, with one package there from the start. */
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "slipway-debian-"));
  const programs = join(scratch, "programs");
  mkdirSync(join(scratch, "lists"));
  writeFileSync(join(scratch, "lists", "archive_Packages.lz4"), "");
  writeFileSync(join(scratch, "installed"), "tar\n");
  script(
    programs,
    "dpkg-query",
    `shift 3
for name in "$@"; do grep -qx "$name" ${scratch}/installed && printf 'ii \\t%s\\n' "$name"; done
exit 1`,
  );
  script(
    programs,
    "apt-get",
    `echo "$DEBIAN_FRONTEND $*" >> ${scratch}/apt.log
cat ${scratch}/policy >> ${scratch}/seen-policy 2> /dev/null
[ "$3" = update ] && { touch ${scratch}/updated; exit 0; }
shift 5
for name in "$@"; do
  [ "$name" = unknown ] && { echo "E: Unable to locate package unknown" >&2; exit 100; }
  [ "$name" = stale ] && [ ! -e ${scratch}/updated ] && { echo "E: Failed to fetch" >&2; exit 100; }
  echo "$name" >> ${scratch}/installed
done`,
  );
  told = [];
  machine = {
    env: { PATH: programs },
    uid: 0,
    onProgress: (line) => told.push(line),
    lists: join(scratch, "lists"),
    policy: join(scratch, "policy"),
  };
});

afterEach(() => rmSync(scratch, { recursive: true, force: true }));

const aptLog = () => {
  const file = join(scratch, "apt.log");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
};

test("installed packages cost one look, whoever looks", async () => {
  expect(await debianPackages(["tar"], { ...machine, uid: 1000 })).toBeNull();
  expect(aptLog()).toEqual([]);
});

test("only what is missing is installed, without questions, recommendations or services", async () => {
  expect(await debianPackages(["tar", "hello"], machine)).toBeNull();
  expect(aptLog()).toEqual([
    "noninteractive -o DPkg::Lock::Timeout=300 install -y --no-install-recommends hello",
  ]);
  expect(told).toEqual(["Installing Debian packages: hello"]);
  expect(readFileSync(join(scratch, "seen-policy"), "utf8")).toContain("exit 101");
  expect(existsSync(machine.policy)).toBe(false);
});

test("a policy that the machine has stays as it is", async () => {
  writeFileSync(machine.policy, "#!/bin/sh\nexit 0\n");
  await debianPackages(["hello"], machine);
  expect(readFileSync(machine.policy, "utf8")).toBe("#!/bin/sh\nexit 0\n");
});

test("a machine without package lists gets them first", async () => {
  rmSync(join(machine.lists, "archive_Packages.lz4"));
  expect(await debianPackages(["hello"], machine)).toBeNull();
  expect(aptLog().map((line) => line.split(" ")[3])).toEqual(["update", "install"]);
});

test("lists that are too old are renewed, and what apt said is told", async () => {
  expect(await debianPackages(["stale"], machine)).toBeNull();
  expect(told).toContain("apt-get install: E: Failed to fetch");
  expect(aptLog().map((line) => line.split(" ")[3])).toEqual(["install", "update", "install"]);
});

test("what apt cannot install is a reason to skip, and an error in CI", async () => {
  const reason = "missing component: unknown (apt-get: E: Unable to locate package unknown)";
  expect(await debianPackages(["unknown"], machine)).toBe(reason);
  expect(await requireDebian(["unknown"], machine)).toBe(reason);
  const inCi = { ...machine, env: { ...machine.env, CI: "true" } };
  await expect(requireDebian(["unknown"], inCi)).rejects.toThrow(reason);
});

test("without root nothing is tried, and the reason says what to run", async () => {
  expect(await debianPackages(["hello"], { ...machine, uid: 1000 })).toBe(
    "missing component: hello (run as root: apt-get install hello)",
  );
  expect(aptLog()).toEqual([]);
});

test("sudo is used in CI alone", async () => {
  script(join(scratch, "programs"), "sudo", 'shift; exec "$@"');
  const user = { ...machine, uid: 1000 };
  expect(await debianPackages(["hello"], user)).toContain("run as root");
  expect(await debianPackages(["hello"], { ...user, env: { ...user.env, CI: "true" } })).toBeNull();
});

test("a machine without apt has a reason, and a wrong name is a mistake in the program", async () => {
  expect(await debianPackages(["hello"], { ...machine, env: { PATH: scratch } })).toBe(
    "missing component: hello (no apt-get here)",
  );
  await expect(debianPackages(["--purge"], machine)).rejects.toThrow(RangeError);
});
