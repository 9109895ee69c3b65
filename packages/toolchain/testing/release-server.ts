import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { archiveName } from "../src/pulumi/download-pulumi.ts";
import { versions } from "../src/versions.ts";
import { fakePulumi } from "./fake-programs.ts";

/** What a path answers: a body, or a status, or whatever the function does with the response. */
export type Answer = Buffer | number | ((response: ServerResponse) => void);

/** A stand-in for the vendor's download site, on loopback. */
export interface ReleaseServer {
  readonly base: string;
  /** Paths that were asked for, in order. */
  readonly asked: readonly string[];
  /** Sets what the archive's address answers. */
  archive(answer: Answer): void;
  /** Sets what the checksums' address answers; by default those of the good archive. */
  checksums(answer: Answer): void;
  close(): Promise<void>;
}

export const archivePath: string = `/${archiveName()}`;
const checksumsPath = `/pulumi-${versions.pulumi}-checksums.txt`;

/** Packs programs the way the vendor does: in a folder `pulumi`. */
export function packPulumi(scratch: string, version: string = versions.pulumi): Buffer {
  const folder = join(scratch, `pack-${version}`);
  mkdirSync(folder, { recursive: true });
  fakePulumi(join(folder, "pulumi"), version);
  const file = join(folder, "archive.tar.gz");
  execFileSync("tar", ["-czf", file, "-C", folder, "pulumi"]);
  return readFileSync(file);
}

export const checksumsOf = (archive: Buffer): Buffer =>
  Buffer.from(
    `${"0".repeat(64)}  pulumi-v${versions.pulumi}-other.tar.gz\n${createHash("sha256").update(archive).digest("hex")}  ${archiveName()}\n`,
  );

export async function releaseServer(archive: Buffer): Promise<ReleaseServer> {
  const answers = new Map<string, Answer>([
    [archivePath, archive],
    [checksumsPath, checksumsOf(archive)],
  ]);
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    asked.push(path);
    const answer = answers.get(path) ?? 404;
    if (typeof answer === "function") answer(response);
    else if (typeof answer === "number") response.writeHead(answer).end();
    else response.writeHead(200, { "content-length": answer.length }).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    archive: (answer) => void answers.set(archivePath, answer),
    checksums: (answer) => void answers.set(checksumsPath, answer),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
