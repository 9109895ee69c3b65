import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { InstanceSpec, RunningInstance } from "../../target.ts";
import { isAbsent } from "../json-file.ts";
import { type Launch, newestLaunch } from "../processes/launch-file.ts";

/** What is written down of an instance before it starts: all of its spec but the variables. */
export interface InstanceRecord {
  readonly service: string;
  readonly version: string;
  readonly artifact: string;
  readonly build: string;
  readonly command: readonly string[];
  readonly port: number;
  readonly startedAt: string;
}

const INSTANCE_ID = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** The folder of an instance: launch files and logs. The id becomes a folder's name, so it has to look like one. */
export function instanceFolder(folder: string, id: string): string {
  if (!INSTANCE_ID.test(id)) throw new TypeError(`not an instance id: ${JSON.stringify(id)}`);
  return join(folder, "instances", id);
}

/** The record of a launch, or null when the launch was stopped or got no further than its file. */
export function instanceRecord(launch: Launch | null): InstanceRecord | null {
  const record = launch?.record;
  if (record === null || record === undefined || typeof record.port !== "number") return null;
  return record as unknown as InstanceRecord;
}

/** The record for a start of this spec. */
export function recordOf(spec: InstanceSpec, port: number, startedAt: string): InstanceRecord {
  const { service, version, artifact, build, command } = spec;
  return { service, version, artifact, build, command, port, startedAt };
}

/** Whether a record describes the same program as a spec: an instance with that record can be adopted. */
export function isSameProgram(record: InstanceRecord, spec: InstanceSpec): boolean {
  const { port, startedAt } = record;
  return JSON.stringify(recordOf(spec, port, startedAt)) === JSON.stringify(record);
}

/** All instances with a launch that was not stopped, in the order of their ids. */
export function listInstances(folder: string): RunningInstance[] {
  return instanceIds(folder).flatMap((id) => {
    const launch = newestLaunch(instanceFolder(folder, id));
    const record = instanceRecord(launch);
    return launch === null || record === null ? [] : [runningInstance(id, record, launch)];
  });
}

/** The ids of all instances that ever had a folder here, stopped ones among them. */
export function instanceIds(folder: string): string[] {
  try {
    return readdirSync(join(folder, "instances"))
      .filter((name) => INSTANCE_ID.test(name))
      .sort();
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

/** An instance as callers see it. */
export function runningInstance(id: string, record: InstanceRecord, { process }: Launch): RunningInstance {
  const { service, version, port, startedAt } = record;
  return {
    id,
    service,
    version,
    address: `http://127.0.0.1:${port}`,
    pid: "handle" in process ? process.handle.pid : 0,
    startedAt,
    alive: process.state === "alive",
  };
}
