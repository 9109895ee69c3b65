import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { renderError, SlipwayError } from "@slipway/kernel";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { processStart } from "../../plain/process-lock.mjs";
import { fakePulumi, script } from "../../testing/fake-programs.ts";
import { packPulumi, type ReleaseServer, releaseServer } from "../../testing/release-server.ts";
import { ensurePulumi } from "./ensure-pulumi.ts";

let packed: string;
let archive: Buffer;
let scratch: string;
let home: string;
/** The only folder on PATH that is not the system's. */
let programs: string;
let cache: string;
let told: string[];
let server: ReleaseServer;

beforeAll(() => {
  packed = mkdtempSync(join(tmpdir(), "slipway-packed-"));
  archive = packPulumi(packed);
});

afterAll(() => rmSync(packed, { recursive: true, force: true }));

beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), "slipway-ensure-"));
  home = join(scratch, "home");
  programs = join(scratch, "programs");
  mkdirSync(programs);
  cache = join(home, "versions", "3.259.0", "bin");
  told = [];
  server = await releaseServer(archive);
});

afterEach(async () => {
  await server.close();
  rmSync(scratch, { recursive: true, force: true });
});

const ensure = (path = programs, signal?: AbortSignal) =>
  ensurePulumi({
    home,
    env: { PATH: path, SLIPWAY_PULUMI_DOWNLOAD_URL: server.base },
    onProgress: (line) => told.push(line),
    ...(signal === undefined ? {} : { signal }),
  });

/** A Go that notes how it was called and "builds" a script; each line of `before` runs first. */
const fakeGo = (before = "", version = "go1.26.8") =>
  script(
    programs,
    "go",
    `if [ "$1" = env ]; then echo ${version}; exit 0; fi
echo "$(basename "$PWD") $GOFLAGS $CGO_ENABLED $*" >> ${scratch}/go.log
${before}
while [ "$1" != -o ]; do shift; done
mkdir -p "$(dirname "$2")"
printf '#!/bin/sh\\necho v3.259.0\\n' > "$2"
chmod +x "$2"`,
  );

const noDownload = () => {
  server.archive(404);
  server.checksums(404);
};

describe("a CLI that is there", () => {
  test("on PATH is taken when it is new enough, without a word", async () => {
    fakePulumi(programs, "3.300.1");
    expect(await ensure()).toEqual({
      binary: join(programs, "pulumi"),
      version: "3.300.1",
      binFolder: programs,
      source: "path",
    });
    expect(told).toEqual([]);
    expect(existsSync(home)).toBe(false);
  });

  test("in the cache is taken, without a word", async () => {
    fakePulumi(cache, "3.259.0");
    expect(await ensure()).toMatchObject({ source: "cache", binFolder: cache, version: "3.259.0" });
    expect(told).toEqual([]);
    expect(server.asked).toEqual([]);
  });

  test("on PATH is passed over when it is older, or of a version to come, or without language host", async () => {
    const [older, newer, alone] = ["older", "newer", "alone"].map((name) => join(scratch, name));
    fakePulumi(alone ?? "", "3.260.0", { host: false });
    fakePulumi(cache, "3.259.0");
    expect((await ensure(alone)).source).toBe("cache");
    fakePulumi(older ?? "", "3.258.9");
    fakePulumi(newer ?? "", "4.0.0");
    expect((await ensure([older, newer].join(delimiter))).source).toBe("cache");
  });

  test("on PATH behind an older one is found, and its host may be elsewhere on PATH", async () => {
    const [older, good] = [join(scratch, "older"), join(scratch, "good")];
    fakePulumi(older, "3.100.0", { host: false });
    fakePulumi(good, "3.260.0", { host: false });
    script(programs, "pulumi-language-nodejs", "exit 0");
    expect((await ensure([older, good, programs].join(delimiter))).binary).toBe(join(good, "pulumi"));
  });

  test("is not npm's launcher, which would only download", async () => {
    const bin = join(scratch, "node_modules", ".bin");
    fakePulumi(bin, "3.259.0");
    fakePulumi(cache, "3.259.0");
    expect((await ensure(bin)).source).toBe("cache");
  });
});

