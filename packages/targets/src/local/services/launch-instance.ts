import { join } from "node:path";
import { type Clock, SlipwayError } from "@slipway/kernel";
import type { InstanceSpec } from "../../target.ts";
import { choosePort } from "../processes/choose-port.ts";
import { beginLaunch } from "../processes/launch-file.ts";
import { type LaunchOutcome, launchProcess } from "../processes/launch-process.ts";
import { openLog } from "../processes/log-file.ts";
import { instanceFolder, listInstances, recordOf } from "./instance-folder.ts";
import { serviceCommand, serviceEnvironment } from "./service-environment.ts";

/** A launch that this process began. */
export interface InstanceLaunch {
  readonly number: number;
  readonly port: number;
  readonly outcome: LaunchOutcome;
}

// One after the other within this process: between the choice of a port and its record nobody else may choose.
let reserving: Promise<unknown> = Promise.resolve();

/**
 * Chooses a port, writes the launch down, and starts the process.
 *
 * @param before.over the number of the instance's launch before, which was stopped.
 * @param before.content the unpacked artifact, the process's working folder.
 * @param before.port the port that it had before: whoever routes to it need not learn another.
 * @throws {SlipwayError} PORT_IN_USE, SERVICE_EXITED when another run starts the same instance.
 */
export async function launchInstance(
  { folder, clock }: { readonly folder: string; readonly clock: Clock },
  spec: InstanceSpec,
  before: { readonly over: number; readonly content: string; readonly port: number | undefined },
): Promise<InstanceLaunch> {
  const home = instanceFolder(folder, spec.id);
  const env = serviceEnvironment(spec, 0, process.env, process.execPath);
  // Node would refuse it too, with the value in the message.
  const unusable = Object.keys(env).find((name) => env[name]?.includes("\0"));
  if (unusable !== undefined) throw new TypeError(`the value of ${unusable} has a null character`);

  const reservation = reserving.then(async () => {
    const others = listInstances(folder).filter(({ id }) => id !== spec.id);
    const reserved = new Set(others.map(({ address }) => Number(new URL(address).port)));
    const port = await choosePort(`${folder}/${spec.id}`, reserved, before.port);
    return {
      port,
      number: beginLaunch(home, before.over, {
        ...recordOf(spec, port, new Date(clock.now()).toISOString()),
      }),
    };
  });
  reserving = reservation.catch(() => undefined);
  const { port, number } = await reservation;
  if (number === null) {
    throw new SlipwayError("SERVICE_EXITED", {
      what: `Cannot start instance "${spec.id}"`,
      why: "another run is starting it",
      todo: "Look at slipway status, then run again",
    });
  }
  const outcome = await launchProcess(
    {
      folder: home,
      number,
      command: serviceCommand(spec.command, process.execPath),
      cwd: before.content,
      env: { ...env, [spec.portVariable]: String(port) },
      log: openLog(join(home, "log")),
    },
    clock,
  );
  return { number, port, outcome };
}
