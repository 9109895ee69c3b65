import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** The process that listens on a TCP port. */
export interface PortOwner {
  readonly pid: number;
  readonly command: string;
}

/** Finds who listens on a TCP port; null when nobody does, or when this user may not see who. */
export function portOwner(port: number): PortOwner | null {
  try {
    return process.platform === "linux" ? ownerFromProc(port) : ownerFromLsof(port);
  } catch {
    // Only names the culprit in a message: without the name the message still stands.
    return null;
  }
}

/** The socket inodes that listen on a port, from the text of `/proc/net/tcp` or `/proc/net/tcp6`. */
export function listeningInodes(table: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  return table
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const [, local = "", , state, , , , , , inode] = line.trim().split(/\s+/);
      return state === "0A" && local.endsWith(`:${wanted}`) && inode !== undefined ? [inode] : [];
    });
}

function ownerFromProc(port: number): PortOwner | null {
  const tables = ["/proc/net/tcp", "/proc/net/tcp6"].map((path) => readIfThere(path));
  const sockets = new Set(
    tables.flatMap((table) => listeningInodes(table, port)).map((inode) => `socket:[${inode}]`),
  );
  if (sockets.size === 0) return null;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    if (!openFiles(pid).some((file) => sockets.has(file))) continue;
    const command = readIfThere(`/proc/${pid}/cmdline`).split("\0").slice(0, 2).join(" ").trim();
    return { pid: Number(pid), command };
  }
  return null;
}

function openFiles(pid: string): string[] {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).map((file) => readLinkIfThere(`${folder}/${file}`));
  } catch {
    // Another user's process, or one that ended meanwhile.
    return [];
  }
}

function ownerFromLsof(port: number): PortOwner | null {
  const text = execFileSync("lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpc"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const pid = /^p(\d+)$/m.exec(text)?.[1];
  return pid === undefined ? null : { pid: Number(pid), command: /^c(.+)$/m.exec(text)?.[1] ?? "" };
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // A process that ended meanwhile, or a kernel without IPv6.
    return "";
  }
}

function readLinkIfThere(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // Files are opened and closed while the list is read, by this very reading too.
    return "";
  }
}
