import { join } from "node:path";
import type { Route } from "../../target.ts";
import { readJsonFile, writeJsonFile } from "../json-file.ts";
import { readRoutes } from "./route-table.ts";

/** What a running router tells about itself, in a file that only its owner can read. */
export interface RouterAccess {
  /** The launch that wrote it: an older one's file says nothing about this one. */
  readonly launch: number;
  /** Public address, `http://127.0.0.1:<port>`. */
  readonly address: string;
  /** Address of the admin API. */
  readonly admin: string;
  /** Bearer token of the admin API. A secret. */
  readonly token: string;
}

/** The exit code of a router whose port is taken. */
export const ROUTER_PORT_TAKEN = 98;

/** The router's folder within the environment's. */
export function routerFolder(folder: string): string {
  return join(folder, "router");
}

/** Reads what the router of a launch wrote when it was listening; null as long as it has not. */
export function readRouterAccess(home: string, launch: number): RouterAccess | null {
  const access = readJsonFile(join(home, "router.json"));
  return access?.launch === launch ? (access as unknown as RouterAccess) : null;
}

/** Writes what {@link readRouterAccess} reads. */
export function writeRouterAccess(home: string, access: RouterAccess): void {
  writeJsonFile(join(home, "router.json"), access);
}

/** The routes that were set last; empty before the first time. Throws when the file was damaged. */
export function readStoredRoutes(home: string): Route[] {
  const stored = readJsonFile(join(home, "routes.json"));
  return stored === null ? [] : readRoutes(stored.routes);
}

/** Writes what {@link readStoredRoutes} reads. */
export function writeStoredRoutes(home: string, routes: readonly Route[]): void {
  writeJsonFile(join(home, "routes.json"), { routes });
}