describe("a CLI that has to be got", () => {
  test("is downloaded, and is in the cache the next time", async () => {
    expect(await ensure()).toMatchObject({ source: "download", binFolder: cache });
    expect((await ensure()).source).toBe("cache");
  });

  test("replaces a damaged one in the cache", async () => {
    fakePulumi(cache, "3.259.0");
    script(cache, "pulumi", "exit 1");
    expect((await ensure()).source).toBe("download");
    writeFileSync(join(cache, "pulumi-language-nodejs"), "");
    expect((await ensure()).source).toBe("download");
  });

  test("is built where the download is out of reach, from the pinned modules alone", async () => {
    noDownload();
    fakeGo();
    expect(await ensure()).toMatchObject({ source: "build", version: "3.259.0" });
    const calls = readFileSync(join(scratch, "go.log"), "utf8").trim().split("\n");
    expect(calls).toEqual([
      expect.stringMatching(/^pulumi-language-nodejs -mod=readonly -buildvcs=false 0 build .*=v3\.68\.0 /),
      expect.stringMatching(/^pulumi-cli -mod=readonly -buildvcs=false 0 build .*=v3\.259\.0 /),
    ]);
    expect(told).toEqual([
      expect.stringContaining("Downloading Pulumi"),
      expect.stringMatching(/^No download of Pulumi: http.* answers 404$/),
      expect.stringContaining("Building Pulumi 3.259.0 with Go 1.26.8: about 3 to 4 minutes"),
    ]);
    expect(readdirSync(join(home, "versions", "3.259.0")).sort()).toEqual(["bin", "lock"]);
  });

  test("clears what a killed process left, and nothing else", async () => {
    mkdirSync(join(home, "versions", "3.259.0", "partial-abc"), { recursive: true });
    mkdirSync(join(home, "versions", "3.259.0", "kept"));
    await ensure();
    expect(readdirSync(join(home, "versions", "3.259.0")).sort()).toEqual(["bin", "kept", "lock"]);
  });

  test("is got once by two at the same time, and the second one says for whom it waits", async () => {
    noDownload();
    fakeGo("sleep 0.5");
    const both = await Promise.all([ensure(), ensure()]);
    expect(both.map(({ source }) => source).sort()).toEqual(["build", "cache"]);
    expect(told).toContain(`Waiting for process ${process.pid}, which gets Pulumi`);
    expect(readFileSync(join(scratch, "go.log"), "utf8").trim().split("\n")).toHaveLength(2);
  });

  test("an interrupted build ends with all that it started, and goes on at the next time", async () => {
    noDownload();
    fakeGo(`sleep 90 & echo $! > ${scratch}/pid; wait`);
    const abort = new AbortController();
    const building = ensure(programs, abort.signal);
    const pidFile = join(scratch, "pid");
    while (!existsSync(pidFile) || readFileSync(pidFile, "utf8") === "") await sleep(20);
    const aborted = performance.now();
    abort.abort(new Error("SIGINT"));
    const error = await building.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SlipwayError);
    expect(error).toMatchObject({ code: "INTERRUPTED" });
    expect(performance.now() - aborted).toBeLessThan(60_000);
    const compiler = Number(readFileSync(pidFile, "utf8"));
    await expect.poll(() => processStart(compiler)).toBeNull();
    fakeGo();
    expect((await ensure()).source).toBe("build");
  });
});

describe("where nothing works", () => {
  const refusal = async (): Promise<SlipwayError> => {
    const error = await ensure().catch((reason: unknown) => reason);
    if (!(error instanceof SlipwayError)) throw new Error("expected a refusal", { cause: error });
    return error;
  };

  test("the error names every way, why it failed, and the ways out", async () => {
    noDownload();
    fakePulumi(programs, "3.1.0");
    const error = await refusal();
    expect(error.code).toBe("TOOLCHAIN_MISSING");
    expect(renderError(error)).toBe(
      `TOOLCHAIN_MISSING: Cannot get the Pulumi CLI 3.259.0: on PATH: ${programs}/pulumi is 3.1.0, older than 3.259.0; ` +
        `in the cache: none in ${cache}; download: ${server.base}: ${server.base}${server.asked[1]} answers 404; ` +
        "build: there is no Go on PATH\n" +
        `  do:   Put pulumi 3.259.0 or later on PATH, or copy ${cache} from a machine of the same kind, or install Go 1.25.11 or later, then run again\n` +
        "  more: slipway explain TOOLCHAIN_MISSING",
    );
  });

  test("a Go that is too old is not tried", async () => {
    noDownload();
    fakeGo("", "go1.21.3");
    expect((await refusal()).message).toContain("is 1.21.3, older than 1.25.11");
    expect(existsSync(join(scratch, "go.log"))).toBe(false);
  });

  test("a build that fails says what Go said, and leaves no half of it", async () => {
    noDownload();
    fakeGo("case $PWD in *pulumi-cli) echo 'cannot find module' >&2; exit 1;; esac");
    expect((await refusal()).message).toContain("ended with 1: cannot find module");
    expect(existsSync(cache)).toBe(false);
  });

  test("a cache that cannot be written is named", async () => {
    writeFileSync(home, "a file, no folder");
    expect(await refusal()).toMatchObject({
      code: "FOLDER_NOT_WRITABLE",
      message: expect.stringContaining(home),
    });
  });
});
