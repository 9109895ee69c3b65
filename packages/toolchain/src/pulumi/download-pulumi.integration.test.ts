import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { checksumsOf, packPulumi, type ReleaseServer, releaseServer } from "../../testing/release-server.ts";
import { freePort } from "../../testing/scratch-postgres.ts";
import { downloadPulumi } from "./download-pulumi.ts";

let packed: string;
let archive: Buffer;
let scratch: string;
let folder: string;
let server: ReleaseServer;
let told: string[];

beforeAll(() => {
  packed = mkdtempSync(join(tmpdir(), "slipway-packed-"));
  archive = packPulumi(packed);
});

afterAll(() => rmSync(packed, { recursive: true, force: true }));

beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), "slipway-download-"));
  folder = join(scratch, "bin");
  server = await releaseServer(archive);
  told = [];
});

afterEach(async () => {
  await server.close();
  rmSync(scratch, { recursive: true, force: true });
});

const download = (signal?: AbortSignal, base = server.base, limits = {}) =>
  downloadPulumi({
    folder,
    base,
    onProgress: (line) => told.push(line),
    signal,
    limits: { answerMs: 20_000, silenceMs: 20_000, ...limits },
  });

/** Nothing arrived, and nothing was left lying about. */
const expectNothing = () => expect(readdirSync(scratch)).toEqual([]);

test("the archive's programs are in the folder, and nothing else is left", async () => {
  expect(await download()).toBeNull();
  expect(readdirSync(scratch)).toEqual(["bin"]);
  expect(readdirSync(folder).sort()).toEqual(["pulumi", "pulumi-language-nodejs"]);
  expect(told).toEqual([expect.stringMatching(/^Downloading Pulumi 3\.259\.0 from 127\.0\.0\.1:/)]);
});

test("what was in the folder before is replaced as a whole", async () => {
  mkdirSync(join(folder, "left-over"), { recursive: true });
  expect(await download()).toBeNull();
  expect(existsSync(join(folder, "left-over"))).toBe(false);
});

test("an archive that does not match the published checksum is refused", async () => {
  server.checksums(checksumsOf(Buffer.from("another")));
  expect(await download()).toMatch(/is damaged: its sha256 is [0-9a-f]{64}, published is [0-9a-f]{64}/);
  expectNothing();
});

test("an archive that the published checksums do not name is refused unseen", async () => {
  server.checksums(Buffer.from(""));
  expect(await download()).toMatch(/publishes checksums, but none of pulumi-v3/);
  expect(server.asked).toHaveLength(1);
});

test("where no checksums are published, the archive's own is told", async () => {
  server.checksums(403);
  expect(await download()).toBeNull();
  expect(told.at(-1)).toMatch(/publishes no checksums: pulumi-v3.* has sha256 [0-9a-f]{64}$/);
});

test("checksums that fail to come are not the same as none", async () => {
  server.checksums(503);
  expect(await download()).toMatch(/checksums\.txt answers 503/);
  expectNothing();
});

test("an archive that ends too early is refused", async () => {
  server.archive((response) => {
    response.writeHead(200, { "content-length": archive.length });
    response.write(archive.subarray(0, 100), () => response.destroy());
  });
  expect(await download()).toMatch(/terminated|closed|aborted/);
  expectNothing();
});

test("a damaged archive is refused even when its checksum is the published one", async () => {
  // Bytes that no unpacker takes for an archive: of half of one, chance decides what tar makes of it.
  const damaged = Buffer.from("this was an archive once ".repeat(20));
  server.archive(damaged);
  server.checksums(checksumsOf(damaged));
  expect(await download()).toMatch(/cannot be unpacked: .*gzip/);
  expectNothing();
});

test("an archive with an older CLI in it is refused", async () => {
  const older = packPulumi(packed, "3.200.0");
  server.archive(older);
  server.checksums(checksumsOf(older));
  expect(await download()).toMatch(/is of no use: .* is 3\.200\.0, older than 3\.259\.0/);
  expectNothing();
});

test("a server that does not answer is given up, and so is one that falls silent", async () => {
  server.archive(() => undefined);
  expect(await download(undefined, server.base, { answerMs: 500 })).toBe(
    `${server.base}: no answer for 0.5 s`,
  );
  server.archive((response) => response.writeHead(200).write(archive.subarray(0, 100)));
  expect(await download(undefined, server.base, { silenceMs: 300 })).toBe(
    `${server.base}: nothing came for 0.3 s`,
  );
  expectNothing();
});

test("a slow server is waited for as long as something comes", async () => {
  server.archive((response) => {
    response.writeHead(200, { "content-length": archive.length });
    const parts = Array.from({ length: 6 }, (_, index) =>
      archive.subarray((index * archive.length) / 6, ((index + 1) * archive.length) / 6),
    );
    const timer = setInterval(() => {
      const part = parts.shift();
      if (part === undefined) {
        clearInterval(timer);
        response.end();
      } else response.write(part);
    }, 800);
  });
  expect(await download(undefined, server.base, { silenceMs: 4_000 })).toBeNull();
  expect(readFileSync(join(folder, "pulumi"), "utf8")).toContain("3.259.0");
});

test("an unreachable server is named with what the system said", async () => {
  const port = await freePort();
  expect(await download(undefined, `http://127.0.0.1:${port}`)).toContain(
    `connect ECONNREFUSED 127.0.0.1:${port}`,
  );
  expectNothing();
});

test("an aborted download throws the reason and leaves nothing", async () => {
  server.archive((response) => response.writeHead(200).write(archive.subarray(0, 100)));
  const abort = new AbortController();
  setTimeout(() => abort.abort(new Error("Ctrl-C")), 100);
  await expect(download(abort.signal)).rejects.toThrow("Ctrl-C");
  expectNothing();
});
